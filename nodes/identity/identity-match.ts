/** Tells whose record each one is, by identifiers alone; resolves the whole input first. */
import { z } from 'zod'
import type { Identifier, Item } from '../../engine/contract/item.ts'
import { drop, out } from '../../engine/contract/item.ts'
import { defineNode } from '../../engine/contract/node.ts'
import { normaliseIdentifier } from '../../engine/identity/normalise-identifier.ts'
import { defaultIdentityRules } from '../../engine/identity/types.ts'
import { isSet, readPath } from '../lib/field-path.ts'

const config = z.strictObject({
  identifiers: z
    .array(
      z.strictObject({
        type: z
          .string()
          .regex(/^[a-z][a-z0-9_.]*$/, 'Use lower-case letters, digits and underscores.')
          .meta({
            title: 'Kind',
            placeholder: 'email',
            description: 'Such as email, phone, user_id, loyalty_id, anonymous_id.',
          }),
        field: z.string().min(1, 'Choose a field.').meta({ title: 'Field', widget: 'field' }),
      }),
    )
    .min(1, 'Choose at least one identifier.')
    .meta({ title: 'Identifiers', description: 'Strongest first.' }),
  regionField: z.string().default('').meta({
    title: 'Field with the country',
    description: 'Phone numbers without a country code are read as of this country.',
    widget: 'field',
    advanced: true,
  }),
  blockedPatterns: z.array(z.string().max(200)).max(100).default(['^(info|support|test)@']).meta({
    title: 'Values that identify nobody',
    description: 'Patterns of shared addresses and placeholders.',
    advanced: true,
  }),
  maxPerKind: z.int().min(1).max(100).default(5).meta({
    title: 'Most values of one kind for one person',
    advanced: true,
  }),
})
type Config = z.output<typeof config>

export const identityMatch = defineNode({
  type: 'identity_match',
  version: 1,
  role: 'identity',
  title: 'Identity match',
  summary: 'Finds out which records belong to the same person.',
  config,
  scope: 'dataset',
  effects: 'writes',
  uses: ['identity'],
  drops: { no_identifier: 'The record holds no usable identifier, so it belongs to nobody.' },
  fieldsUsed: ({ identifiers }) =>
    identifiers.map(({ field }, i) => [`identifiers.${i}.field`, field] as const),
  output: (_config, inputs) => ({
    out: { ...(inputs['in'] ?? { fields: [] }), kind: 'people' },
  }),
  async run(page, settings, ctx) {
    const request = requestOf(settings, ctx.defaultRegion)
    const matched = await ctx.service('identity').matchPage(page, request)
    return matched.map((item) => (item.profileId === undefined ? drop('no_identifier') : out(item)))
  },
  async *runDataset(input, settings, ctx) {
    const request = { ...requestOf(settings, ctx.defaultRegion), pages: () => input.pages('in') }
    if (ctx.mode === 'preview') {
      for await (const page of input.pages('in')) {
        const matched = await ctx.service('identity').matchPage(page, request)
        const people = matched.filter((item) => item.profileId !== undefined)
        yield { kind: 'out', items: people }
        yield { kind: 'drop', reason: 'no_identifier', count: page.length - people.length }
      }
      return
    }
    for await (const { items, buckets } of ctx.service('identity').matchAll(request)) {
      const kept = items.flatMap((item, i) => (item.profileId === undefined ? [] : [i]))
      yield {
        kind: 'out',
        items: kept.length === items.length ? items : items.filter((item) => item.profileId),
        buckets:
          kept.length === items.length ? buckets : Int32Array.from(kept, (i) => buckets[i] ?? 0),
      }
      yield { kind: 'drop', reason: 'no_identifier', count: items.length - kept.length }
    }
  },
  examples: [],
  words: {
    'zh-CN': {
      title: '身份匹配',
      summary: '找出哪些记录属于同一个人。',
      fields: {
        identifiers: { title: '标识', description: '最强的在前。' },
        'identifiers.type': {
          title: '类型',
          description: '如 email、phone、user_id、loyalty_id、anonymous_id。',
        },
        'identifiers.field': { title: '字段' },
        regionField: { title: '国家字段', description: '没有国家代码的电话按此国家读取。' },
        blockedPatterns: { title: '不代表任何人的值', description: '共用邮箱和占位值的模式。' },
        maxPerKind: { title: '每人每种标识的最大数量' },
      },
      ports: { in: '输入', out: '输出' },
      reasons: { no_identifier: '记录没有可用的标识，不属于任何人。' },
    },
  },
})

function requestOf(settings: Config, defaultRegion: string | undefined) {
  const priorities = settings.identifiers.map(({ type }, i) => ({
    type,
    limit: type === 'user_id' ? 1 : settings.maxPerKind,
    priority: i + 1,
  }))
  return {
    identifiersOf: (item: Item) => identifiersOf(item, settings, defaultRegion),
    rules: {
      ...defaultIdentityRules,
      kinds: priorities.filter(({ type }, i) => priorities.findIndex((p) => p.type === type) === i),
      blockedPatterns: [...defaultIdentityRules.blockedPatterns, ...settings.blockedPatterns],
    },
  }
}

function identifiersOf(
  item: Item,
  { identifiers, regionField }: Config,
  defaultRegion: string | undefined,
): Identifier[] {
  const found: Identifier[] = []
  for (const { type, field } of identifiers) {
    const raw = readPath(item.fields, field)
    if (!isSet(raw)) continue
    const region = regionField === '' ? undefined : readPath(item.fields, regionField)
    const readAs = typeof region === 'string' ? region : defaultRegion
    const result = normaliseIdentifier(
      type,
      raw,
      readAs === undefined ? {} : { defaultRegion: readAs },
    )
    if (!('value' in result)) continue
    if (!found.some((known) => known.type === type && known.value === result.value))
      found.push({ type, value: result.value })
  }
  return found
}
