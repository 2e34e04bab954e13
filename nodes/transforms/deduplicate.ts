/** Keeps one record for each key, across the whole input. Memory grows with keys, not records. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Item } from '../../engine/contract/item.ts'
import { defineNode } from '../../engine/contract/node.ts'
import { toInstant } from '../lib/condition.ts'
import { readPath, toText } from '../lib/field-path.ts'

const config = z.strictObject({
  by: z
    .enum(['person', 'fields'])
    .default('fields')
    .meta({
      title: 'One record for each',
      labels: { person: 'person', fields: 'combination of fields' },
    }),
  fields: z
    .array(z.string())
    .default([])
    .meta({
      title: 'Fields',
      widget: 'fields',
      showIf: { by: 'fields' },
    }),
  keep: z
    .enum(['first', 'latest'])
    .default('first')
    .meta({
      title: 'Keep',
      labels: { first: 'the first one read', latest: 'the latest one' },
    }),
  timeField: z
    .string()
    .default('')
    .meta({
      title: 'Time field',
      widget: 'field',
      showIf: { keep: 'latest' },
    }),
})
type Config = z.output<typeof config>

export const deduplicate = defineNode({
  type: 'deduplicate',
  version: 1,
  role: 'transform',
  title: 'Remove duplicates',
  summary: 'Keeps one record for each person or each combination of fields.',
  config,
  scope: 'dataset',
  drops: { duplicate: 'Another record with the same key was kept.' },
  fieldsUsed: ({ fields, timeField }) => [
    ...fields.map((field, i) => [`fields.${i}`, field] as const),
    ['timeField', timeField],
  ],
  async *runDataset(input, settings) {
    const chosen = settings.keep === 'latest' ? await findLatest(input.pages('in'), settings) : null
    const seen = new Set<string>()
    for await (const page of input.pages('in')) {
      const kept = page.filter((item) => {
        const key = keyOf(item, settings)
        if (seen.has(key) || (chosen && chosen.get(key)?.id !== item.id)) return false
        seen.add(key)
        return true
      })
      yield { kind: 'out', items: kept }
      yield { kind: 'drop', reason: 'duplicate', count: page.length - kept.length }
    }
  },
  examples: [],
  words: {
    'zh-CN': {
      title: '去除重复',
      summary: '每个人或每种字段组合只保留一条记录。',
      fields: {
        by: { title: '每条记录对应' },
        fields: { title: '字段' },
        keep: { title: '保留' },
        timeField: { title: '时间字段' },
      },
      choices: {
        'by=person': '人',
        'by=fields': '字段组合',
        'keep=first': '最先读到的',
        'keep=latest': '最新的',
      },
      ports: { in: '输入', out: '输出' },
      reasons: { duplicate: '已保留另一条相同的记录。' },
    },
  },
})

/** A digest, so that long keys cost no more than short ones. */
function keyOf(item: Item, { by, fields }: Config): string {
  if (by === 'person') return item.profileId ?? item.id
  const values = fields.map((field) => toText(readPath(item.fields, field)))
  return createHash('sha1').update(JSON.stringify(values)).digest('base64')
}

async function findLatest(pages: AsyncIterable<Item[]>, settings: Config) {
  const latest = new Map<string, { id: string; at: number }>()
  for await (const page of pages)
    for (const item of page) {
      const key = keyOf(item, settings)
      const at = toInstant(readPath(item.fields, settings.timeField)) ?? -Infinity
      const known = latest.get(key)
      if (!known || at > known.at) latest.set(key, { id: item.id, at })
    }
  return latest
}
