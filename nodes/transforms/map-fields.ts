/** Renames, fills and casts fields, so that records of different sources look alike. */
import { z } from 'zod'
import type { Fields, Json } from '../../engine/contract/json.ts'
import { out } from '../../engine/contract/item.ts'
import { defineNode } from '../../engine/contract/node.ts'
import type { FieldSpec, FieldType } from '../../engine/contract/shape.ts'
import { toInstant, toNumber } from '../lib/condition.ts'
import { isSet, isWritable, readPath, toText } from '../lib/field-path.ts'

const rowSchema = z.strictObject({
  to: z.string().min(1, 'Name the field.').max(256).refine(isWritable, 'This name is reserved.'),
  from: z.string().default(''),
  constant: z.string().default(''),
  template: z.string().max(1_000).default(''),
  cast: z.enum(['keep', 'text', 'number', 'date', 'boolean']).default('keep'),
})

const config = z.strictObject({
  rows: z.array(rowSchema).min(1, 'Add at least one field.').meta({
    title: 'Fields',
    description:
      'Each new field is taken from a field, a fixed value, or a text such as {first} {last}.',
    widget: 'mapping',
  }),
  keepOthers: z.boolean().default(false).meta({
    title: 'Keep all other fields',
    description: 'When off, only the fields listed here go on.',
  }),
})
type Row = z.output<typeof rowSchema>

const TYPES: Record<Exclude<Row['cast'], 'keep'>, FieldType> = {
  text: 'text',
  number: 'number',
  date: 'date',
  boolean: 'boolean',
}

export const mapFields = defineNode({
  type: 'map_fields',
  version: 1,
  role: 'transform',
  title: 'Map fields',
  summary: 'Renames and fills fields, so that records of different sources look alike.',
  config,
  fieldsUsed: ({ rows }) => rows.map(({ from }, i) => [`rows.${i}.from`, from] as const),
  output: ({ rows, keepOthers }, inputs) => {
    const input = inputs['in'] ?? { kind: 'records' as const, fields: [] }
    const made = rows.map((row): FieldSpec => {
      const origin = input.fields.find((field) => field.name === row.from)
      const type = row.cast === 'keep' ? (origin?.type ?? 'text') : TYPES[row.cast]
      return { ...origin, name: row.to, type }
    })
    const names = new Set(made.map((field) => field.name))
    const others = keepOthers ? input.fields.filter((field) => !names.has(field.name)) : []
    const open = keepOthers && input.open ? { open: true } : {}
    return { out: { kind: input.kind, fields: [...made, ...others], ...open } }
  },
  run: (page, { rows, keepOthers }) =>
    page.map((item) => {
      const fields: Fields = keepOthers ? { ...item.fields } : {}
      for (const row of rows) {
        const value = castTo(row.cast, valueOf(row, item.fields))
        if (value !== undefined) fields[row.to] = value
      }
      return out({ ...item, fields })
    }),
  examples: [
    {
      name: 'renames, casts and joins',
      config: {
        rows: [
          { to: 'spent', from: 'total', cast: 'number' },
          { to: 'name', template: '{first} {last}' },
          { to: 'kind', constant: 'order' },
        ],
      },
      input: [{ fields: { total: '12,50', first: 'Ada', last: 'Lovelace' } }],
      expect: [{ out: { spent: 12.5, name: 'Ada Lovelace', kind: 'order' } }],
    },
  ],
  words: {
    'zh-CN': {
      title: '映射字段',
      summary: '重命名并填充字段，使不同来源的记录一致。',
      fields: {
        rows: {
          title: '字段',
          description: '每个新字段取自一个字段、固定值或如 {first} {last} 的文本。',
        },
        keepOthers: { title: '保留其他字段', description: '关闭时，只保留此处列出的字段。' },
      },
      ports: { in: '输入', out: '输出' },
    },
  },
})

function valueOf(row: Row, fields: Fields): Json | undefined {
  if (row.from !== '') return readPath(fields, row.from)
  if (row.template !== '')
    return row.template.replace(/\{([^{}]+)\}/g, (_, name: string) =>
      toText(readPath(fields, name)),
    )
  return row.constant
}

/** A value that cannot be cast is left out: a missing field is seen, a wrong one is not. */
function castTo(cast: Row['cast'], value: Json | undefined): Json | undefined {
  if (cast === 'keep' || !isSet(value)) return value
  switch (cast) {
    case 'text':
      return toText(value)
    case 'number':
      // A single comma is a decimal comma, as shops in most of Europe write it.
      return toNumber(
        typeof value === 'string' ? value.trim().replace(/^(-?\d+),(\d+)$/, '$1.$2') : value,
      )
    case 'date': {
      const at = toInstant(value)
      return at === undefined ? undefined : new Date(at).toISOString()
    }
    case 'boolean':
      return /^(true|yes|1)$/i.test(toText(value))
  }
}
