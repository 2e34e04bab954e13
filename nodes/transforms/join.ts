/** Adds fields of matching records from a second input. The second input is held in memory. */
import { z } from 'zod'
import { RejectedError } from '../../engine/contract/error.ts'
import type { Fields } from '../../engine/contract/json.ts'
import type { Item } from '../../engine/contract/item.ts'
import { defineNode, type NodeContext } from '../../engine/contract/node.ts'
import type { FieldSpec } from '../../engine/contract/shape.ts'
import { isSet, isWritable, readPath } from '../lib/field-path.ts'
import { createKeyReader } from '../lib/group-key.ts'
import { joinWords } from '../words/join.ts'

const OTHER = 'other'

const config = z
  .strictObject({
    by: z
      .enum(['fields', 'person'])
      .default('fields')
      .meta({
        title: 'Records belong together when',
        labels: { fields: 'their fields are equal', person: 'they are of the same person' },
      }),
    keys: z
      .array(
        z.strictObject({
          field: z.string().min(1, 'Choose a field.').meta({ title: 'Field', widget: 'field' }),
          lookupField: z
            .string()
            .min(1, 'Name the field of the lookup table.')
            .meta({ title: 'Field of the lookup table' }),
        }),
      )
      .max(5, 'At most 5 fields can be compared.')
      .default([])
      .meta({
        title: 'Keys',
        description: 'Records match when all of these are equal.',
        showIf: { by: 'fields' },
      }),
    ignoreCase: z
      .boolean()
      .default(true)
      .meta({ title: 'Capital letters do not count', showIf: { by: 'fields' }, advanced: true }),
    take: z.array(z.string().min(1)).max(500).default([]).meta({
      title: 'Fields to take',
      description: 'From the lookup table. Empty: all of them.',
    }),
    prefix: z
      .string()
      .max(60)
      .refine((prefix) => prefix === '' || isWritable(prefix), 'This name is reserved.')
      .default('')
      .meta({
        title: 'Prefix',
        description:
          'Put before the names of fields taken. Without one, a field both have keeps the value of the record.',
        placeholder: 'product_',
      }),
    unmatched: z
      .enum(['keep', 'drop', OTHER])
      .default('keep')
      .meta({
        title: 'Without a match',
        labels: {
          keep: 'go on as they are',
          drop: 'end here',
          other: 'leave by a way out of their own',
        },
      }),
  })
  .superRefine(({ by, keys }, context) => {
    if (by === 'fields' && keys.length === 0)
      context.addIssue({ code: 'custom', path: ['keys'], message: 'Choose what to compare.' })
  })
type Config = z.output<typeof config>

/** More would not fit beside the rest of a worker's memory. */
const MAX_LOOKUP = 2_000_000

export const join = defineNode({
  type: 'join',
  version: 1,
  role: 'transform',
  title: 'Look up',
  summary: 'Adds fields from a second set of records, such as the details of a product.',
  config,
  scope: 'dataset',
  inPorts: [
    { name: 'in', title: 'Records', accepts: ['records', 'people'] },
    { name: 'lookup', title: 'Lookup table', accepts: ['records', 'people'] },
  ],
  outPorts: [
    { name: 'out', title: 'Out' },
    { name: OTHER, title: 'Without a match', when: { unmatched: OTHER } },
  ],
  drops: {
    used_for_lookup: 'The record served as part of the lookup table.',
    no_match: 'The lookup table holds no matching record.',
  },
  fieldsUsed: ({ by, keys, take }) => [
    ...(by === 'fields'
      ? keys.flatMap(({ field, lookupField }, i) => [
          [`keys.${i}.field`, field] as const,
          [`keys.${i}.lookupField`, lookupField, 'lookup'] as const,
        ])
      : []),
    ...take.map((field, i) => [`take.${i}`, field, 'lookup'] as const),
  ],
  output: (settings, inputs) => {
    const input = inputs['in'] ?? { kind: 'records' as const, fields: [] }
    const lookup = inputs['lookup'] ?? { kind: 'records' as const, fields: [] }
    const own = new Set(input.fields.map(({ name }) => name))
    const added = takenSpecs(settings, lookup.fields).filter(({ name }) => !own.has(name))
    const open = input.open || (lookup.open && settings.take.length === 0)
    const joined = { ...input, fields: [...input.fields, ...added] }
    return {
      out: open ? { ...joined, open: true } : joined,
      ...(settings.unmatched === OTHER ? { [OTHER]: input } : {}),
    }
  },
  async *runDataset(input, settings, ctx) {
    const table = new Map<string, Fields>()
    const { by, keys, ignoreCase, unmatched } = settings
    const lookupKey = createKeyReader({
      by,
      fields: keys.map(({ lookupField }) => lookupField),
      ignoreCase,
    })
    for await (const page of input.pages('lookup')) {
      for (const item of page) addToTable(table, lookupKey(item), item, settings, ctx)
      yield { kind: 'drop', reason: 'used_for_lookup', count: page.length }
    }
    const keyOf = createKeyReader({ by, fields: keys.map(({ field }) => field), ignoreCase })
    for await (const page of input.pages('in')) {
      const joined: Item[] = []
      const alone: Item[] = []
      for (const item of page) {
        const found = table.get(keyOf(item) ?? '')
        if (found) joined.push(addFound(item, found))
        else if (unmatched === 'keep') joined.push(item)
        else alone.push(item)
      }
      yield { kind: 'out', items: joined }
      if (unmatched === OTHER) yield { kind: 'out', items: alone, port: OTHER }
      else yield { kind: 'drop', reason: 'no_match', count: alone.length }
    }
  },
  examples: [],
  words: { 'zh-CN': joinWords },
})

const takenSpecs = ({ take, prefix }: Config, fields: readonly FieldSpec[]): FieldSpec[] =>
  (take.length === 0
    ? [...fields]
    : take.map(
        (name): FieldSpec =>
          fields.find((field) => field.name === name) ?? { name, type: 'unknown' },
      )
  ).map((field) => ({ ...field, name: prefix + field.name }))

/** The first record of a key counts, as a table should hold each key once. */
function addToTable(
  table: Map<string, Fields>,
  key: string | undefined,
  item: Item,
  { take, prefix }: Config,
  ctx: NodeContext,
): void {
  if (key === undefined || table.has(key)) return
  if (table.size >= MAX_LOOKUP)
    throw new RejectedError(
      'lookup_too_large',
      `The lookup table of "${ctx.nodeName}" holds more than ${MAX_LOOKUP.toLocaleString('en')} different keys. Filter it first, or connect the larger set to the other way in.`,
      { nodeId: ctx.nodeId },
    )
  const taken: Fields = {}
  for (const name of take.length === 0 ? Object.keys(item.fields) : take) {
    const value = readPath(item.fields, name)
    if (value !== undefined && isWritable(prefix + name)) taken[prefix + name] = value
  }
  table.set(key, taken)
}

/** The record's own values stay; what it lacks is taken from the table. */
function addFound(item: Item, found: Fields): Item {
  const fields = { ...item.fields }
  for (const name of Object.keys(found)) {
    const value = found[name]
    if (value !== undefined && !isSet(fields[name])) fields[name] = value
  }
  return { ...item, fields }
}
