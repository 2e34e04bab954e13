/** Whether somebody is sent: a generated matrix of ledgers, policies, regions and records against an
 *  oracle in plain words; everything that goes wrong denies. */
import { describe, expect, it } from 'vitest'
import type { Item } from '../contract/item.ts'
import type { Basis, PolicyRule } from '../contract/policy.ts'
import { foldLedger, mergeConsent, settleMerge, type LedgerEntry } from '../privacy/fold-ledger.ts'
import type { ConsentStanding } from '../store/consents.ts'
import { createSendGate, type SendGateDeps } from './send-gate.ts'

const NOW = Date.parse('2026-06-01T00:00:00Z')
const ago = (days: number): string => new Date(NOW - days * 86_400_000).toISOString()

const rules = (...given: Array<[region: string, basis: Basis, validDays?: number]>): PolicyRule[] =>
  given.map(([region, basis, validDays = 0]) => ({ purpose: 'ads', region, basis, validDays }))

const gateOf = (
  standing: ConsentStanding | undefined,
  policy: readonly PolicyRule[],
  broken: Partial<SendGateDeps> = {},
) =>
  createSendGate({
    standing: async (ids) => new Map(standing ? ids.map((id) => [id, standing]) : []),
    readEpoch: async () => 1,
    readPolicy: async () => ({ rules: [...policy] }),
    now: () => NOW,
    ...broken,
  })

const item = (given: Partial<Item> = {}): Item => ({
  id: 'i',
  source: 'Test',
  fields: {},
  profileId: 'p',
  ...given,
})
const isSent = async (
  standing: ConsentStanding | undefined,
  policy: readonly PolicyRule[],
  given: Partial<Item> = {},
) => (await gateOf(standing, policy).judge([item(given)], ['ads'])).size === 0

const KINDS = ['explicit', 'tcf', 'gpp', 'default', 'gpc', 'objection', 'restriction'] as const
const STATES = ['granted', 'denied', 'withdrawn', 'objected'] as const
const EXPIRIES = [undefined, ago(1), ago(-1)]
const TIMES = [ago(10), ago(-10), 'soon']
const POLICIES: Array<[string, PolicyRule[], country: string | undefined, byDefault: boolean]> = [
  ['consent needed', rules(['*', 'consent']), 'DE', false],
  [
    'opt-out in the US, asked of an American',
    rules(['*', 'consent'], ['US', 'opt_out']),
    'US',
    true,
  ],
  ['opt-out in the US, asked of a German', rules(['*', 'consent'], ['US', 'opt_out']), 'DE', false],
  [
    'opt-out in the US, asked of nobody knows whom',
    rules(['*', 'consent'], ['US', 'opt_out']),
    undefined,
    false,
  ],
  [
    'interest everywhere but the EEA, a German',
    rules(['*', 'legitimate_interest'], ['EEA', 'consent']),
    'DE',
    false,
  ],
  [
    'interest everywhere but the EEA, a Brazilian',
    rules(['*', 'legitimate_interest'], ['EEA', 'consent']),
    'BR',
    true,
  ],
  [
    'interest everywhere but the EEA, unreadable country',
    rules(['*', 'legitimate_interest'], ['EEA', 'consent']),
    'Atlantis',
    false,
  ],
  ['no rule at all', [], 'DE', false],
]

interface Row {
  name: string
  standing: ConsentStanding
  policy: PolicyRule[]
  sent: boolean
}

/** In plain words: a refusal refuses; a clear, current yes allows; anything else is the default. */
function oracle(entry: LedgerEntry, byDefault: boolean): boolean {
  const time = Date.parse(entry.at)
  const isOptOut = ['gpc', 'objection', 'restriction'].includes(entry.kind)
  if (entry.state !== 'granted') return false
  if (isOptOut || Number.isNaN(time)) return byDefault
  if (time > NOW) return false
  return entry.expiresAt === undefined || Date.parse(entry.expiresAt) > NOW
}

const ledgerRows: Row[] = POLICIES.flatMap(([what, policy, country, byDefault]) =>
  KINDS.flatMap((kind) =>
    STATES.flatMap((state) =>
      EXPIRIES.flatMap((expiresAt) =>
        TIMES.map((at): Row => {
          const entry: LedgerEntry = {
            purpose: 'ads',
            kind,
            state,
            at,
            ...(expiresAt === undefined ? {} : { expiresAt }),
          }
          return {
            name: `${what}: ${JSON.stringify(entry)}`,
            standing: { consent: { ...foldLedger([entry]) }, ...(country ? { country } : {}) },
            policy,
            sent: oracle(entry, byDefault),
          }
        }),
      ),
    ),
  ),
)

describe('the matrix', () => {
  it(`has at least 500 rows, and each is as the oracle says (${ledgerRows.length} rows)`, async () => {
    expect(ledgerRows.length).toBeGreaterThanOrEqual(500)
    for (const { name, standing, policy, sent } of ledgerRows)
      expect(await isSent(standing, policy), name).toBe(sent)
  })

  const entry = (state: LedgerEntry['state'], day: number, verifiedBy?: string): LedgerEntry => ({
    purpose: 'ads',
    kind: 'explicit',
    state,
    at: ago(100 - day),
    ...(verifiedBy ? { verifiedBy } : {}),
  })
  const sides = [
    undefined,
    ...STATES.flatMap((state) =>
      [1, 2].flatMap((day) => ['a', 'b', undefined].map((by) => entry(state, day, by))),
    ),
  ]

  it(`lets a refusal win a merge but for a later yes of the same person (${sides.length ** 2} rows)`, async () => {
    const policy = rules(['*', 'consent'])
    for (const a of sides)
      for (const b of sides) {
        const ledgers = [a ? [a] : [], b ? [b] : []]
        const merged = mergeConsent(ledgers.map(foldLedger))
        const settled = foldLedger([...ledgers.flat(), ...settleMerge(ledgers, ago(0))])
        const overrules = (no?: LedgerEntry, yes?: LedgerEntry): boolean =>
          no?.state !== 'objected' &&
          yes?.state === 'granted' &&
          no?.verifiedBy !== undefined &&
          no.verifiedBy === yes.verifiedBy &&
          Date.parse(yes.at) > Date.parse(no.at)
        const refuses = (one?: LedgerEntry, other?: LedgerEntry): boolean =>
          one !== undefined && one.state !== 'granted' && !overrules(one, other)
        const isGranted = [a, b].some((one) => one?.state === 'granted')
        const expected = isGranted && !refuses(a, b) && !refuses(b, a)
        for (const consent of [merged, settled])
          expect(await isSent({ consent: { ...consent } }, policy), JSON.stringify([a, b])).toBe(
            expected,
          )
      }
  })
})

describe('what cannot be read', () => {
  const good = { purpose: 'ads', kind: 'explicit', state: 'granted', at: ago(1) }
  const malformed: unknown[] = [
    { ads: true },
    { ads: 'granted' },
    { ads: [] },
    { ads: null },
    { ads: { ...good, state: true } },
    { ads: { ...good, kind: 'verbal' } },
    { ads: { ...good, at: undefined } },
    { ads: { ...good, at: 0 } },
    { ads: { ...good, expiresAt: 'never' } },
    { analytics: good },
    [good],
    'granted',
    { __proto__: { ads: good } },
  ]
  it.each(malformed.map((consent) => [JSON.stringify(consent), consent] as const))(
    'is no yes: %s',
    async (_, consent) => {
      const standing = { consent } as unknown as ConsentStanding
      expect(await isSent(standing, rules(['*', 'consent']))).toBe(false)
    },
  )

  it.each<[string, Partial<SendGateDeps>]>([
    ['consent', { standing: () => Promise.reject(new Error('down')) }],
    ['the epoch', { readEpoch: () => Promise.reject(new Error('down')) }],
    ['the policy', { readPolicy: () => Promise.reject(new Error('down')) }],
  ])('stops everything when %s cannot be read, and goes on when it can', async (_, broken) => {
    const gate = gateOf({ consent: {} }, [], broken)
    await expect(gate.judge([item()], ['ads'])).rejects.toThrow('down')
  })

  it('sends nothing for no purpose', async () => {
    const gate = gateOf({ consent: { ads: good as LedgerEntry } }, rules(['*', 'opt_out']))
    expect((await gate.judge([item()], [])).size).toBe(1)
  })
})

describe('a record that proved its consent by itself', () => {
  const policy = rules(['*', 'consent'])
  const consented = ['ads']
  it.each<[string, Partial<Item>, ConsentStanding | undefined, boolean]>([
    ['is sent when it is nobody’s', { consented }, undefined, true],
    ['is not sent without proof', {}, undefined, false],
    ['is not sent by proof of another purpose', { consented: ['analytics'] }, undefined, false],
    [
      'is not sent against the person’s own no',
      { consented },
      { consent: foldOf('denied') },
      false,
    ],
    ['is sent when the person said nothing', { consented }, { consent: {} }, true],
  ])('%s', async (_, given, standing, sent) => {
    const { profileId: _p, ...nobody } = item(given)
    const one = standing ? item(given) : nobody
    expect((await gateOf(standing, policy).judge([one], ['ads'])).size === 0).toBe(sent)
  })
})

function foldOf(state: LedgerEntry['state']): ConsentStanding['consent'] {
  return { ...foldLedger([{ purpose: 'ads', kind: 'explicit', state, at: ago(1) }]) }
}

it('counts a yes no longer than the policy lets it', async () => {
  const standing = { consent: foldOf('granted'), country: 'DE' }
  expect(await isSent(standing, rules(['*', 'consent', 2]))).toBe(true)
  expect(await isSent(standing, rules(['*', 'consent', 1]))).toBe(false)
})

it('reads again what it keeps once consent changed anywhere', async () => {
  let epoch = 1
  let now = NOW
  let consent = foldOf('granted')
  let reads = 0
  const gate = createSendGate({
    standing: async (ids) => {
      reads++
      return new Map(ids.map((id) => [id, { consent }]))
    },
    readEpoch: async () => epoch,
    readPolicy: async () => ({ rules: rules(['*', 'consent']) }),
    now: () => now,
  })
  const sent = async () => (await gate.judge([item()], ['ads'])).size === 0
  expect(await sent()).toBe(true)
  expect(await sent()).toBe(true)
  expect(reads).toBe(1)
  consent = foldOf('withdrawn')
  epoch = 2
  now += 250
  expect(await sent()).toBe(false)
  expect(reads).toBe(2)
})
