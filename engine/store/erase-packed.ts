/** Takes a person out of staged pages and made files, which are stored packed. */
import { Binary } from 'mongodb'
import type { Item } from '../contract/item.ts'
import type { Json } from '../contract/json.ts'
import type { PersonTraces } from '../privacy/person-traces.ts'
import { packText, unpackPart, unpackText } from '../run/page-codec.ts'
import type { Database } from './database.ts'
import { isRecordOf, recordsOf, type TextFormat } from './text-records.ts'

interface PageDocument {
  _id: string
  items: number
  data: Binary
}

interface OutputPart {
  _id: string
  rows: number
  bytes: number
  data: Binary
}

/** Items stay as empty places, so that a run's numbers still add up. */
export async function eraseFromPages(database: Database, traces: PersonTraces): Promise<number> {
  const pages = database.collection<PageDocument>('pages')
  let erased = 0
  for await (const { _id, items: count, data } of pages.find({}, { batchSize: 8 })) {
    const items = unpackPart({ count, bytes: data.buffer })
    const own = items.map((item) => isItemOf(item, traces))
    const found = own.filter(Boolean).length
    if (found === 0) continue
    const kept = items.map((item, i): Item => (own[i] ? emptied(item) : item))
    const packed = new Binary(packText(JSON.stringify(kept)))
    await pages.updateOne({ _id }, { $set: { data: packed } })
    erased += found
  }
  return erased
}

const emptied = ({ id, source }: Item): Item => ({ id, source, fields: {} })

/** By whose it was found to be, and by what stands in it. */
export const isItemOf = (item: Item, traces: PersonTraces): boolean =>
  traces.mayBeIn(JSON.stringify(item)) && traces.isIn(item as unknown as Json)

export async function eraseFromOutputs(database: Database, traces: PersonTraces): Promise<number> {
  const parts = database.collection<OutputPart>('output_parts')
  let erased = 0
  for await (const { _id, rows, data } of parts.find({}, { batchSize: 8 })) {
    const text = unpackText(data.buffer).toString()
    if (!traces.mayBeIn(text)) continue
    const kept = withoutPerson(text, traces)
    if (kept.erased === 0) continue
    await parts.updateOne(
      { _id },
      {
        $set: {
          rows: rows - kept.erased,
          bytes: Buffer.byteLength(kept.text),
          data: new Binary(packText(kept.text)),
        },
      },
    )
    erased += kept.erased
  }
  return erased
}

function withoutPerson(text: string, traces: PersonTraces): { text: string; erased: number } {
  const format: TextFormat = text.startsWith('{') ? 'ndjson' : 'csv'
  let kept = ''
  let erased = 0
  for (const { start, end } of recordsOf(text, format)) {
    if (isRecordOf(text.slice(start, end), format, traces)) erased++
    else kept += text.slice(start, end + 1)
  }
  return { text: kept, erased }
}
