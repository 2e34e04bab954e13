/** Keeps one record for each key, across the whole input. Memory grows with keys, not records. */
import { z } from 'zod'
import type { Item } from '../../engine/contract/item.ts'
import { defineNode } from '../../engine/contract/node.ts'
import { toInstant } from '../lib/condition.ts'
import { readPath } from '../lib/field-path.ts'
import { createKeyReader } from '../lib/group-key.ts'
import { deduplicateWords } from '../words/deduplicate.ts'

const config = z
  .strictObject({
    by: z
      .enum(['person', 'fields'])
      .default('fields')
      .meta({
        title: 'One record for each',
        labels: { person: 'person', fields: 'combination of fields' },
      }),
    fields: z
      .array(z.string().min(1))
      .max(50)
      .default([])
      .meta({
        title: 'Fields',
        description: 'Records in which all of them are empty are all kept.',
        widget: 'fields',
        showIf: { by: 'fields' },
      }),
    ignoreCase: z
      .boolean()
      .default(false)
      .meta({ title: 'Capital letters do not count', showIf: { by: 'fields' }, advanced: true }),
    keep: z
      .enum(['first', 'earliest', 'latest'])
      .default('first')
      .meta({
        title: 'Keep',
        labels: {
          first: 'the first one read',
          earliest: 'the earliest one',
          latest: 'the latest one',
        },
      }),
    timeField: z
      .string()
      .default('')
      .meta({
        title: 'Time field',
        description: 'Records without a readable time come last.',
        widget: 'field',
        showIf: { keep: ['earliest', 'latest'] },
      }),
  })
  .superRefine(({ by, fields, keep, timeField }, context) => {
    if (by === 'fields' && fields.length === 0)
      context.addIssue({ code: 'custom', path: ['fields'], message: 'Choose at least one field.' })
    if (keep !== 'first' && timeField === '')
      context.addIssue({
        code: 'custom',
        path: ['timeField'],
        message: `Choose the field that tells which record is the ${keep} one.`,
      })
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
  fieldsUsed: ({ by, fields, keep, timeField }) => [
    ...(by === 'fields' ? fields.map((field, i) => [`fields.${i}`, field] as const) : []),
    ...(keep === 'first' ? [] : [['timeField', timeField] as const]),
  ],
  async *runDataset(input, settings) {
    const isKept =
      settings.keep === 'first'
        ? firstOfEach(settings)
        : keptByTime(await chooseByTime(input.pages('in'), settings), settings)
    for await (const page of input.pages('in')) {
      const kept = page.filter(isKept)
      yield { kind: 'out', items: kept }
      yield { kind: 'drop', reason: 'duplicate', count: page.length - kept.length }
    }
  },
  examples: [
    {
      name: 'keeps the first record of each address, and all without one',
      config: { fields: ['email'], ignoreCase: true },
      input: [
        { fields: { email: 'ada@example.com', n: 1 } },
        { fields: { email: 'ADA@example.com', n: 2 } },
        { fields: { n: 3 } },
        { fields: { email: ' ', n: 4 } },
      ],
      expect: [
        { out: { email: 'ada@example.com', n: 1 } },
        { drop: 'duplicate' },
        { out: { n: 3 } },
        { out: { email: ' ', n: 4 } },
      ],
    },
    {
      name: 'keeps the latest record of each person',
      config: { by: 'person', keep: 'latest', timeField: 'at' },
      input: [
        { fields: { at: '2026-01-01' }, profileId: 'p1' },
        { fields: { at: '2026-01-03' }, profileId: 'p1' },
        { fields: { at: 'soon' }, profileId: 'p1' },
        { fields: {}, profileId: 'p2' },
      ],
      expect: [
        { drop: 'duplicate' },
        { out: { at: '2026-01-03' } },
        { drop: 'duplicate' },
        { out: {} },
      ],
    },
  ],
  words: { 'zh-CN': deduplicateWords },
})

function firstOfEach(settings: Config): (item: Item) => boolean {
  const keyOf = createKeyReader(settings)
  const seen = new Set<string>()
  return (item) => {
    const key = keyOf(item)
    if (key === undefined) return true
    if (seen.has(key)) return false
    seen.add(key)
    return true
  }
}

interface Chosen {
  /** Place in the input, which is read in the same order each time. */
  place: number
  at: number
}

/** First pass: which record of each key has the time that is wanted; of equal ones the first. */
async function chooseByTime(
  pages: AsyncIterable<Item[]>,
  settings: Config,
): Promise<Map<string, Chosen>> {
  const keyOf = createKeyReader(settings)
  const sign = settings.keep === 'latest' ? 1 : -1
  const chosen = new Map<string, Chosen>()
  let place = 0
  for await (const page of pages)
    for (const item of page) {
      const key = keyOf(item)
      const instant = toInstant(readPath(item.fields, settings.timeField))
      const at = instant === undefined ? -Infinity : instant * sign
      const known = key === undefined ? undefined : chosen.get(key)
      if (key !== undefined && !known) chosen.set(key, { place, at })
      else if (known && at > known.at) Object.assign(known, { place, at })
      place++
    }
  return chosen
}

function keptByTime(chosen: Map<string, Chosen>, settings: Config): (item: Item) => boolean {
  const keyOf = createKeyReader(settings)
  let place = 0
  return (item) => {
    const key = keyOf(item)
    return key === undefined ? ++place > 0 : chosen.get(key)?.place === place++
  }
}
