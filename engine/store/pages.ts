/** Staged items between stages: one document per part of a page, as JSON bytes. */
import { Binary } from 'mongodb'
import type { Item } from '../contract/item.ts'
import { decodeItems, encodeItems } from '../run/page-codec.ts'
import type { Database } from './database.ts'

interface PageDocument {
  _id: string
  runId: string
  wireId: string
  /** Page stages use one generation; a dataset stage one per attempt, so that attempts never mix. */
  generation: string
  pageNo: number
  part: number
  items: number
  data: Binary
  at: Date
}

export interface PageAddress {
  runId: string
  wireId: string
  generation: string
  pageNo: number
}

/** Largest part: far below MongoDB's 16 MiB document. */
const PART_ITEMS = 5_000

export function createPageStore(database: Database) {
  const pages = database.collection<PageDocument>('pages')
  return {
    /** Writes a page, replacing what an earlier try wrote. `part` numbers pieces of one page. */
    async write(address: PageAddress, items: readonly Item[], part = 0): Promise<void> {
      for (let start = 0, no = part; start < items.length; start += PART_ITEMS, no++) {
        const slice = items.slice(start, start + PART_ITEMS)
        await writePart(address, no, slice)
      }
    },

    async read({ runId, wireId, generation, pageNo }: PageAddress): Promise<Item[]> {
      const parts = await pages
        .find({ runId, wireId, generation, pageNo })
        .sort({ part: 1 })
        .toArray()
      return parts.flatMap((part) => decodeItems(part.data.buffer))
    },

    /** Page numbers of a wire, in order. */
    async list(runId: string, wireId: string, generation: string): Promise<number[]> {
      const numbers = await pages.distinct('pageNo', { runId, wireId, generation })
      return numbers.sort((a, b) => a - b)
    },
  }

  async function writePart(address: PageAddress, part: number, items: readonly Item[]) {
    const { runId, wireId, generation, pageNo } = address
    const _id = `${runId}:${wireId}:${generation}:${pageNo}:${part}`
    const data = new Binary(encodeItems(items))
    const document = { ...address, part, items: items.length, data, at: new Date() }
    await pages.replaceOne({ _id }, document, { upsert: true })
  }
}

export type PageStore = ReturnType<typeof createPageStore>
