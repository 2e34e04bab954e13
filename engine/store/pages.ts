/** Staged items between stages: one document per part of a page, packed. */
import { Binary } from 'mongodb'
import type { PackedItems } from '../run/page-codec.ts'
import type { Database } from './database.ts'

interface PageDocument {
  _id: string
  runId: string
  wireId: string
  /** Page stages use one generation; a dataset stage one per attempt, so that attempts never mix. */
  generation: string
  pageNo: number
  part: number
  /** Items of the page that stand in this part. */
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

/** A piece of a page; `part` orders the pieces. */
export interface PagePart {
  pageNo: number
  part: number
  items: PackedItems
}

/** Bytes of one write to MongoDB: far below what a message may hold. */
const WRITE_BYTES = 8 * 1024 * 1024

export function createPageStore(database: Database) {
  const pages = database.collection<PageDocument>('pages')

  const toDocuments = (
    address: Omit<PageAddress, 'pageNo'>,
    { pageNo, part, items }: PagePart,
  ): PageDocument[] =>
    items.parts.map(({ count, bytes }, i) => ({
      _id: `${address.runId}:${address.wireId}:${address.generation}:${pageNo}:${part + i}`,
      runId: address.runId,
      wireId: address.wireId,
      generation: address.generation,
      pageNo,
      part: part + i,
      items: count,
      data: new Binary(bytes),
      at: new Date(),
    }))

  return {
    /** Writes a page, replacing what an earlier try wrote. */
    async write({ pageNo, ...address }: PageAddress, items: PackedItems): Promise<void> {
      for (const { _id, ...document } of toDocuments(address, { pageNo, part: 0, items }))
        await pages.replaceOne({ _id }, document, { upsert: true })
    },

    /** Writes pieces of pages of a generation that only this caller writes. */
    async append(address: Omit<PageAddress, 'pageNo'>, pieces: readonly PagePart[]): Promise<void> {
      let documents: PageDocument[] = []
      let bytes = 0
      for (const document of pieces.flatMap((piece) => toDocuments(address, piece))) {
        if (bytes + document.data.length() > WRITE_BYTES && documents.length > 0) {
          await pages.insertMany(documents, { ordered: false })
          documents = []
          bytes = 0
        }
        documents.push(document)
        bytes += document.data.length()
      }
      if (documents.length > 0) await pages.insertMany(documents, { ordered: false })
    },

    async read({ runId, wireId, generation, pageNo }: PageAddress): Promise<PackedItems> {
      const found = await pages
        .find({ runId, wireId, generation, pageNo })
        .sort({ part: 1 })
        .toArray()
      return { parts: found.map(({ items, data }) => ({ count: items, bytes: data.buffer })) }
    },

    /** Page numbers of a wire, in order. */
    async list(runId: string, wireId: string, generation: string): Promise<number[]> {
      const numbers = await pages.distinct('pageNo', { runId, wireId, generation })
      return numbers.sort((a, b) => a - b)
    },
  }
}

export type PageStore = ReturnType<typeof createPageStore>
