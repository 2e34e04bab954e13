/** Renames, fills and casts fields, so that records of different sources look alike. */
import { z } from 'zod'
import type { Fields, Json } from '../../engine/contract/json.ts'
import { drop, fail, out, type Item, type Verdict } from '../../engine/contract/item.ts'
import { defineNode } from '../../engine/contract/node.ts'
import type { FieldSpec, FieldType } from '../../engine/contract/shape.ts'
import { castValue } from '../lib/cast-value.ts'
import { isSet, isWritable, readPath, toText } from '../lib/field-path.ts'
import { mapFieldsWords } from '../words/map-fields.ts'

const rowSchema = z
  .strictObject({
    to: z
      .string()
      .trim()
      .min(1, 'Name the field.')
      .max(256)
      .refine(isWritable, 'This name is reserved; choose another one.')
      .meta({ title: 'New field', placeholder: 'email' }),
    from: z.string().default('').meta({ title: 'From field', widget: 'field' }),
    constant: z.string().max(10_000).default('').meta({ title: 'Fixed value' }),
    template: z.string().max(1_000).default('').meta({
      title: 'Text',
      description: 'Names of fields in braces are replaced by their values.',
      placeholder: '{first} {last}',
    }),
    cast: z
      .enum(['keep', 'text', 'number', 'date', 'boolean'])
      .default('keep')
      .meta({
        title: 'Read as',
        labels: {
          keep: 'as it is',
          text: 'text',
          number: 'number',
          date: 'date',
          boolean: 'yes/no',
        },
      }),
  })
  .superRefine((row, context) => {
    if (row.from === '' && row.constant === '' && row.template === '')
      context.addIssue({
        code: 'custom',
        path: ['from'],
        message: `Say where "${row.to}" comes from: a field, a fixed value or a text.`,
      })
  })

const config = z.strictObject({
  rows: z
    .array(rowSchema)
    .min(1, 'Add at least one field.')
    .max(500)
    .superRefine((rows, context) => {
      const seen = new Set<string>()
      for (const [i, { to }] of rows.entries()) {
        if (seen.has(to))
          context.addIssue({
            code: 'custom',
            path: [i, 'to'],
            message: `The field "${to}" is filled twice; delete one of the rows.`,
          })
        seen.add(to)
      }
    })
    .meta({
      title: 'Fields',
      description:
        'Each new field is taken from a field, a fixed value, or a text such as {first} {last}.',
      widget: 'mapping',
    }),
  keepOthers: z.boolean().default(false).meta({
    title: 'Keep all other fields',
    description: 'When off, only the fields listed here go on.',
  }),
  decimalMark: z
    .enum(['auto', 'point', 'comma'])
    .default('auto')
    .meta({
      title: 'Decimal mark',
      description: 'The sign before the fraction of a number.',
      labels: {
        auto: 'find out; 1,234 counts as unreadable',
        point: 'point, as in 1,234.50',
        comma: 'comma, as in 1.234,50',
      },
      advanced: true,
    }),
  onBad: z
    .enum(['clear', 'drop', 'fail'])
    .default('clear')
    .meta({
      title: 'When a value cannot be read',
      labels: { clear: 'Empty the field', drop: 'Leave the record out', fail: 'Park the record' },
      advanced: true,
    }),
})
type Config = z.output<typeof config>
type Row = Config['rows'][number]

export const mapFields = defineNode({
  type: 'map_fields',
  version: 1,
  role: 'transform',
  title: 'Map fields',
  summary: 'Renames and fills fields, so that records of different sources look alike.',
  config,
  drops: { bad_value: 'A value could not be read, and the step leaves such records out.' },
  fails: { bad_value: 'A value could not be read.' },
  fieldsUsed: ({ rows }) =>
    rows.flatMap(({ from, template }, i): Array<readonly [string, string]> =>
      from === ''
        ? placeholders(template).map((field) => [`rows.${i}.template`, field])
        : [[`rows.${i}.from`, from]],
    ),
  output: ({ rows, keepOthers }, inputs) => {
    const input = inputs['in'] ?? { kind: 'records' as const, fields: [] }
    const made = rows.map((row) => specOf(row, input.fields))
    const names = new Set(made.map((field) => field.name))
    const others = keepOthers ? input.fields.filter((field) => !names.has(field.name)) : []
    const open = keepOthers && input.open ? { open: true } : {}
    return { out: { kind: input.kind, fields: [...made, ...others], ...open } }
  },
  run: (page, settings) => {
    const readers = settings.rows.map((row) => compileRow(row, settings))
    return page.map((item) => mapItem(item, readers, settings))
  },
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
    {
      name: 'parks a record whose number cannot be read',
      config: { rows: [{ to: 'spent', from: 'total', cast: 'number' }], onBad: 'fail' },
      input: [{ fields: { total: 'many' } }, { fields: {} }],
      expect: [{ fail: 'bad_value' }, { out: {} }],
    },
  ],
  words: { 'zh-CN': mapFieldsWords },
})

const PLACEHOLDER = /\{([^{}]+)\}/g

const placeholders = (template: string): string[] =>
  [...template.matchAll(PLACEHOLDER)].map(([, name = '']) => name)

const TYPES: Record<Exclude<Row['cast'], 'keep'>, FieldType> = {
  text: 'text',
  number: 'number',
  date: 'date',
  boolean: 'boolean',
}

/** A text made of personal fields is personal too. */
function specOf(row: Row, fields: readonly FieldSpec[]): FieldSpec {
  const origin = row.from === '' ? undefined : fields.find(({ name }) => name === row.from)
  const type = row.cast === 'keep' ? (origin?.type ?? 'text') : TYPES[row.cast]
  const parts = row.from === '' ? placeholders(row.template) : []
  const personal = fields.some(({ name, personal }) => personal && parts.includes(name))
  return { ...origin, name: row.to, type, ...(personal ? { personal: true } : {}) }
}

interface RowReader {
  to: string
  read(fields: Fields): Json | undefined
  /** Undefined when the value cannot be read as what it should be. */
  cast: ((value: Json) => Json | undefined) | undefined
}

function compileRow(row: Row, { decimalMark }: Config): RowReader {
  const { to, cast } = row
  return {
    to,
    read: compileSource(row),
    cast: cast === 'keep' ? undefined : (value) => castValue(value, cast, decimalMark),
  }
}

function compileSource({ from, template, constant }: Row): RowReader['read'] {
  if (from !== '') return (fields) => readPath(fields, from)
  if (template === '') return () => constant
  return (fields) =>
    template.replace(PLACEHOLDER, (_, name: string) => toText(readPath(fields, name))).trim()
}

function mapItem(
  item: Item,
  readers: readonly RowReader[],
  { keepOthers, onBad }: Config,
): Verdict {
  const fields: Fields = keepOthers ? { ...item.fields } : {}
  for (let i = 0; i < readers.length; i++) {
    const reader = readers[i]
    if (!reader) continue
    const raw = reader.read(item.fields)
    const value = reader.cast && isSet(raw) ? reader.cast(raw) : raw
    if (value !== undefined) fields[reader.to] = value
    else if (raw === undefined) continue
    else if (onBad === 'drop') return drop('bad_value')
    else if (onBad === 'fail') return fail('bad_value', `Field "${reader.to}".`)
    else delete fields[reader.to]
  }
  return out({ ...item, fields })
}
