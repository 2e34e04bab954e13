/** Reads NDJSON, one JSON object a line, by byte ranges without a scan; and lists in JSON. */
import { z } from 'zod'
import type { Fields, Json } from '../../engine/contract/json.ts'
import { PAGE_BYTES, PAGE_ITEMS } from '../../engine/contract/item.ts'
import {
  defineNode,
  type NodeContext,
  type SourceRecord,
  type Split,
} from '../../engine/contract/node.ts'
import type { SourceFile } from '../../engine/contract/services.ts'
import { fieldSpecSchema } from '../../engine/contract/shape.ts'
import {
  labelOf,
  listFiles,
  originSchema,
  readSplit,
  toSplit,
  type FileSplit,
} from '../lib/origin.ts'
import { ndjsonFileWords } from '../words/ndjson-file.ts'
import { createElementScanner } from '../lib/json-elements.ts'

const config = z.strictObject({
  origin: originSchema,
  sourceName: z.string().max(120).default('').meta({
    title: 'Source name',
    description: 'Shown wherever a value of this file is used. Empty: the name of the step.',
  }),
  columns: z.array(fieldSpecSchema).max(2_000).default([]).meta({
    title: 'Fields',
    description: 'The fields of the records, found when the file was uploaded.',
    widget: 'columns',
  }),
})

const NEWLINE = 10
const SAMPLE_BYTES = 64 * 1024
/** How far past its end a part is read at a time, to complete its last record. */
const TAIL_BYTES = 64 * 1024
const SCAN_BYTES = 4 * 1024 * 1024
/** A record longer than this is not a record. */
const MAX_RECORD_BYTES = 16 * 1024 * 1024
/** Marks a split that holds elements of a JSON list. */
const LIST = 'list'

export const ndjsonFile = defineNode({
  type: 'ndjson_file',
  version: 1,
  role: 'source',
  title: 'JSON file',
  summary: 'Reads a file with one JSON record on each line, or with a JSON list.',
  config,
  uses: ['files'],
  fails: { bad_json: 'The record is not a JSON object.' },
  output: ({ columns }) => ({
    out: { kind: 'records', fields: columns, ...(columns.length === 0 ? { open: true } : {}) },
  }),
  source: {
    async open({ origin }, ctx) {
      const splits: Split[] = []
      for (const file of await listFiles(origin, ctx)) splits.push(...(await cutFile(file, ctx)))
      return splits
    },
    fetch: (split, _config, ctx) =>
      split['format'] === LIST
        ? ctx
            .service('files')
            .read(readSplit(split).file, readSplit(split).start, readSplit(split).end)
        : fetchRecords(readSplit(split), ctx),
    decode: (bytes, split) =>
      split['format'] === LIST
        ? decodeElements(bytes, readSplit(split))
        : decodeLines(bytes, readSplit(split)),
  },
  examples: [],
  words: { 'zh-CN': ndjsonFileWords },
})

async function cutFile(file: SourceFile, ctx: NodeContext): Promise<Split[]> {
  const size = file.bytes
  const sample = await ctx.service('files').read(file.id, 0, Math.min(size, SAMPLE_BYTES))
  if (isList(sample)) return cutList(file, ctx)
  const step = stepBytes(sample)
  return Array.from({ length: Math.ceil(size / step) }, (_, i) =>
    toSplit({
      file: file.id,
      label: labelOf(file),
      start: i * step,
      end: Math.min(size, (i + 1) * step),
      size,
    }),
  )
}

const isList = (sample: Uint8Array): boolean =>
  new TextDecoder().decode(sample.subarray(0, 1_024)).trimStart().startsWith('[')

function stepBytes(sample: Uint8Array): number {
  let lines = 0
  for (let at = sample.indexOf(NEWLINE); at >= 0; at = sample.indexOf(NEWLINE, at + 1)) lines++
  const average = sample.length / Math.max(1, lines)
  return Math.max(1, Math.min(PAGE_BYTES, Math.ceil(average * PAGE_ITEMS)))
}

/** Parts of whole elements, found by one scan; brackets and the commas between parts left out. */
async function cutList(file: SourceFile, ctx: NodeContext): Promise<Split[]> {
  const splits: Split[] = []
  const size = file.bytes
  const scanner = createElementScanner(0)
  let start = -1
  let end = 0
  let elements = 0
  const close = () => {
    if (elements > 0)
      splits.push({ file: file.id, label: labelOf(file), start, end, size, format: LIST })
    start = end + 1
    elements = 0
  }
  for (let base = 0; base < size; base += SCAN_BYTES) {
    const block = await ctx.service('files').read(file.id, base, Math.min(size, base + SCAN_BYTES))
    if (start < 0 && block.includes(91)) start = base + block.indexOf(91) + 1
    scanner.feed(block, base, (place) => {
      end = place
      elements++
      if (elements >= PAGE_ITEMS || end - start >= PAGE_BYTES) close()
    })
  }
  // A list that is cut off ends with an element nobody can read: it is told, not lost.
  if (!scanner.isClosed()) {
    end = size
    elements++
  }
  close()
  return splits
}

/** A part owns the records that start in it: from one byte before, to see whether one starts. */
async function fetchRecords(split: FileSplit, ctx: NodeContext): Promise<Uint8Array> {
  const files = ctx.service('files')
  const from = Math.max(0, split.start - 1)
  const body = await files.read(split.file, from, split.end)
  const parts = [body]
  let end = split.end
  let complete = body.length === 0 || body[body.length - 1] === NEWLINE
  while (!complete && end < split.size && end - split.end < MAX_RECORD_BYTES) {
    const tail = await files.read(split.file, end, Math.min(split.size, end + TAIL_BYTES))
    if (tail.length === 0) break
    const newline = tail.indexOf(NEWLINE)
    complete = newline >= 0
    parts.push(complete ? tail.subarray(0, newline + 1) : tail)
    end += tail.length
  }
  return parts.length === 1 ? body : Buffer.concat(parts)
}

/** Reads line by line as it is asked, so that a step holds no more than it works on. */
function* decodeLines(bytes: Uint8Array, { start, end, label }: FileSplit): Iterable<SourceRecord> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const base = Math.max(0, start - 1)
  // The byte before the part tells whether its first record starts here or belongs to the part before.
  let at = start === 0 ? 0 : buffer.indexOf(NEWLINE) + 1
  if (start > 0 && at === 0) return
  // What was read past the end completes the last record; a record that starts there is the next part's.
  while (at < buffer.length && base + at < end) {
    const newline = buffer.indexOf(NEWLINE, at)
    const stop = newline < 0 ? buffer.length : newline
    const record = stop > at && readLine(buffer.toString('utf8', at, stop), label, base + at)
    if (record) yield record
    at = stop + 1
  }
}

/** Undefined for a blank line. */
function readLine(line: string, label: string, place: number): SourceRecord | undefined {
  const position = `${label}:${place}`
  try {
    const value = JSON.parse(line) as Json
    if (isFields(value)) return { position, fields: value }
  } catch {
    const clean = line.replace(/^\ufeff/, '').trim()
    if (clean === '') return undefined
    if (clean.length < line.length && line.charCodeAt(0) === 0xfeff)
      return readLine(clean, label, place)
  }
  return { position, failed: 'bad_json', detail: `At byte ${place}.` }
}

const isFields = (value: Json): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** All at once when all can be read; one by one when some cannot. */
function decodeElements(bytes: Uint8Array, { start, label }: FileSplit): SourceRecord[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const ends: number[] = []
  createElementScanner(1).feed(buffer, 0, (place) => ends.push(place))
  ends.push(buffer.length)
  const records: SourceRecord[] = []
  let from = 0
  for (const end of ends) {
    const text = buffer.toString('utf8', from, end).trim()
    const place = start + from
    from = end + 1
    const record = text === '' ? undefined : readLine(text, label, place)
    if (record) records.push(record)
    else if (ends.length > 1)
      records.push({
        position: `${label}:${place}`,
        failed: 'bad_json',
        detail: `At byte ${place}.`,
      })
  }
  return records
}
