/** Tells whose record each one is, by identifiers alone; resolves the whole input first. */
import { RE2JS } from 're2js'
import { z } from 'zod'
import { asJsonObject } from '../../engine/contract/event.ts'
import type { Json } from '../../engine/contract/json.ts'
import type { Identifier, Item } from '../../engine/contract/item.ts'
import { drop, fail, out } from '../../engine/contract/item.ts'
import { defineNode, type DatasetOutput, type NodeContext } from '../../engine/contract/node.ts'
import type { MatchRequest } from '../../engine/contract/services.ts'
import { normaliseIdentifier } from '../../engine/identity/normalise-identifier.ts'
import {
  defaultIdentityRules,
  defaultKindLimit,
  knownUserKind,
  limitWindowSchema,
  type IdentityRules,
} from '../../engine/identity/types.ts'
import { isSet, readPath } from '../lib/field-path.ts'
import { createRegionReader } from '../lib/region.ts'
import { identityMatchWords } from '../words/identity-match.ts'

const identifierSchema = z.strictObject({
  type: z
    .string()
    .regex(/^[a-z][a-z0-9_.]*$/, 'Use lower-case letters, digits and underscores.')
    .max(64)
    .meta({
      title: 'Kind',
      placeholder: 'email',
      description: 'Such as email, phone, user_id, loyalty_id, anonymous_id.',
    }),
  field: z.string().min(1, 'Choose a field.').meta({ title: 'Field', widget: 'field' }),
  limit: z.int().min(0).max(1_000).default(0).meta({
    title: 'Most for one person',
    description:
      'How many of this kind a person may have. 0: the usual, 1 user_id and 5 of others.',
    advanced: true,
  }),
  window: limitWindowSchema.default('ever').meta({
    title: 'Counted',
    labels: {
      ever: 'ever',
      weekly: 'within 7 days',
      monthly: 'within 30 days',
      annually: 'within 365 days',
    },
    advanced: true,
  }),
})

const isPattern = (source: string): boolean => {
  try {
    RE2JS.compile(source)
    return true
  } catch {
    return false
  }
}

const config = z.strictObject({
  identifiers: z
    .array(identifierSchema)
    .min(1, 'Choose at least one identifier.')
    .max(50)
    .meta({
      title: 'Identifiers',
      description: 'Strongest first. When two people may not be joined, the weakest gives way.',
      suggestByMeaning: {
        user_id: { type: 'user_id' },
        email: { type: 'email' },
        phone: { type: 'phone' },
        loyalty_id: { type: 'loyalty_id' },
        anonymous_id: { type: 'anonymous_id' },
        device_id: { type: 'device_id' },
      },
    }),
  listField: z.string().default('').meta({
    title: 'Field with a list of identifiers',
    description: 'More identifiers of the record, each with its kind, as live events bring them.',
    widget: 'field',
    advanced: true,
  }),
  regionField: z.string().default('').meta({
    title: 'Field with the country',
    description: 'Phone numbers without a country code are read as of this country.',
    widget: 'field',
    advanced: true,
  }),
  onMissing: z
    .enum(['drop', 'fail', 'anonymous'])
    .default('drop')
    .meta({
      title: 'Without a usable identifier',
      labels: {
        drop: 'Leave the record out',
        fail: 'Park the record',
        anonymous: 'Make an anonymous profile for it',
      },
      advanced: true,
    }),
  blockedValues: z
    .array(z.string().min(1).max(500))
    .max(10_000)
    .default([])
    .meta({
      title: 'Values that identify nobody',
      description: `Compared without regard to capital letters. Always among them: ${defaultIdentityRules.blockedValues.join(', ')}.`,
      advanced: true,
    }),
  blockedPatterns: z
    .array(
      z.string().max(200).refine(isPattern, 'This pattern cannot be read. Check its brackets.'),
    )
    .max(100)
    .default(['^(info|support|test)@'])
    .meta({
      title: 'Patterns that identify nobody',
      description: 'Patterns of shared addresses and placeholders, in RE2 syntax.',
      advanced: true,
    }),
  protectKnownUsers: z.boolean().default(true).meta({
    title: 'Never join two known users',
    description: 'People who each have a user_id stay apart, even when they share a device.',
    advanced: true,
  }),
  maxMerges: z.int().min(0).max(10_000).default(defaultIdentityRules.maxMerges).meta({
    title: 'Most merges of one profile',
    advanced: true,
  }),
  maxIdentifiers: z.int().min(1).max(10_000).default(defaultIdentityRules.maxIdentifiers).meta({
    title: 'Most identifiers of one profile',
    advanced: true,
  }),
})
type Config = z.output<typeof config>

/** Kind of the identifier that stands for a record without any. */
const RECORD_KIND = 'record_id'

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
  drops: {
    no_identifier: 'The record holds no usable identifier, so it belongs to nobody.',
    erased: 'The person asked to be erased, so their data is not taken in again.',
  },
  fails: { no_identifier: 'The record holds no usable identifier, so it belongs to nobody.' },
  fieldsUsed: ({ identifiers, listField, regionField }) => [
    ...identifiers.map(({ field }, i) => [`identifiers.${i}.field`, field] as const),
    ['listField', listField],
    ['regionField', regionField],
  ],
  output: (_config, inputs) => ({
    out: { ...(inputs['in'] ?? { fields: [] }), kind: 'people' },
  }),
  async run(page, settings, ctx) {
    const matched = await ctx.service('identity').matchPage(page, requestOf(settings, ctx))
    return matched.map((item) => {
      if (item.erased) return drop('erased')
      if (item.profileId !== undefined) return out(item)
      return settings.onMissing === 'fail' ? fail('no_identifier') : drop('no_identifier')
    })
  },
  async *runDataset(input, settings, ctx) {
    const request = requestOf(settings, ctx)
    if (ctx.mode === 'preview') {
      for await (const page of input.pages('in'))
        yield* sortMatched(await ctx.service('identity').matchPage(page, request), settings)
      return
    }
    const pages = () => input.pages('in')
    for await (const page of ctx.service('identity').matchAll({ ...request, pages }))
      yield* sortMatched(page.items, settings, page.buckets)
  },
  examples: [
    {
      name: 'leaves out a record without a usable identifier',
      config: { identifiers: [{ type: 'email', field: 'email' }] },
      input: [
        { fields: { email: 'ada@example.com' } },
        { fields: { email: 'nobody' } },
        { fields: { email: 'info@example.com' } },
        { fields: {} },
      ],
      expect: [
        { out: { email: 'ada@example.com' } },
        { drop: 'no_identifier' },
        { drop: 'no_identifier' },
        { drop: 'no_identifier' },
      ],
    },
    {
      name: 'makes an anonymous profile where that is wanted',
      config: { identifiers: [{ type: 'email', field: 'email' }], onMissing: 'anonymous' },
      input: [{ fields: { visits: 1 } }],
      expect: [{ out: { visits: 1 } }],
    },
  ],
  words: { 'zh-CN': identityMatchWords },
})

/** Items without a person end here; the buckets of the others stay beside them. */
function* sortMatched(
  items: Item[],
  { onMissing }: Config,
  buckets?: Int32Array,
): Iterable<DatasetOutput> {
  const unmatched = items.filter((item) => item.profileId === undefined)
  if (unmatched.length === 0) {
    yield buckets ? { kind: 'out', items, buckets } : { kind: 'out', items }
    return
  }
  const places = items.flatMap((item, i) => (item.profileId === undefined ? [] : [i]))
  const people = items.filter((item) => item.profileId !== undefined)
  yield {
    kind: 'out',
    items: people,
    ...(buckets ? { buckets: Int32Array.from(places, (i) => buckets[i] ?? 0) } : {}),
  }
  const alone = unmatched.filter((item) => !item.erased)
  const erased = unmatched.length - alone.length
  if (erased > 0) yield { kind: 'drop', reason: 'erased', count: erased }
  if (alone.length === 0) return
  if (onMissing === 'fail') yield { kind: 'fail', code: 'no_identifier', items: alone }
  else yield { kind: 'drop', reason: 'no_identifier', count: alone.length }
}

function requestOf(settings: Config, ctx: NodeContext): Omit<MatchRequest, 'pages'> {
  return { identifiersOf: createIdentifierReader(settings, ctx), rules: rulesOf(settings) }
}

function rulesOf(settings: Config): IdentityRules {
  const kinds = new Map<string, IdentityRules['kinds'][number]>()
  for (const { type, limit, window } of settings.identifiers) {
    if (kinds.has(type)) continue
    const usual = type === knownUserKind ? 1 : defaultKindLimit
    kinds.set(type, { type, limit: limit || usual, window, priority: kinds.size + 1 })
  }
  return {
    kinds: [...kinds.values()],
    blockedValues: [...defaultIdentityRules.blockedValues, ...settings.blockedValues],
    blockedPatterns: [...defaultIdentityRules.blockedPatterns, ...settings.blockedPatterns],
    maxMerges: settings.maxMerges,
    maxIdentifiers: settings.maxIdentifiers,
    protectKnownUsers: settings.protectKnownUsers,
  }
}

function createIdentifierReader(settings: Config, ctx: NodeContext) {
  const { identifiers, listField, onMissing } = settings
  const regionOf = createRegionReader(settings, ctx.defaultRegion)
  return (item: Item): Identifier[] => {
    const found: Identifier[] = []
    const add = (type: string, raw: Json | undefined): void => {
      if (!isSet(raw)) return
      const options = type === 'phone' ? { defaultRegion: regionOf(item.fields) } : undefined
      const result = normaliseIdentifier(type, raw, options)
      if ('value' in result && !holds(found, type, result.value))
        found.push({ type, value: result.value })
    }
    for (const { type, field } of identifiers) add(type, readPath(item.fields, field))
    if (listField !== '')
      for (const { type, value } of listedIn(readPath(item.fields, listField))) add(type, value)
    // The same record gives the same anonymous profile in each run of the flow.
    return found.length === 0 && onMissing === 'anonymous'
      ? [{ type: RECORD_KIND, value: `${ctx.flowId}:${item.id}` }]
      : found
  }
}

const KIND = /^[a-z][a-z0-9_.]{0,63}$/
/** What one record may name beyond its own fields. */
const MOST_LISTED = 50

/** Entries of the form `{ type, value }`; others are left out. */
function listedIn(list: Json | undefined): Array<{ type: string; value: Json | undefined }> {
  if (!Array.isArray(list)) return []
  return list.slice(0, MOST_LISTED).flatMap((entry) => {
    const { type, value } = asJsonObject(entry) ?? {}
    return typeof type === 'string' && KIND.test(type) ? [{ type, value }] : []
  })
}

const holds = (found: readonly Identifier[], type: string, value: string): boolean =>
  found.some((known) => known.type === type && known.value === value)
