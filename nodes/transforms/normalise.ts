/** Brings values into one writing: addresses, phone numbers, names, countries, dates. */
import { z } from 'zod'
import type { Fields, Json } from '../../engine/contract/json.ts'
import { drop, fail, out, type Item, type Verdict } from '../../engine/contract/item.ts'
import { defineNode } from '../../engine/contract/node.ts'
import type { FieldMeaning } from '../../engine/contract/shape.ts'
import {
  normaliseCountry,
  normaliseDate,
  normaliseEmail,
  normaliseName,
  normalisePhone,
} from '../../engine/identity/normalise-traits.ts'
import { isSet, readPath, toText } from '../lib/field-path.ts'

const kindSchema = z.enum(['email', 'phone', 'name', 'country', 'date', 'trim', 'lower', 'upper'])
type Kind = z.infer<typeof kindSchema>

const config = z.strictObject({
  rows: z
    .array(
      z.strictObject({
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
          .default('')
          .meta({
            title: 'Date format',
            placeholder: 'dd/MM/yyyy',
            description: 'How dates are written, such as dd/MM/yyyy. Empty: ISO 8601.',
            showIf: { as: 'date' },
          }),
      }),
    )
    .min(1, 'Add at least one field.')
    .meta({ title: 'Fields' }),
  regionField: z.string().default('').meta({
    title: 'Field with the country',
    description: 'Phone numbers without a country code are read as of this country.',
    widget: 'field',
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
    const meanings: Partial<Record<Kind, FieldMeaning>> = { email: 'email', phone: 'phone' }
    const fields = input.fields.map((field) => {
      const meaning = meanings[rows.find((row) => row.field === field.name)?.as ?? 'trim']
      return meaning ? { ...field, meaning, personal: true } : field
    })
    return { out: { ...input, fields } }
  },
  run: (page, settings, ctx) =>
    page.map((item) => normaliseItem(item, settings, ctx.defaultRegion)),
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
      input: [{ fields: { phone: '020 7946 0018', country: 'GB' } }],
      expect: [{ out: { phone: '+442079460018', country: 'GB' } }],
    },
  ],
  words: {
    'zh-CN': {
      title: '规范化',
      summary: '统一邮箱、电话、姓名、国家和日期的写法。',
      fields: {
        rows: { title: '字段' },
        'rows.field': { title: '字段' },
        'rows.as': { title: '作为' },
        'rows.dateFormat': {
          title: '日期格式',
          description: '日期的写法，如 dd/MM/yyyy。留空为 ISO 8601。',
        },
        regionField: { title: '国家字段', description: '没有国家代码的电话按此国家读取。' },
        onBad: { title: '值无效时' },
      },
      choices: {
        'rows.as=email': '邮箱',
        'rows.as=phone': '电话',
        'rows.as=name': '姓名',
        'rows.as=country': '国家',
        'rows.as=date': '日期',
        'rows.as=trim': '去除首尾空格',
        'rows.as=lower': '小写',
        'rows.as=upper': '大写',
        'onBad=clear': '清空该字段',
        'onBad=drop': '排除该记录',
        'onBad=fail': '搁置该记录',
      },
      ports: { in: '输入', out: '输出' },
      reasons: { bad_value: '有一个值无法读取。' },
    },
  },
})

function normaliseItem(item: Item, settings: Config, defaultRegion: string | undefined): Verdict {
  let fields: Fields | undefined
  for (const row of settings.rows) {
    const value = readPath(item.fields, row.field)
    if (!isSet(value)) continue
    const region = readPath(item.fields, settings.regionField)
    const result = normaliseValue(row, value, typeof region === 'string' ? region : defaultRegion)
    if (result === value) continue
    if (result === undefined && settings.onBad === 'drop') return drop('bad_value')
    if (result === undefined && settings.onBad === 'fail')
      return fail('bad_value', `Field "${row.field}".`)
    fields ??= { ...item.fields }
    if (result === undefined) delete fields[row.field]
    else fields[row.field] = result
  }
  return out(fields ? { ...item, fields } : item)
}

/** Undefined when the value cannot be read as what it should be. */
function normaliseValue(
  { as, dateFormat }: Config['rows'][number],
  value: Json,
  region: string | undefined,
): Json | undefined {
  const text = toText(value)
  switch (as) {
    case 'email':
      return valueOf(normaliseEmail(text))
    case 'phone':
      return valueOf(normalisePhone(text, region === undefined ? {} : { defaultRegion: region }))
    case 'name':
      return valueOf(normaliseName(text))
    case 'country':
      return valueOf(normaliseCountry(text))
    case 'date':
      return valueOf(
        normaliseDate(value, {
          assumeUtc: true,
          ...(dateFormat ? { patterns: [dateFormat] } : {}),
        }),
      )
    case 'trim':
      return text.trim()
    case 'lower':
      return text.trim().toLowerCase()
    case 'upper':
      return text.trim().toUpperCase()
  }
}

const valueOf = (result: { value: string } | { refused: string }): string | undefined =>
  'value' in result ? result.value : undefined
