/** Makes a file of what arrives, to be downloaded from the run. */
import { z } from 'zod'
import { out, type Item } from '../../engine/contract/item.ts'
import { DELIVERED_PORT, defineNode } from '../../engine/contract/node.ts'
import { formatCsvRow } from '../lib/csv/format-csv.ts'
import { readPath } from '../lib/field-path.ts'
import type { Fields } from '../../engine/contract/json.ts'
import { fileExportWords } from '../words/file-export.ts'

const config = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1, 'Name the file.')
    .max(100)
    .regex(/^[^/\\:*?"<>|\p{Cc}]+$/u, 'A file name holds no slashes, colons or quotation marks.')
    .default('export')
    .meta({ title: 'File name', description: 'Without its ending.' }),
  format: z
    .enum(['csv', 'ndjson'])
    .default('csv')
    .meta({
      title: 'Format',
      labels: { csv: 'CSV (table)', ndjson: 'NDJSON (one JSON record a line)' },
    }),
  mode: z
    .enum(['spreadsheet', 'machine'])
    .default('spreadsheet')
    .meta({
      title: 'Made for',
      description:
        'For spreadsheets, values that would start a formula are marked with an apostrophe.',
      labels: { spreadsheet: 'People, in a spreadsheet', machine: 'Other programs, exact values' },
      showIf: { format: 'csv' },
    }),
  delimiter: z
    .enum([',', ';', '\t'])
    .default(',')
    .meta({
      title: 'Delimiter',
      labels: { ',': 'Comma', ';': 'Semicolon', '\t': 'Tab' },
      showIf: { format: 'csv' },
      advanced: true,
    }),
  columns: z.array(z.string().min(1)).max(500).default([]).meta({
    title: 'Columns',
    description: 'In this order. For NDJSON, empty means all fields.',
    widget: 'fields',
  }),
  purposes: z.array(z.string().min(1)).min(1, 'Choose what the file is used for.').meta({
    title: 'Used for',
    description: 'People must have consented to it on every way to this step.',
    widget: 'purposes',
  }),
  readable: z.boolean().default(true).meta({
    title: 'Readable values are needed',
    description: 'When off, you are warned of personal data that is written in readable form.',
    advanced: true,
  }),
})
type Config = z.output<typeof config>

const checked = config.refine(({ format, columns }) => format === 'ndjson' || columns.length > 0, {
  path: ['columns'],
  message: 'Choose at least one column.',
})

export const fileExport = defineNode({
  type: 'file_export',
  version: 1,
  role: 'destination',
  title: 'File',
  summary: 'Makes a CSV or NDJSON file to download from the run.',
  config: checked,
  effects: 'sends',
  privacy: ({ purposes, columns, readable }, input) => ({
    purposes,
    needsReadable: readable,
    sends: input.fields.filter(
      ({ name }) =>
        columns.length === 0 ||
        columns.some((column) => column === name || column.startsWith(`${name}.`)),
    ),
  }),
  fieldsUsed: ({ columns }) => columns.map((column, i) => [`columns.${i}`, column] as const),
  file: ({ name, format, mode, columns, delimiter }) => ({
    name:
      format === 'csv'
        ? `${name}${mode === 'spreadsheet' ? '.spreadsheet' : ''}.csv`
        : `${name}.ndjson`,
    mediaType: format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson',
    ...(format === 'csv' ? { header: formatCsvRow(columns, mode, delimiter) } : {}),
  }),
  run: (page, settings, ctx) => {
    const lines = page.map((item) => formatLine(item, settings))
    ctx.write(lines.join(''))
    return page.map((item) => out(item, DELIVERED_PORT))
  },
  render: (page, settings) => page.map((item) => formatLine(item, settings)),
  examples: [
    {
      name: 'delivers every item',
      config: { columns: ['email'], purposes: ['email_marketing'] },
      input: [{ fields: { email: 'ada@example.com' } }],
      expect: [{ out: { email: 'ada@example.com' }, port: DELIVERED_PORT }],
    },
  ],
  words: { 'zh-CN': fileExportWords },
})

function formatLine({ fields }: Item, { format, mode, columns, delimiter }: Config): string {
  if (format === 'csv')
    return formatCsvRow(
      columns.map((name) => readPath(fields, name)),
      mode,
      delimiter,
    )
  return `${JSON.stringify(columns.length === 0 ? fields : pick(fields, columns))}\n`
}

function pick(fields: Fields, names: readonly string[]): Fields {
  const picked: Fields = {}
  for (const name of names) picked[name] = readPath(fields, name) ?? null
  return picked
}
