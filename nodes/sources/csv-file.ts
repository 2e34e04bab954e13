/** Reads CSV files of any usual writing. One scan finds where records end, so parts run in parallel. */
import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import type { Fields } from '../../engine/contract/json.ts'
import { PAGE_BYTES, PAGE_ITEMS } from '../../engine/contract/item.ts'
import {
  defineNode,
  type NodeContext,
  type SourceRecord,
  type Split,
} from '../../engine/contract/node.ts'
import { fieldSpecSchema } from '../../engine/contract/shape.ts'
import { decodeText, detectCsv } from '../lib/csv/detect-csv.ts'
import { listFiles, originSchema } from '../lib/origin.ts'

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
  delimiter: z.string().max(1).default('').meta({
    title: 'Delimiter',
    description: 'The sign between two values. Empty: found from the file.',
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
  start: z.number(),
  end: z.number(),
  delimiter: z.string(),
  encoding: z.string(),
  names: z.array(z.string()),
})

const SAMPLE_BYTES = 256 * 1024
const SCAN_BYTES = 4 * 1024 * 1024
const NEWLINE = 10
const QUOTE = 34

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
      for (const { id, bytes } of files) splits.push(...(await cutFile(id, bytes, settings, ctx)))
      return splits
    },
    fetch: (split, _config, ctx) => {
      const { file, start, end } = splitSchema.parse(split)
      return ctx.service('files').read(file, start, end)
    },
    decode: (bytes, split, settings) => decodeRows(bytes, split, settings),
  },
  examples: [],
  words: {
    'zh-CN': {
      title: 'CSV 文件',
      summary: '从 CSV 文件读取表格，每行一条记录。',
      fields: {
        origin: { title: '读取位置' },
        'origin.file': { title: '文件' },
        'origin.url': { title: '网址' },
        'origin.path': { title: '文件夹' },
        sourceName: {
          title: '来源名称',
          description: '在使用此文件的值时显示。留空则用步骤名称。',
        },
        columns: { title: '列', description: '上传文件时识别出的列。' },
        delimiter: { title: '分隔符', description: '两个值之间的符号。留空则自动识别。' },
        header: { title: '首行为列名' },
        emptyAsMissing: { title: '忽略空值' },
      },
      choices: {
        'origin=upload': '上传的文件',
        'origin=url': '网址',
        'origin=folder': '文件夹',
        'header=auto': '自动判断',
        'header=yes': '是',
        'header=no': '否',
      },
      ports: { out: '输出' },
      reasons: {
        wrong_column_count: '该行的值数与列数不符。',
        unreadable_rows: '引号未闭合，此部分余下内容无法读取。',
      },
    },
  },
})

async function cutFile(
  file: string,
  size: number,
  settings: Config,
  ctx: NodeContext,
): Promise<Split[]> {
  const files = ctx.service('files')
  const sample = await files.read(file, 0, Math.min(size, SAMPLE_BYTES))
  const found = detectCsv(sample)
  const written = {
    file,
    delimiter: settings.delimiter || found.delimiter,
    encoding: found.encoding,
    names: namesOf(sample, found, settings),
  }
  const hasHeader = settings.header === 'auto' ? found.header : settings.header === 'yes'
  if (found.encoding.startsWith('utf-16'))
    return [{ ...written, start: 0, end: size, skip: hasHeader }]
  const cuts = await findCuts(file, size, hasHeader, ctx)
  return cuts.map(([start, end]) => ({ ...written, start, end }))
}

function namesOf(
  sample: Uint8Array,
  found: ReturnType<typeof detectCsv>,
  { header, delimiter }: Config,
): string[] {
  const asFound = (header === 'auto' || (header === 'yes') === found.header) && delimiter === ''
  if (asFound) return found.columns.map(({ name }) => name)
  const rows: string[][] = parse(decodeText(sample, found.encoding), {
    delimiter: delimiter || found.delimiter,
    relax_column_count: true,
    relax_quotes: true,
    to: 1,
  })
  const first = rows[0] ?? []
  return header === 'no' ? first.map((_, i) => `column_${i + 1}`) : first.map((name) => name.trim())
}

/** Byte ranges of whole records. A newline between quotation marks ends no record. */
async function findCuts(
  file: string,
  size: number,
  hasHeader: boolean,
  ctx: NodeContext,
): Promise<Array<[number, number]>> {
  const cuts: Array<[number, number]> = []
  let quoted = false
  let records = 0
  let start = 0
  let skipHeader = hasHeader
  for (let base = 0; base < size; base += SCAN_BYTES) {
    const block = await ctx.service('files').read(file, base, Math.min(size, base + SCAN_BYTES))
    for (let i = 0; i < block.length; i++) {
      const byte = block[i]
      if (byte === QUOTE) quoted = !quoted
      else if (byte === NEWLINE && !quoted) {
        const end = base + i + 1
        if (skipHeader) {
          skipHeader = false
          start = end
          continue
        }
        records++
        if (records >= PAGE_ITEMS || end - start >= PAGE_BYTES) {
          cuts.push([start, end])
          start = end
          records = 0
        }
      }
    }
  }
  if (start < size && !skipHeader) cuts.push([start, size])
  return cuts
}

function* decodeRows(bytes: Uint8Array, split: Split, settings: Config): Iterable<SourceRecord> {
  const { start, delimiter, encoding, names } = splitSchema.parse(split)
  const text = decodeText(bytes, encoding)
  const parsed = readRows(text, delimiter, split['skip'] === true)
  let row = 0
  for (const cells of parsed.rows) {
    const position = `${start}.${row++}`
    if (cells.length === names.length)
      yield { position, fields: toFields(names, cells, settings.emptyAsMissing) }
    else
      yield {
        position,
        failed: 'wrong_column_count',
        detail: `${cells.length} values for ${names.length} columns.`,
      }
  }
  if (parsed.broken) yield { position: `${start}.${row}`, failed: 'unreadable_rows' }
}

function readRows(
  text: string,
  delimiter: string,
  skipFirst: boolean,
): { rows: string[][]; broken: boolean } {
  const options = {
    delimiter,
    relax_column_count: true,
    skip_empty_lines: true,
    from: skipFirst ? 2 : 1,
  }
  try {
    return { rows: parse(text, options), broken: false }
  } catch {
    const rows: string[][] = parse(text, {
      ...options,
      relax_quotes: true,
      skip_records_with_error: true,
    })
    return { rows, broken: true }
  }
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
