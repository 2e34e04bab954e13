/** Steps that read and write profiles, on the real stores. */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Services } from '../engine/contract/services.ts'
import { createAudienceStore } from '../engine/store/audiences.ts'
import { createIdentityStore } from '../engine/store/identities.ts'
import { createProfileStore, profilesService } from '../engine/store/profiles.ts'
import { conformance } from '../test/suites/conformance.ts'
import { itemsOf, testContext } from '../test/support/node-context.ts'
import { testDatabase, type TestDatabase } from '../test/support/test-database.ts'
import { audience } from './audience/audience.ts'
import { consentFilter } from './consent/consent-filter.ts'
import { recordConsent } from './consent/record-consent.ts'
import { identityMatch } from './identity/identity-match.ts'
import { nodeTypes } from './index.ts'
import { writeProfile } from './profile/write-profile.ts'

const NOW = '2026-01-15T00:00:00.000Z'
let database: TestDatabase
let profiles: ReturnType<typeof createProfileStore>

beforeAll(async () => {
  database = await testDatabase()
  profiles = createProfileStore(database.database)
})
afterAll(() => database?.close())

const noService = (name: string) => async (): Promise<never> => {
  throw new Error(`This test has no ${name}.`)
}

function services(): Services {
  const key = randomBytes(32)
  return {
    profiles: profilesService(profiles, { flow: 'flow', flowVersion: 1, now: NOW }),
    identity: createIdentityStore({ database: database.database, profiles, key }).service({
      runId: 'run',
      claims: true,
    }),
    audiences: createAudienceStore(database.database).service({
      flowId: 'flow',
      now: NOW,
      nameOf: (name) => name,
    }),
    http: { request: noService('network') },
    deliveries: { delivered: noService('deliveries'), record: noService('deliveries') },
    limits: { take: noService('limits'), pause: noService('limits') },
    connections: { read: noService('connections') },
    files: { list: noService('files'), read: noService('files') },
    incoming: { latest: noService('events') },
    policy: { purposes: async () => ['email_marketing', 'ads'] },
  }
}

conformance(
  nodeTypes.filter(({ role }) => role !== 'destination' && role !== 'source'),
  { services },
)

describe('write profile', () => {
  it('writes each person once, the latest value and every event', async () => {
    const page = itemsOf([
      { profileId: 'w1', city: 'Old', at: '2026-01-01', event: 'Order Completed', id: '1' },
      { profileId: 'w1', city: 'New', at: '2026-01-02', event: 'Order Completed', id: '2' },
      { profileId: 'w1', city: 'Older', at: '2025-12-31', event: 'Order Completed', id: '1' },
      { profileId: 'w2', 'shop.name': 'East', at: '2026-01-02' },
    ])
    const { run } = writeProfile.parse({
      take: 'all',
      timeField: 'at',
      events: true,
      eventField: 'event',
      messageIdField: 'id',
    })
    const writes: number[] = []
    const given = services()
    const counted = {
      ...given.profiles,
      write: (list: Parameters<Services['profiles']['write']>[0]) => {
        writes.push(list.length)
        return given.profiles.write(list)
      },
    }
    const verdicts = await run?.(page, testContext({ profiles: counted }))
    expect(verdicts?.map(({ kind }) => kind)).toEqual(['out', 'out', 'out', 'out'])
    expect(writes).toEqual([2])
    const found = await profiles.read(['w1', 'w2'])
    expect(found.get('w1')?.traits['city']).toMatchObject({ value: 'New', source: 'Test' })
    expect(Object.keys(found.get('w1')?.traits ?? {})).toEqual(['city'])
    expect(found.get('w2')?.traits['shop_name']?.value).toBe('East')
    expect(await profiles.timeline('w1', 10)).toHaveLength(2)
  })
})

describe('consent', () => {
  const filter = consentFilter.parse({ purposes: ['email_marketing', 'ads'] })
  const record = recordConsent.parse({
    purposeField: 'purpose',
    stateField: 'choice',
    timeField: 'at',
    validDays: 30,
  })
  const say = (rows: Array<[purpose: string, choice: string, at: string]>, profileId: string) =>
    record.run?.(
      itemsOf(rows.map(([purpose, choice, at]) => ({ profileId, purpose, choice, at }))),
      testContext(services()),
    )
  const judge = async (profileId: string) =>
    (await filter.run?.(itemsOf([{ profileId }]), testContext(services())))?.[0]

  it.each([
    ['granted', 'c1', [['ads', 'yes', '2026-01-10']], 'out'],
    [
      'withdrawn later',
      'c2',
      [
        ['ads', 'yes', '2026-01-10'],
        ['ads', 'unsubscribed', '2026-01-12'],
      ],
      'ads:withdrawn',
    ],
    ['denied', 'c3', [['ads', 'no', '2026-01-10']], 'ads:denied'],
    ['granted too long ago', 'c4', [['ads', 'yes', '2025-11-01']], 'ads:expired'],
    ['objected', 'c5', [['ads', 'objected', '2026-01-10']], 'ads:objected'],
    ['never asked', 'c6', [], 'ads:unknown'],
  ] as const)('judges a purpose that was %s', async (_what, profileId, rows, expected) => {
    await say(
      [
        ['email_marketing', 'yes', '2026-01-10'],
        ...rows.map((row): [string, string, string] => [...row]),
      ],
      profileId,
    )
    const verdict = await judge(profileId)
    expect(verdict?.kind === 'drop' ? verdict.reason : verdict?.kind).toBe(expected)
  })
})

describe('identity match', () => {
  it('joins records that share an identifier, whatever their writing', async () => {
    const config = {
      identifiers: ['email', 'phone'].map((type) => ({ type, field: type })),
      regionField: 'country',
    }
    const page = itemsOf([
      { email: 'Ada@Example.com', phone: '020 7946 0018', country: 'United Kingdom' },
      { phone: '+44 20 7946 0018' },
      { email: 'bob@example.com' },
    ])
    const { run } = identityMatch.parse(config)
    const verdicts = (await run?.(page, testContext(services()))) ?? []
    const ids = verdicts.map((verdict) => (verdict.kind === 'out' ? verdict.item.profileId : ''))
    expect(ids[0]).toBe(ids[1])
    expect(ids[2]).not.toBe(ids[0])
  })

  it('says which pattern cannot be read', () => {
    const identifiers = [{ type: 'email', field: 'email' }]
    expect(() => identityMatch.parse({ identifiers, blockedPatterns: ['(a'] })).toThrow(
      'This pattern cannot be read.',
    )
  })
})

describe('audience', () => {
  const parsed = audience.parse({
    key: 'londoners',
    name: 'Londoners',
    condition: {
      kind: 'group',
      match: 'all',
      rules: [
        { kind: 'rule', field: 'traits.city', operator: 'equals', value: 'London' },
        { kind: 'rule', field: 'spent', operator: 'at_least', value: 10 },
      ],
    },
  })

  it('looks at the record and the profile, and keeps why', async () => {
    const given = services()
    const trait = {
      trait: 'city',
      value: 'London',
      at: NOW,
      source: 'Test',
      rule: 'latest' as const,
    }
    await given.profiles.write([
      { profileId: 'a1', isNew: true, identifiers: [], traits: [trait] },
      { profileId: 'a2', isNew: true, identifiers: [], traits: [] },
    ])
    const page = itemsOf([
      { profileId: 'a1', spent: 5 },
      { profileId: 'a1', spent: 20 },
      { profileId: 'a2', spent: 20 },
    ])
    const verdicts = await parsed.run?.(page, testContext(given))
    expect(verdicts?.map(({ kind }) => kind)).toEqual(['out', 'out', 'drop'])
    const rows = await database.database.db.collection('memberships').find().toArray()
    expect(rows.find((row) => row['profileId'] === 'a1')).toMatchObject({
      inside: true,
      why: 'Met: traits.city equals London; spent at least 10.',
    })
  })
})
