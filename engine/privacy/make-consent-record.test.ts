import { expect, it } from 'vitest'
import { consentRecordSchema } from '../contract/consent-record.ts'
import type { PolicyVersion } from '../contract/policy.ts'
import { foldLedger, type LedgerEntry } from './fold-ledger.ts'
import { makeConsentRecord } from './make-consent-record.ts'

const SEED = 20_261_124
const KINDS = ['explicit', 'gpc', 'tcf', 'gpp', 'objection', 'restriction', 'default'] as const
const STATES = ['granted', 'denied', 'withdrawn', 'objected'] as const

let state = SEED
const random = (below: number): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((state / 2 ** 32) * below)
}
const pick = <Value>(list: readonly Value[]): Value => list[random(list.length)] as Value

const day = (n: number): string => new Date(Date.UTC(2026, 0, 1 + n)).toISOString()
const entry = (): LedgerEntry => ({
  purpose: pick(['ads', '*']),
  kind: pick(KINDS),
  state: pick(STATES),
  at: random(20) === 0 ? 'soon' : day(random(200)),
  ...(random(3) === 0 ? { expiresAt: day(random(400)) } : {}),
  ...(random(3) === 0 ? { method: 'form', source: 'Shop', proof: 'form 7' } : {}),
  ...(random(3) === 0 ? { noticeVersion: '3', language: pick(['en', 'zh-CN']) } : {}),
})

const policies: PolicyVersion[] = [
  {
    version: 0,
    changedAt: day(0),
    changedBy: '',
    rules: [],
    texts: [],
    controller: { name: '', address: '', contact: '' },
    storage: '',
    sensitiveTraits: [],
  },
  {
    version: 7,
    changedAt: day(0),
    changedBy: 'Officer',
    rules: [{ purpose: 'ads', region: '*', basis: 'consent', validDays: 365 }],
    texts: [{ purpose: 'ads', language: 'en', title: 'Advertising', text: 'Adverts.' }],
    controller: { name: 'Shop Ltd', address: '1 High Street', contact: 'privacy@shop.example' },
    storage: 'Ireland',
    sensitiveTraits: [],
  },
]

it(`makes of 10,000 random histories records that hold all the standard asks for, and from whose events the state follows (seed ${SEED})`, () => {
  for (let round = 0; round < 10_000; round++) {
    const entries = Array.from({ length: 1 + random(6) }, entry)
    const record = makeConsentRecord({
      profileId: `p${round}`,
      purpose: 'ads',
      entries,
      policy: pick(policies),
      dataTypes: pick([[], ['email', 'city']]),
      recipients: pick([[], ['crm.example']]),
      region: pick([undefined, 'DE', 'US']),
      withdrawalMethod: 'preference page',
    })
    const checked = consentRecordSchema.parse(record)
    expect(checked.events).toHaveLength(entries.length)
    expect(checked.events.map(({ state: told }) => told).sort()).toEqual(
      entries.map(({ state: kept }) => kept).sort(),
    )
    const times = checked.events.map(({ eventTime }) => eventTime)
    expect([...times].sort()).toHaveLength(times.length)
    // Derived, never stored beside: any order of the events folds to the same state.
    expect(foldLedger([...entries].reverse())).toEqual(foldLedger(entries))
  }
})

it('tells until when a yes counts', () => {
  const given = { purpose: 'ads', kind: 'explicit', state: 'granted', at: day(0) } as const
  const validity = (policy: PolicyVersion | undefined, more: Partial<LedgerEntry> = {}) =>
    makeConsentRecord({
      profileId: 'p',
      purpose: 'ads',
      entries: [{ ...given, ...more }],
      policy: policy ?? policies[0] ?? expect.fail(),
      dataTypes: [],
      recipients: [],
      withdrawalMethod: 'page',
    }).events[0]?.validityDuration
  expect(validity(policies[0])).toBe('until withdrawn')
  expect(validity(policies[1])).toBe(`until ${day(365)}`)
  expect(validity(policies[1], { expiresAt: day(9) })).toBe(`until ${day(9)}`)
  expect(validity(policies[0], { state: 'denied' })).toBe('until changed')
})
