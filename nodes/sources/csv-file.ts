/** Reads CSV files of any usual writing. One scan finds where records end, so parts run in parallel. */
import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import { RejectedError } from '../../engine/contract/error.ts'
import type { Fields } from '../../engine/contract/json.ts'
import { PAGE_BYTES, PAGE_ITEMS } from '../../engine/contract/item.ts'
import {
  defineNode,
  type NodeContext,
  type SourceRecord,
  type Split,
} from '../../engine/contract/node.ts'
import type { SourceFile } from '../../engine/contract/services.ts'
import { fieldSpecSchema } from '../../engine/contract/shape.ts'
import { decodeText, detectCsv, uniqueNames } from '../lib/csv/detect-csv.ts'
import { labelOf, listFiles, originSchema } from '../lib/origin.ts'
import { csvFileWords } from '../words/csv-file.ts'

const config = z.strictObject({
  origin: originSchema,
  sourceName: z.string().max(120).default('').meta({
    title: 'Source name',
    description: 'Shown wherever a value of this file is used. Empty: the name of the step.',
  }),
  columns: z.array(fieldSpecSchema).max(2_000).default([]).meta({
    title: 'Columns',
    description: 'The columns of the file, found when it was uploaded.',
    widget: 'columns',
  }),
  delimiter: z
    .enum(['auto', ',', ';', '\t', '|'])
    .default('auto')
    .meta({
      title: 'Delimiter',
      description: 'The sign between two values.',
      labels: { auto: 'Find out', ',': 'Comma', ';': 'Semicolon', '\t': 'Tab', '|': 'Bar' },
      advanced: true,
    }),
  quote: z
    .enum(['auto', '"', "'", 'none'])
    .default('auto')
    .meta({
      title: 'Quotation mark',
      description: 'The sign around values that hold a delimiter.',
      labels: { auto: 'Find out', '"': 'Double', "'": 'Single', none: 'None' },
      advanced: true,
    }),
  encoding: z
    .enum([
      'auto',
      'utf-8',
      'utf-16le',
      'utf-16be',
      'windows-1252',
      'windows-1250',
      'gb18030',
      'shift_jis',
    ])
    .default('auto')
    .meta({
      title: 'Encoding',
      labels: {
        auto: 'Find out',
        'utf-8': 'UTF-8',
        'utf-16le': 'UTF-16 (Windows)',
        'utf-16be': 'UTF-16 (big endian)',
        'windows-1252': 'Western (Windows-1252)',
        'windows-1250': 'Central European (Windows-1250)',
        gb18030: 'Chinese (GB18030)',
        shift_jis: 'Japanese (Shift JIS)',
      },
      advanced: true,
    }),
  header: z
    .enum(['auto', 'yes', 'no'])
    .default('auto')
    .meta({
      title: 'First row holds names',
      labels: { auto: 'Find out', yes: 'Yes', no: 'No' },
      advanced: true,
    }),
  emptyAsMissing: z.boolean().default(true).meta({
    title: 'Leave out empty values',
    advanced: true,
  }),
})
type Config = z.output<typeof config>

/** A part of a file, and how the file is written: all that `decode` needs. */
const splitSchema = z.object({
  file: z.string(),
  label: z.string(),
  start: z.number(),
  end: z.number(),
  delimiter: z.string(),
  /** Empty for none. */
  quote: z.string(),
  encoding: z.string(),
  names: z.array(z.string()),
  /** The first row of the part holds the names. */
  skip: z.boolean(),
})
type CsvSplit = z.infer<typeof splitSchema>
type Writing = Omit<CsvSplit, 'start' | 'end' | 'skip'>

const SAMPLE_BYTES = 256 * 1024
const SCAN_BYTES = 4 * 1024 * 1024
const NEWLINE = 10
const RETURN = 13
const BOM = [0xef, 0xbb, 0xbf] as const
/** Text of two bytes a sign cannot be cut by a scan for single bytes, so it is read in one go. */
const MAX_WIDE_BYTES = 64 * 1024 * 1024

export const csvFile = defineNode({
  type: 'csv_file',
  version: 1,
  role: 'source',
  title: 'CSV file',
  summary: 'Reads a table from a CSV file, one record for each row.',
  config,
  uses: ['files'],
  fails: {
    wrong_column_count: 'The row has more or fewer values than the file has columns.',
    unreadable_rows: 'A quotation mark is not closed, so the rest of this part cannot be read.',
  },
  output: ({ columns }) => ({
    out: { kind: 'records', fields: columns, ...(columns.length === 0 ? { open: true } : {}) },
  }),
  source: {
    async open(settings, ctx) {
      const files = await listFiles(settings.origin, ctx)
      const splits: Split[] = []
      for (const file of files) splits.push(...(await cutFile(file, settings, ctx)))
      return splits
    },
    fetch: (split, _config, ctx) => {
      const { file, start, end } = splitSchema.parse(split)
      return ctx.service('files').read(file, start, end)
    },
    decode: (bytes, split, settings) => decodeRows(bytes, splitSchema.parse(split), settings),
  },
  examples: [],
  words: { 'zh-CN': csvFileWords },
})

async function cutFile(file: SourceFile, settings: Config, ctx: NodeContext): Promise<Split[]> {
  const size = file.bytes
  const sample = await ctx.service('files').read(file.id, 0, Math.min(size, SAMPLE_BYTES))
  const found = detectCsv(sample)
  const encoding = settings.encoding === 'auto' ? found.encoding : settings.encoding
  const hasHeader = settings.header === 'auto' ? found.header : settings.header === 'yes'
  const delimiter = settings.delimiter === 'auto' ? found.delimiter : settings.delimiter
  const quote = { auto: found.quote, none: '', '"': '"', "'": "'" }[settings.quote]
  const names = namesOf(decodeText(sample, encoding), { delimiter, quote, hasHeader }, settings)
  const written: Writing = {
    file: file.id,
    label: labelOf(file),
    delimiter,
    quote,
    encoding,
    names,
  }
  if (encoding.startsWith('utf-16')) return [wholeFile(written, size, hasHeader, ctx)]
  const cuts = await findCuts(size, { written, sample, hasHeader }, ctx)
  return cuts.map(([start, end]) => ({ ...written, start, end, skip: false }))
}

function wholeFile(written: Writing, size: number, skip: boolean, ctx: NodeContext): Split {
  if (size <= MAX_WIDE_BYTES) return { ...written, start: 0, end: size, skip }
  throw new RejectedError(
    'file_too_large_for_encoding',
    `"${ctx.nodeName}": a file in UTF-16 may be ${MAX_WIDE_BYTES / 1024 / 1024} MB large. Save it as UTF-8.`,
    { nodeId: ctx.nodeId },
  )
}

/** From the first row; without a header the names set in the step, when there is one for each. */
function namesOf(
  sample: string,
  { delimiter, quote, hasHeader }: { delimiter: string; quote: string; hasHeader: boolean },
  { columns }: Config,
): string[] {
  const rows: string[][] = parse(sample, {
    delimiter,
    quote: quote === '' ? false : quote,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    to: 1,
  })
  const first = rows[0] ?? []
  if (hasHeader) return uniqueNames(first)
  return columns.length === first.length
    ? columns.map(({ name }) => name)
    : first.map((_, i) => `column_${i + 1}`)
}

interface CutInput {
  written: Writing
  sample: Uint8Array
  hasHeader: boolean
}

/** Byte ranges of whole records. A quotation mark opens at the start of a value only. */
async function findCuts(
  size: number,
  { written, sample, hasHeader }: CutInput,
  ctx: NodeContext,
): Promise<Array<[number, number]>> {
  const cuts: Array<[number, number]> = []
  const newline = sample.includes(NEWLINE) ? NEWLINE : RETURN
  const quote = written.quote === '' ? -1 : written.quote.charCodeAt(0)
  const delimiter = written.delimiter.charCodeAt(0)
  const first = BOM.every((byte, i) => sample[i] === byte) ? BOM.length : 0
  let quoted = false
  let atStart = true
  let closedAt = -2
  let records = 0
  let start = 0
  let skipHeader = hasHeader
  for (let base = 0; base < size; base += SCAN_BYTES) {
    const end = Math.min(size, base + SCAN_BYTES)
    const block = await ctx.service('files').read(written.file, base, end)
    for (let i = base === 0 ? first : 0; i < block.length; i++) {
      const byte = block[i]
      if (quoted) {
        if (byte !== quote) continue
        quoted = false
        closedAt = base + i
        continue
      }
      // Two marks within a quoted value close and open it again: nothing stands between them.
      if (byte === quote && (atStart || closedAt === base + i - 1)) quoted = true
      atStart = byte === delimiter || byte === newline
      if (byte !== newline) continue
      const after = base + i + 1
      if (skipHeader) {
        skipHeader = false
        start = after
      } else if (++records >= PAGE_ITEMS || after - start >= PAGE_BYTES) {
        cuts.push([start, after])
        start = after
        records = 0
      }
    }
  }
  if (start < size && !skipHeader) cuts.push([start, size])
  return cuts
}

function decodeRows(bytes: Uint8Array, split: CsvSplit, settings: Config): SourceRecord[] {
  const { label, start, names } = split
  const { rows, broken } = readRows(decodeText(bytes, split.encoding), split)
  const records: SourceRecord[] = []
  for (let row = 0; row < rows.length; row++) {
    const cells = rows[row] ?? []
    const position = `${label}:${start}.${row}`
    if (cells.length === names.length)
      records.push({ position, fields: toFields(names, cells, settings.emptyAsMissing) })
    else {
      const detail = `${cells.length} values for ${names.length} columns.`
      records.push({ position, failed: 'wrong_column_count', detail })
    }
  }
  if (broken)
    records.push({ position: `${label}:${start}.${rows.length}`, failed: 'unreadable_rows' })
  return records
}

interface Rows {
  rows: string[][]
  broken: boolean
}

function readRows(text: string, { delimiter, quote, skip }: CsvSplit): Rows {
  // Without a quotation mark a row is no more than its line, which is four times as fast to cut.
  if (quote === '' || !text.includes(quote))
    return { rows: cutLines(text, delimiter, skip), broken: false }
  const options = {
    delimiter,
    quote,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    from: skip ? 2 : 1,
  }
  try {
    return { rows: parse(text, options), broken: false }
  } catch {
    return { rows: parse(text, { ...options, skip_records_with_error: true }), broken: true }
  }
}

function cutLines(text: string, delimiter: string, skip: boolean): string[][] {
  const rows: string[][] = []
  for (const line of text.split(text.includes('\n') ? /\r?\n/ : '\r'))
    if (line !== '') rows.push(line.split(delimiter))
  return skip ? rows.slice(1) : rows
}

function toFields(names: readonly string[], cells: string[], emptyAsMissing: boolean): Fields {
  const fields: Fields = {}
  for (let i = 0; i < names.length; i++) {
    const name = names[i]
    const cell = cells[i]
    if (name === undefined || cell === undefined || name === '__proto__') continue
    if (cell !== '' || !emptyAsMissing) fields[name] = cell
  }
  return fields
}
