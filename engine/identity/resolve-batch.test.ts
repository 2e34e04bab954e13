import { describe, expect, it } from 'vitest'
import { createRandom } from '../../test/support/random.ts'
import { createBatchResolver, type ResolvedBatch } from './resolve-batch.ts'
import { resolveIdentifiers } from './resolve-identifiers.ts'
import { defaultIdentityRules, demotionReasons } from './types.ts'
import type { Identifier, IdentityRules, OwnerProfile } from './types.ts'

const DAY = 86_400_000

const text = ({ type, value }: Identifier): string => `${type}=${value}`

type Event = { identifiers: Identifier[]; at: number }
type Told = {
  people: string[]
  demoted: string[]
  merges: string[]
  /** Stored profile of each record, or '' for a new person and nobody. */
  profiles: string[]
}

/** Applies `resolveIdentifiers` to one record after the other, as live data would. */
const oneByOne = (rules: IdentityRules, stored: OwnerProfile[], events: Event[]): Told => {
  let profiles = structuredClone(stored)
  const redirect = new Map<string, string>()
  const recordProfile: Array<string | undefined> = []
  const demoted: string[] = []
  const merges: string[] = []
  for (const [record, { identifiers, at }] of events.entries()) {
    const owns = (one: OwnerProfile) =>
      one.identifiers.some((held) => identifiers.some((given) => text(given) === text(held)))
    const decision = resolveIdentifiers({ identifiers, profiles: profiles.filter(owns), at, rules })
    demoted.push(
      ...decision.demoted.map((one) => `${record} ${text(one.identifier)} ${one.reason}`),
    )
    const [into = `new${record}`, ...others] = decision.profileIds
    recordProfile.push(decision.outcome === 'none' ? undefined : into)
    if (decision.outcome === 'none') continue
    const joined = profiles.filter(({ profileId }) => decision.profileIds.includes(profileId))
    const held = joined.flatMap((one) => one.identifiers)
    const fresh = decision.keep.filter((one) => !held.some((other) => text(other) === text(one)))
    for (const other of others) {
      redirect.set(other, into)
      if (other.startsWith('stored')) merges.push(`${record} ${other}`)
    }
    profiles = profiles.filter((one) => !joined.includes(one))
    profiles.push({
      profileId: into,
      createdAt: joined.find(({ profileId }) => profileId === into)?.createdAt ?? 1_000 + record,
      merges: joined.reduce((sum, one) => sum + one.merges, Math.max(0, joined.length - 1)),
      identifiers: [...held, ...fresh.map((one) => ({ ...one, at }))],
      apart: joined.flatMap(({ apart = [] }) => apart),
    })
    // Whoever was apart from one of them is apart from what they became.
    profiles = profiles.map((one) =>
      one.apart?.some((id) => others.includes(id)) ? { ...one, apart: [...one.apart, into] } : one,
    )
  }
  const final = (id: string): string => {
    const next = redirect.get(id)
    return next === undefined ? id : final(next)
  }
  const byId = new Map(profiles.map((one) => [one.profileId, one]))
  return {
    people: recordProfile.map((id) =>
      id === undefined ? '' : (byId.get(final(id))?.identifiers ?? []).map(text).sort().join(' '),
    ),
    demoted,
    merges: merges.sort(),
    profiles: recordProfile.map((id) =>
      id !== undefined && final(id).startsWith('stored') ? final(id) : '',
    ),
  }
}

const members = (batch: ResolvedBatch, component: number): string =>
  [
    ...batch.memberIdentifiers.subarray(
      batch.memberStart[component],
      batch.memberStart[component + 1],
    ),
  ]
    .map((id) => text(batch.identifier(id)))
    .sort()
    .join(' ')

const allAtOnce = (rules: IdentityRules, stored: OwnerProfile[], events: Event[]): Told => {
  const resolver = createBatchResolver(rules)
  for (const [record, { identifiers, at }] of events.entries())
    resolver.add(record, identifiers, at)
  for (const one of stored) resolver.seedExisting(one)
  const batch = resolver.components()
  const components = [...batch.recordComponent]
  const { record, identifier, reason } = batch.demotions
  return {
    people: components.map((one) => (one === -1 ? '' : members(batch, one))),
    demoted: [...record].map((at, index) => {
      const id = identifier[index] ?? -1
      return `${at} ${text(batch.identifier(id))} ${demotionReasons[reason[index] ?? -1]}`
    }),
    merges: batch.merges.map((one) => `${one.record} ${one.merged}`).sort(),
    profiles: components.map((one) => batch.profileIdOf(one) ?? ''),
  }
}

const randomCase = (random: () => number) => {
  const below = (count: number) => Math.floor(random() * count)
  const spread = 2 + below(12)
  const kinds = ['user_id', 'email', 'phone', 'anonymous_id']
  const window = (['ever', 'weekly', 'monthly'] as const)[below(3)] ?? 'ever'
  const rules: IdentityRules = {
    ...defaultIdentityRules,
    kinds: [
      { type: 'user_id', limit: 1 + below(2), priority: 1 },
      { type: 'email', limit: 1 + below(3), priority: 2, window, blocked: ['1'] },
    ],
    maxMerges: below(4),
    maxIdentifiers: 3 + below(8),
    protectKnownUsers: random() < 0.5,
  }
  const identifier = (): Identifier => ({
    type: kinds[below(4)] ?? '',
    value: String(below(spread)),
  })
  const taken = new Set<string>()
  const stored = Array.from({ length: below(5) }, (_, index): OwnerProfile => {
    const held = Array.from({ length: 1 + below(4) }, identifier).filter((one) => {
      const isFree = !taken.has(text(one))
      taken.add(text(one))
      return isFree
    })
    return {
      profileId: `stored${index}`,
      createdAt: index,
      merges: below(3),
      identifiers: held.map((one) => ({ ...one, at: below(40) * DAY })),
      ...(index < 2 && random() < 0.3 ? { apart: [`stored${1 - index}`] } : {}),
    }
  })
  const events = Array.from({ length: below(40) }, () => ({
    identifiers: Array.from({ length: below(6) }, identifier),
    at: below(80) * DAY,
  }))
  return { rules, stored, events }
}

describe('createBatchResolver', () => {
  const seed = 4711
  it(`agrees with one record after the other in 2,000 random inputs (seed ${seed})`, () => {
    const random = createRandom(seed).next
    const seen = new Set<string>()
    let merges = 0
    for (let round = 0; round < 2_000; round++) {
      const { rules, stored, events } = randomCase(random)
      const expected = oneByOne(rules, stored, events)
      expect(allAtOnce(rules, stored, events), `round ${round}`).toEqual(expected)
      for (const one of expected.demoted) seen.add(one.split(' ')[2] ?? '')
      merges += expected.merges.length
    }
    // The comparison means something only if every rule came into play.
    expect([...seen].sort()).toEqual([...demotionReasons].sort())
    expect(merges).toBeGreaterThan(50)
  })

  const free: IdentityRules = {
    kinds: ['a', 'b', 'c'].map((type) => ({ type, limit: 1e9, priority: 1 })),
    blockedValues: [],
    blockedPatterns: [],
    maxMerges: 1e9,
    maxIdentifiers: 1e9,
    protectKnownUsers: false,
  }
  it.each(Array.from({ length: 20 }, (_, index) => index + 1))(
    'finds the same groups as a plain union-find without limits (seed %i)',
    (plainSeed) => {
      const random = createRandom(plainSeed).next
      const resolver = createBatchResolver(free)
      const parent = new Map<string, string>()
      const root = (key: string): string => {
        const up = parent.get(key) ?? key
        return up === key ? key : root(up)
      }
      const first: string[] = []
      for (let record = 0; record < 2_000; record++) {
        const identifiers = ['a', 'b', 'c']
          .slice(0, 1 + Math.floor(random() * 3))
          .map((type) => ({ type, value: String(Math.floor(random() * 1_500)) }))
        resolver.add(record, identifiers)
        const keys = identifiers.map(text)
        first.push(keys[0] ?? '')
        for (const key of keys) parent.set(root(key), root(keys[0] ?? ''))
      }
      const { recordComponent, count } = resolver.components()
      const numberOf = new Map<string, number>()
      const expected = first.map((key) => {
        const group = root(key)
        if (!numberOf.has(group)) numberOf.set(group, numberOf.size)
        return numberOf.get(group)
      })
      expect([...recordComponent]).toEqual(expected)
      expect(count).toBe(numberOf.size)
    },
  )

  it('reports two stored profiles that turn out to be one person', () => {
    const resolver = createBatchResolver(defaultIdentityRules)
    const held = (value: string) => [{ type: 'email', value, at: 0 }]
    resolver.add(0, [{ type: 'phone', value: '1' }])
    resolver.add(1, [
      { type: 'email', value: 'young' },
      { type: 'email', value: 'old' },
    ])
    resolver.seedExisting({ profileId: 'older', merges: 0, identifiers: held('old') })
    resolver.seedExisting({ profileId: 'younger', merges: 0, identifiers: held('young') })
    const batch = resolver.components()
    expect(batch.merges).toEqual([{ into: 'older', merged: 'younger', record: 1 }])
    expect([0, 1].map(batch.profileIdOf)).toEqual([undefined, 'older'])
    expect([...batch.claimedBy]).toEqual([0, -1, -1])
  })

  it('refuses a record out of order', () => {
    const resolver = createBatchResolver(defaultIdentityRules)
    expect(() => resolver.add(1, [])).toThrow('Record 1 came when 0 was due')
  })

  it('resolves 10,000 users of one support address apart (merge storm)', () => {
    const resolver = createBatchResolver(defaultIdentityRules)
    for (let user = 0; user < 10_000; user++) {
      resolver.add(user, [
        { type: 'email', value: 'support' },
        { type: 'user_id', value: `u${user}` },
      ])
    }
    const batch = resolver.components()
    expect(batch.count).toBe(10_000)
    expect(batch.demotions.record).toHaveLength(9_999)
  })

  it('resolves 100,000 records, each person once, and prints its time', () => {
    const random = createRandom(7).next
    const people = 20_000
    const events: Identifier[][] = Array.from({ length: 100_000 }, () => {
      const person = Math.floor(random() * people)
      const identifiers = [
        { type: 'email', value: `p${person}@example.com` },
        { type: 'anonymous_id', value: `a${person}-${Math.floor(random() * 3)}` },
      ]
      return random() < 0.2
        ? [...identifiers, { type: 'user_id', value: `u${person}` }]
        : identifiers
    })
    const start = performance.now()
    const resolver = createBatchResolver(defaultIdentityRules)
    for (const [record, identifiers] of events.entries()) resolver.add(record, identifiers)
    const batch = resolver.components()
    const took = Math.round(performance.now() - start)
    console.info(`100,000 records, ${batch.memberIdentifiers.length} identifiers: ${took} ms`)
    expect(batch.count).toBe(new Set(events.map(([email]) => email?.value)).size)
  })
})
