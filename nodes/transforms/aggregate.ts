/** Makes one record of many: counts, sums, firsts and lasts by person or by fields. */
import { z } from 'zod'
import type { Fields, Json } from '../../engine/contract/json.ts'
import type { Item } from '../../engine/contract/item.ts'
import { defineNode } from '../../engine/contract/node.ts'
import type { FieldSpec } from '../../engine/contract/shape.ts'
import { toInstant, toNumber } from '../lib/condition.ts'
import { isSet, isWritable, readPath, toText } from '../lib/field-path.ts'

const measureSchema = z.enum(['count', 'sum', 'average', 'min', 'max', 'first', 'last', 'distinct'])

const config = z.strictObject({
  by: z
    .enum(['person', 'fields'])
    .default('person')
    .meta({
      title: 'One record for each',
      labels: { person: 'person', fields: 'combination of fields' },
    }),
  fields: z
    .array(z.string())
    .default([])
    .meta({
      title: 'Group by',
      widget: 'fields',
      showIf: { by: 'fields' },
    }),
  measures: z
    .array(
      z.strictObject({
        to: z
          .string()
          .min(1, 'Name the result.')
          .refine(isWritable, 'This name is reserved.')
          .meta({ title: 'Result' }),
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
          },
        }),
        field: z.string().min(1, 'Choose a field.').meta({ title: 'Of field', widget: 'field' }),
      }),
    )
    .min(1, 'Add at least one result.')
    .meta({ title: 'Results' }),
})
type Config = z.output<typeof config>
type Measure = Config['measures'][number]

const PAGE = 5_000

export const aggregate = defineNode({
  type: 'aggregate',
  version: 1,
  role: 'transform',
  title: 'Summarise',
  summary: 'Makes one record of many, such as orders and spend for each person.',
  config,
  scope: 'dataset',
  drops: { grouped: 'The record became part of a summary.' },
  fieldsUsed: ({ fields, measures }) => [
    ...fields.map((field, i) => [`fields.${i}`, field] as const),
    ...measures.map(({ field }, i) => [`measures.${i}.field`, field] as const),
  ],
  output: ({ by, fields, measures }, inputs) => {
    const input = inputs['in'] ?? { kind: 'records' as const, fields: [] }
    const kept = by === 'fields' ? input.fields.filter(({ name }) => fields.includes(name)) : []
    const made = measures.map(({ to, measure, field }): FieldSpec => {
      const origin = input.fields.find(({ name }) => name === field)
      const counts = measure === 'count' || measure === 'distinct'
      return counts ? { name: to, type: 'number' } : { type: 'unknown', ...origin, name: to }
    })
    return { out: { kind: by === 'person' ? input.kind : 'records', fields: [...kept, ...made] } }
  },
  async *runDataset(input, settings) {
    const groups = new Map<string, GroupState>()
    let read = 0
    for await (const page of input.pages('in')) {
      read += page.length
      for (const item of page) addToGroup(groups, item, settings)
    }
    yield { kind: 'drop', reason: 'grouped', count: read - groups.size }
    let items: Item[] = []
    for (const group of groups.values()) {
      items.push(toItem(group, settings))
      if (items.length === PAGE) {
        yield { kind: 'out', items }
        items = []
      }
    }
    yield { kind: 'out', items }
  },
  examples: [],
  words: {
    'zh-CN': {
      title: '汇总',
      summary: '把多条记录合成一条，例如每个人的订单数和消费额。',
      fields: {
        by: { title: '每条记录对应' },
        fields: { title: '分组字段' },
        measures: { title: '结果' },
        'measures.to': { title: '结果名称' },
        'measures.measure': { title: '计算方式' },
        'measures.field': { title: '字段' },
      },
      choices: {
        'by=person': '人',
        'by=fields': '字段组合',
        'measures.measure=count': '有该字段的数量',
        'measures.measure=sum': '总和',
        'measures.measure=average': '平均值',
        'measures.measure=min': '最小或最早',
        'measures.measure=max': '最大或最晚',
        'measures.measure=first': '第一个值',
        'measures.measure=last': '最后一个值',
        'measures.measure=distinct': '不同值的数量',
      },
      ports: { in: '输入', out: '输出' },
      reasons: { grouped: '该记录已并入汇总。' },
    },
  },
})

interface GroupState {
  first: Item
  fields: Fields
  values: Array<{ count: number; sum: number; kept: Json | undefined; distinct?: Set<string> }>
}

function addToGroup(groups: Map<string, GroupState>, item: Item, settings: Config): void {
  const { by, fields, measures } = settings
  const key =
    by === 'person'
      ? (item.profileId ?? item.id)
      : JSON.stringify(fields.map((field) => readPath(item.fields, field) ?? null))
  let group = groups.get(key)
  if (!group) {
    const named = by === 'fields' ? pick(item, fields) : {}
    const values = measures.map(() => ({ count: 0, sum: 0, kept: undefined }))
    group = { first: item, fields: named, values }
    groups.set(key, group)
  }
  for (const [i, measure] of measures.entries()) addValue(group, i, measure, item)
}

const pick = (item: Item, names: readonly string[]): Fields =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = readPath(item.fields, name)
      return value === undefined ? [] : [[name, value]]
    }),
  )

function addValue(group: GroupState, i: number, { measure, field }: Measure, item: Item): void {
  const value = readPath(item.fields, field)
  const state = group.values[i]
  if (!isSet(value) || !state) return
  state.count++
  state.sum += toNumber(value) ?? 0
  if (measure === 'distinct') (state.distinct ??= new Set()).add(toText(value))
  else if (measure === 'first') state.kept ??= value
  else if (measure === 'last') state.kept = value
  else if (measure === 'min' && isBefore(value, state.kept)) state.kept = value
  else if (measure === 'max' && isBefore(state.kept, value)) state.kept = value
}

/** Numbers by size, dates by time; anything comes before nothing. */
function isBefore(a: Json | undefined, b: Json | undefined): boolean {
  if (b === undefined || a === undefined) return true
  const [x, y] = [toNumber(a) ?? toInstant(a), toNumber(b) ?? toInstant(b)]
  return x !== undefined && y !== undefined ? x < y : toText(a) < toText(b)
}

/** Two decimals more than money needs: sums of floats carry no noise that people would see. */
const round = (value: number): number => Math.round(value * 10_000) / 10_000

function toItem({ first, fields, values }: GroupState, { by, measures }: Config): Item {
  const made: Fields = { ...fields }
  for (const [i, { to, measure }] of measures.entries()) {
    const { count = 0, sum = 0, kept, distinct } = values[i] ?? {}
    if (measure === 'count') made[to] = count
    else if (measure === 'distinct') made[to] = distinct?.size ?? 0
    else if (measure === 'sum') made[to] = round(sum)
    else if (measure === 'average') made[to] = count === 0 ? null : round(sum / count)
    else if (kept !== undefined) made[to] = kept
  }
  const { id, source, profileId } = first
  return { id, source, fields: made, ...(by === 'person' && profileId ? { profileId } : {}) }
}
