/** Makes one record of many: counts, sums, firsts and lasts by person or by fields. */
import { z } from 'zod'
import type { Fields, Json } from '../../engine/contract/json.ts'
import { PAGE_ITEMS, type Item } from '../../engine/contract/item.ts'
import { defineNode } from '../../engine/contract/node.ts'
import type { FieldSpec } from '../../engine/contract/shape.ts'
import { toInstant, toNumber } from '../lib/condition.ts'
import { isSet, isWritable, readPath, toText } from '../lib/field-path.ts'
import { createKeyReader, groupId } from '../lib/group-key.ts'
import { aggregateWords } from '../words/aggregate.ts'

const measureSchema = z.enum([
  'count',
  'sum',
  'average',
  'min',
  'max',
  'first',
  'last',
  'distinct',
  'list',
])

const rowSchema = z.strictObject({
  to: z
    .string()
    .trim()
    .min(1, 'Name the result.')
    .max(256)
    .refine(isWritable, 'This name is reserved; choose another one.')
    .meta({ title: 'Result', placeholder: 'orders' }),
  measure: measureSchema.meta({
    title: 'Measure',
    labels: {
      count: 'how many have the field',
      sum: 'sum',
      average: 'average',
      min: 'smallest or earliest',
      max: 'largest or latest',
      first: 'first value',
      last: 'last value',
      distinct: 'number of different values',
      list: 'list of different values',
    },
  }),
  field: z.string().default('').meta({
    title: 'Of field',
    description: 'May stay empty for "how many": then all records count.',
    widget: 'field',
  }),
})

const config = z
  .strictObject({
    by: z
      .enum(['person', 'fields'])
      .default('person')
      .meta({
        title: 'One record for each',
        labels: { person: 'person', fields: 'combination of fields' },
      }),
    fields: z
      .array(z.string().min(1))
      .max(50)
      .default([])
      .meta({ title: 'Group by', widget: 'fields', showIf: { by: 'fields' } }),
    measures: z.array(rowSchema).min(1, 'Add at least one result.').max(100).meta({
      title: 'Results',
    }),
    timeField: z.string().default('').meta({
      title: 'Time field',
      description: 'Tells which value is first or last. Empty: as they are read.',
      widget: 'field',
      advanced: true,
    }),
  })
  .superRefine(({ by, fields, measures }, context) => {
    const wrong = (path: Array<string | number>, message: string) =>
      context.addIssue({ code: 'custom', path, message })
    if (by === 'fields' && fields.length === 0) wrong(['fields'], 'Choose at least one field.')
    const taken = new Set(by === 'fields' ? fields : [])
    for (const [i, { to, measure, field }] of measures.entries()) {
      if (field === '' && measure !== 'count') wrong(['measures', i, 'field'], 'Choose a field.')
      if (taken.has(to)) wrong(['measures', i, 'to'], `The name "${to}" is used twice.`)
      taken.add(to)
    }
  })
type Config = z.output<typeof config>
type Measure = z.output<typeof measureSchema>

/** Most values a list holds; more would make the record unwieldy. */
const MAX_LIST = 200

export const aggregate = defineNode({
  type: 'aggregate',
  version: 1,
  role: 'transform',
  title: 'Summarise',
  summary: 'Makes one record of many, such as orders and spend for each person.',
  config,
  scope: 'dataset',
  drops: {
    grouped: 'The record became part of a summary.',
    no_group: 'The record belongs to no known person, or all the fields to group by are empty.',
  },
  fieldsUsed: ({ by, fields, measures, timeField }) => [
    ...(by === 'fields' ? fields.map((field, i) => [`fields.${i}`, field] as const) : []),
    ...measures.map(({ field }, i) => [`measures.${i}.field`, field] as const),
    ['timeField', timeField],
  ],
  output: ({ by, fields, measures }, inputs) => {
    const input = inputs['in'] ?? { kind: 'records' as const, fields: [] }
    const kept = by === 'fields' ? input.fields.filter(({ name }) => fields.includes(name)) : []
    const made = measures.map(({ to, measure, field }) =>
      specOf(
        to,
        measure,
        input.fields.find(({ name }) => name === field),
      ),
    )
    return { out: { kind: by === 'person' ? 'people' : 'records', fields: [...kept, ...made] } }
  },
  async *runDataset(input, settings, ctx) {
    const groups = new Map<string, Group>()
    const keyOf = createKeyReader(settings)
    let grouped = 0
    let alone = 0
    for await (const page of input.pages('in'))
      for (const item of page) {
        const key = keyOf(item)
        if (key === undefined) alone++
        else if (addToGroup(groups, key, item, settings)) grouped++
      }
    yield { kind: 'drop', reason: 'grouped', count: grouped }
    yield { kind: 'drop', reason: 'no_group', count: alone }
    let items: Item[] = []
    for (const [key, group] of groups) {
      items.push(toItem(groupId(ctx.nodeId, key), group, settings, ctx.nodeName))
      if (items.length < PAGE_ITEMS) continue
      yield { kind: 'out', items }
      items = []
    }
    yield { kind: 'out', items }
  },
  examples: [
    {
      name: 'counts and sums the orders of each person',
      config: {
        measures: [
          { to: 'orders', measure: 'count' },
          { to: 'spent', measure: 'sum', field: 'total' },
          { to: 'last', measure: 'max', field: 'at' },
        ],
      },
      input: [
        { fields: { total: '10.10', at: '2026-01-02' }, profileId: 'p1' },
        { fields: { total: 20.2, at: '2026-01-01' }, profileId: 'p1' },
        { fields: { total: 5 } },
      ],
      expect: [
        { out: { orders: 2, spent: 30.3, last: '2026-01-02' } },
        { drop: 'grouped' },
        { drop: 'no_group' },
      ],
    },
  ],
  words: { 'zh-CN': aggregateWords },
})

function specOf(to: string, measure: Measure, origin: FieldSpec | undefined): FieldSpec {
  if (measure === 'count' || measure === 'distinct') return { name: to, type: 'number' }
  if (measure === 'sum' || measure === 'average') return { name: to, type: 'number' }
  const spec: FieldSpec = { type: 'unknown', ...origin, name: to }
  return measure === 'list' ? { ...spec, type: 'list' } : spec
}

interface Tally {
  count: number
  sum: number
  kept: Json | undefined
  /** Time of the value kept, for first and last. */
  at: number
  distinct: Map<string, Json> | undefined
}

interface Group {
  fields: Fields
  source: string
  profileId: string | undefined
  tallies: Tally[]
}

/** Whether the record joined a group that was there before. */
function addToGroup(
  groups: Map<string, Group>,
  key: string,
  item: Item,
  settings: Config,
): boolean {
  let group = groups.get(key)
  const isKnown = group !== undefined
  if (!group) {
    group = startGroup(item, settings)
    groups.set(key, group)
  }
  if (group.source !== item.source) group.source = ''
  const at = settings.timeField === '' ? undefined : toInstant(readAt(item, settings.timeField))
  for (let i = 0; i < settings.measures.length; i++) {
    const row = settings.measures[i]
    const tally = group.tallies[i]
    if (row && tally)
      addValue(tally, row.measure, row.field === '' ? 1 : readAt(item, row.field), at)
  }
  return isKnown
}

const readAt = (item: Item, field: string): Json | undefined => readPath(item.fields, field)

function startGroup(item: Item, { by, fields, measures }: Config): Group {
  const named: Fields = {}
  if (by === 'fields')
    for (const field of fields) {
      const value = readAt(item, field)
      if (value !== undefined) named[field] = value
    }
  return {
    fields: named,
    source: item.source,
    profileId: by === 'person' ? item.profileId : undefined,
    tallies: measures.map(() => ({
      count: 0,
      sum: 0,
      kept: undefined,
      at: NaN,
      distinct: undefined,
    })),
  }
}

function addValue(
  tally: Tally,
  measure: Measure,
  value: Json | undefined,
  at: number | undefined,
): void {
  if (!isSet(value)) return
  switch (measure) {
    case 'count':
      tally.count++
      return
    case 'sum':
    case 'average': {
      const number = toNumber(value)
      if (number === undefined) return
      tally.count++
      tally.sum += number
      return
    }
    case 'min':
      if (tally.kept === undefined || isBefore(value, tally.kept)) tally.kept = value
      return
    case 'max':
      if (tally.kept === undefined || isBefore(tally.kept, value)) tally.kept = value
      return
    case 'first':
      keepByTime(tally, value, (at ?? Infinity) < tally.at, at)
      return
    case 'last':
      keepByTime(tally, value, !((at ?? -Infinity) < tally.at), at)
      return
    case 'distinct':
    case 'list':
      tally.distinct ??= new Map()
      if (measure === 'distinct' || tally.distinct.size < MAX_LIST)
        tally.distinct.set(toText(value), measure === 'list' ? value : null)
  }
}

/** Without times the first value stays first, and the one read last is the last. */
function keepByTime(tally: Tally, value: Json, isBetter: boolean, at: number | undefined): void {
  if (tally.kept !== undefined && !isBetter) return
  tally.kept = value
  tally.at = at ?? NaN
}

/** Numbers by size, dates by time, other values as text. */
function isBefore(a: Json, b: Json): boolean {
  const [x, y] = [toNumber(a) ?? toInstant(a), toNumber(b) ?? toInstant(b)]
  return x !== undefined && y !== undefined ? x < y : toText(a) < toText(b)
}

/** Sums of decimal fractions carry noise in the last digits that nobody should see. */
const round = (value: number): number => Math.round(value * 1e6) / 1e6

function toItem(id: string, group: Group, { measures }: Config, nodeName: string): Item {
  const fields = group.fields
  for (const [i, { to, measure }] of measures.entries()) {
    const tally = group.tallies[i]
    const value = tally && resultOf(tally, measure)
    if (value !== undefined) fields[to] = value
  }
  // What was summed up from several sources comes from this step.
  const item: Item = { id, source: group.source || nodeName, fields }
  return group.profileId === undefined ? item : { ...item, profileId: group.profileId }
}

function resultOf({ count, sum, kept, distinct }: Tally, measure: Measure): Json | undefined {
  switch (measure) {
    case 'count':
      return count
    case 'distinct':
      return distinct?.size ?? 0
    case 'list':
      return distinct ? [...distinct.values()] : []
    case 'sum':
      return round(sum)
    case 'average':
      return count === 0 ? undefined : round(sum / count)
    default:
      return kept
  }
}
