/** Brings values into one writing: addresses, phone numbers, names, countries, dates. */
import { z } from 'zod'
import type { Fields, Json } from '../../engine/contract/json.ts'
import { drop, fail, out, type Item, type Verdict } from '../../engine/contract/item.ts'
import { defineNode, type NodeContext } from '../../engine/contract/node.ts'
import type { FieldSpec } from '../../engine/contract/shape.ts'
import {
  normaliseCountry,
  normaliseDate,
  normaliseEmail,
  normaliseName,
  normalisePhone,
} from '../../engine/identity/normalise-traits.ts'
import { isSet, readPath, toText } from '../lib/field-path.ts'
import { createRegionReader } from '../lib/region.ts'
import { normaliseWords } from '../words/normalise.ts'

const kindSchema = z.enum(['email', 'phone', 'name', 'country', 'date', 'trim', 'lower', 'upper'])
type Kind = z.infer<typeof kindSchema>

const isDateFormat = (format: string): boolean =>
  format === '' || (/yyyy/.test(format) && /M/.test(format) && /d/.test(format))

const rowSchema = z.strictObject({
  field: z.string().min(1, 'Choose a field.').meta({ title: 'Field', widget: 'field' }),
  as: kindSchema.meta({
    title: 'As',
    labels: {
      email: 'Email address',
      phone: 'Phone number',
      name: 'Name',
      country: 'Country',
      date: 'Date',
      trim: 'Text without outer spaces',
      lower: 'lower case',
      upper: 'UPPER CASE',
    },
  }),
  dateFormat: z
    .string()
    .max(40)
    .refine(isDateFormat, 'Write the year as yyyy, the month as MM and the day as dd.')
    .default('')
    .meta({
      title: 'Date format',
      placeholder: 'dd/MM/yyyy',
      description: 'How dates are written, such as dd/MM/yyyy. Empty: ISO 8601.',
      showIf: { as: 'date' },
    }),
})

const config = z.strictObject({
  rows: z
    .array(rowSchema)
    .min(1, 'Add at least one field.')
    .max(500)
    .meta({
      title: 'Fields',
      suggestByMeaning: {
        email: { as: 'email' },
        phone: { as: 'phone' },
        first_name: { as: 'name' },
        last_name: { as: 'name' },
        full_name: { as: 'name' },
        country: { as: 'country' },
        birth_date: { as: 'date' },
      },
    }),
  regionField: z.string().default('').meta({
    title: 'Field with the country',
    description: 'Phone numbers without a country code are read as of this country.',
    widget: 'field',
  }),
  region: z
    .string()
    .regex(/^([A-Z]{2})?$/, 'Choose a country.')
    .default('')
    .meta({
      title: 'Default country',
      description: 'For records without one. Empty: the default country of the flow.',
      widget: 'region',
      advanced: true,
    }),
  onBad: z
    .enum(['clear', 'drop', 'fail'])
    .default('clear')
    .meta({
      title: 'When a value is not valid',
      labels: { clear: 'Empty the field', drop: 'Leave the record out', fail: 'Park the record' },
    }),
})
type Config = z.output<typeof config>

export const normalise = defineNode({
  type: 'normalise',
  version: 1,
  role: 'transform',
  title: 'Normalise',
  summary: 'Brings email addresses, phone numbers, names, countries and dates into one writing.',
  config,
  drops: { bad_value: 'A value could not be read, and the step leaves such records out.' },
  fails: { bad_value: 'A value could not be read.' },
  fieldsUsed: ({ rows, regionField }) => [
    ...rows.map(({ field }, i) => [`rows.${i}.field`, field] as const),
    ['regionField', regionField],
  ],
  output: ({ rows }, inputs) => {
    const input = inputs['in'] ?? { kind: 'records' as const, fields: [] }
    const kinds = new Map(rows.map(({ field, as }) => [field, as]))
    return { out: { ...input, fields: input.fields.map((f) => specOf(f, kinds.get(f.name))) } }
  },
  run: (page, settings, ctx) => {
    const readers = settings.rows.map((row) => compileRow(row, settings, ctx))
    return page.map((item) => normaliseItem(item, readers, settings.onBad))
  },
  examples: [
    {
      name: 'trims and lowers an address',
      config: { rows: [{ field: 'email', as: 'email' }] },
      input: [{ fields: { email: '  Ada@Example.COM ' } }],
      expect: [{ out: { email: 'ada@example.com' } }],
    },
    {
      name: 'empties a value that is not valid',
      config: { rows: [{ field: 'email', as: 'email' }] },
      input: [{ fields: { email: 'not an address', id: '1' } }],
      expect: [{ out: { id: '1' } }],
    },
    {
      name: 'reads a phone number as of the country in the record',
      config: { rows: [{ field: 'phone', as: 'phone' }], regionField: 'country' },
      input: [{ fields: { phone: '020 7946 0018', country: 'United Kingdom' } }],
      expect: [{ out: { phone: '+442079460018', country: 'United Kingdom' } }],
    },
    {
      name: 'parks a record with an impossible date',
      config: {
        rows: [{ field: 'born', as: 'date', dateFormat: 'dd/MM/yyyy' }],
        onBad: 'fail',
      },
      input: [{ fields: { born: '31/02/1990' } }, { fields: { born: '28/02/1990' } }],
      expect: [{ fail: 'bad_value' }, { out: { born: '1990-02-28' } }],
    },
  ],
  words: { 'zh-CN': normaliseWords },
})

function specOf(field: FieldSpec, as: Kind | undefined): FieldSpec {
  if (as === 'email' || as === 'phone') return { ...field, meaning: as, personal: true }
  if (as === 'country') return { ...field, meaning: as }
  return as === 'date' ? { ...field, type: 'date' } : field
}

interface RowReader {
  field: string
  /** Undefined when the value cannot be read as what it should be. */
  read: (value: Json, fields: Fields) => string | undefined
}

function compileRow(
  { field, as, dateFormat }: Config['rows'][number],
  settings: Config,
  { defaultRegion }: NodeContext,
): RowReader {
  const text = (read: (text: string) => string | undefined): RowReader => ({
    field,
    read: (value) => read(toText(value)),
  })
  switch (as) {
    case 'email':
      return text((value) => valueOf(normaliseEmail(value)))
    case 'phone': {
      const regionOf = createRegionReader(settings, defaultRegion)
      const read: RowReader['read'] = (value, fields) =>
        valueOf(normalisePhone(toText(value), { defaultRegion: regionOf(fields) }))
      return { field, read }
    }
    case 'name':
      return text((value) => valueOf(normaliseName(value)))
    case 'country':
      return text((value) => valueOf(normaliseCountry(value)))
    case 'date': {
      // One list for the page: its compiled form is kept by the list's identity.
      const options = { assumeUtc: true, patterns: dateFormat === '' ? [] : [dateFormat] }
      return { field, read: (value) => valueOf(normaliseDate(value, options)) }
    }
    case 'trim':
      return text((value) => value.trim())
    case 'lower':
      return text((value) => value.trim().toLowerCase())
    case 'upper':
      return text((value) => value.trim().toUpperCase())
  }
}

const valueOf = (result: { value: string } | { refused: string }): string | undefined =>
  'value' in result ? result.value : undefined

function normaliseItem(item: Item, readers: readonly RowReader[], onBad: Config['onBad']): Verdict {
  let fields: Fields | undefined
  for (let i = 0; i < readers.length; i++) {
    const reader = readers[i]
    if (!reader) continue
    const value = readPath(item.fields, reader.field)
    if (!isSet(value)) continue
    const result = reader.read(value, item.fields)
    if (result === value) continue
    if (result === undefined && onBad === 'drop') return drop('bad_value')
    if (result === undefined && onBad === 'fail')
      return fail('bad_value', `Field "${reader.field}".`)
    fields ??= { ...item.fields }
    if (result !== undefined) fields[reader.field] = result
    else if (Object.hasOwn(fields, reader.field)) delete fields[reader.field]
    else fields[reader.field] = null // hides the value inside an object
  }
  return out(fields ? { ...item, fields } : item)
}
