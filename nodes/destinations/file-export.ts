/** Makes a file of what arrives, to be downloaded from the run. */
import { z } from 'zod'
import { out } from '../../engine/contract/item.ts'
import { DELIVERED_PORT, defineNode } from '../../engine/contract/node.ts'
import { formatCsvRow } from '../lib/csv/format-csv.ts'
import { readPath } from '../lib/field-path.ts'
import type { Item } from '../../engine/contract/item.ts'

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
  privacy: ({ purposes, columns }, input) => ({
    purposes,
    needsReadable: true,
    sends: input.fields.filter(({ name }) => columns.length === 0 || columns.includes(name)),
  }),
  fieldsUsed: ({ columns }) => columns.map((column, i) => [`columns.${i}`, column] as const),
  file: ({ name, format, mode, columns }) => ({
    name:
      format === 'csv'
        ? `${name}${mode === 'spreadsheet' ? '.spreadsheet' : ''}.csv`
        : `${name}.ndjson`,
    mediaType: format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson',
    ...(format === 'csv' ? { header: formatCsvRow(columns, mode) } : {}),
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
  words: {
    'zh-CN': {
      title: '文件',
      summary: '生成可从运行中下载的 CSV 或 NDJSON 文件。',
      fields: {
        name: { title: '文件名', description: '不含扩展名。' },
        format: { title: '格式' },
        mode: { title: '用于', description: '用于电子表格时，会触发公式的值前加撇号。' },
        columns: { title: '列', description: '按此顺序。NDJSON 留空表示所有字段。' },
        purposes: { title: '用途', description: '到此步骤的每条路径上的人都须同意该用途。' },
      },
      choices: {
        'format=csv': 'CSV（表格）',
        'format=ndjson': 'NDJSON（每行一条）',
        'mode=spreadsheet': '人，用电子表格打开',
        'mode=machine': '其他程序，精确值',
      },
      ports: { in: '输入' },
    },
  },
})

function formatLine(item: Item, { format, mode, columns }: Config): string {
  if (format === 'csv')
    return formatCsvRow(
      columns.map((name) => readPath(item.fields, name)),
      mode,
    )
  if (columns.length === 0) return `${JSON.stringify(item.fields)}\n`
  return `${JSON.stringify(Object.fromEntries(columns.map((name) => [name, readPath(item.fields, name) ?? null])))}\n`
}
