import { describe, expect, it } from 'vitest'
import { decideConsent, type ConsentQuestion } from './decide-consent.ts'
import { foldLedger, type ConsentState, type LedgerEntry } from './fold-ledger.ts'

const at = '2026-06-01T00:00:00.000Z'

const stateOf = (given: Partial<LedgerEntry> = {}): ConsentState =>
  foldLedger([
    {
      purpose: 'ads',
      kind: 'explicit',
      state: 'granted',
      at: '2026-01-01T00:00:00.000Z',
      ...given,
    },
  ])

const ask = (state: unknown, question: Partial<ConsentQuestion> = {}) =>
  decideConsent(state as ConsentState, { purposes: ['ads'], match: 'all', at, ...question })

describe('decideConsent for one purpose', () => {
  const rows: Array<[string, Partial<LedgerEntry>, string]> = [
    ['allows a grant', {}, 'granted'],
    ['allows a grant that has not expired', { expiresAt: '2026-06-02T00:00:00Z' }, 'granted'],
    ['refuses at the moment of expiry', { expiresAt: at }, 'expired'],
    ['refuses a grant with an unreadable expiry', { expiresAt: 'never' }, 'expired'],
    ['refuses a grant from the future', { at: '2027-01-01T00:00:00Z' }, 'unknown'],
    ['refuses a denial', { state: 'denied' }, 'denied'],
    [
      'refuses a denial even after its expiry',
      { state: 'denied', expiresAt: '2026-02-01T00:00:00Z' },
      'denied',
    ],
    ['refuses a withdrawal', { state: 'withdrawn' }, 'withdrawn'],
    ['refuses after an objection', { state: 'objected', kind: 'objection' }, 'objected'],
    ['refuses after GPC', { state: 'denied', kind: 'gpc' }, 'opted_out'],
    ['refuses while restricted', { state: 'denied', kind: 'restriction' }, 'restricted'],
    [
      'refuses while all purposes are restricted',
      { state: 'denied', kind: 'restriction', purpose: '*' },
      'restricted',
    ],
    ['refuses a purpose nobody decided', { purpose: 'analytics' }, 'unknown'],
  ]
  it.each(rows)('%s', (_, given, reason) => {
    expect(ask(stateOf(given))).toEqual({
      allowed: reason === 'granted',
      reasons: [{ purpose: 'ads', reason }],
    })
  })
})

describe('decideConsent for several purposes', () => {
  const purposes = ['ads', 'email_marketing']
  const rows: Array<[string, Partial<ConsentQuestion>, boolean]> = [
    ['needs every purpose for all', { purposes, match: 'all' }, false],
    ['needs one purpose for any', { purposes, match: 'any' }, true],
    ['refuses all of no purposes', { purposes: [], match: 'all' }, false],
    ['refuses any of no purposes', { purposes: [], match: 'any' }, false],
    [
      'uses the default of an undecided purpose',
      { purposes, policy: { defaults: { email_marketing: 'granted' } } },
      true,
    ],
    [
      'refuses by a default of denied',
      { purposes, policy: { defaults: { email_marketing: 'denied' } } },
      false,
    ],
  ]
  it.each(rows)('%s', (_, question, allowed) => {
    expect(ask(stateOf(), question).allowed).toBe(allowed)
  })

  it('does not let a default outrank a refusal', () => {
    const question = { policy: { defaults: { ads: 'granted' as const } } }
    expect(ask(stateOf({ state: 'withdrawn' }), question).allowed).toBe(false)
  })
})

describe('decideConsent on malformed input', () => {
  const good = { purpose: 'ads', kind: 'explicit', state: 'granted', at: '2026-01-01T00:00:00Z' }
  const rows: Array<[string, unknown, Record<string, unknown>]> = [
    ['refuses an absent state', undefined, {}],
    ['refuses null', null, {}],
    ['refuses an array', [good], {}],
    ['refuses text', '{"ads":true}', {}],
    ['refuses a bare true', { ads: true }, {}],
    ['refuses an entry without a kind', { ads: { ...good, kind: undefined } }, {}],
    ['refuses an unknown kind', { ads: { ...good, kind: 'verbal' } }, {}],
    ['refuses a state given as true', { ads: { ...good, state: true } }, {}],
    ['refuses a lifted opt-out posing as a grant', { ads: { ...good, kind: 'gpc' } }, {}],
    ['refuses a grant without a time', { ads: { ...good, at: undefined } }, {}],
    ['refuses an unreadable time of use', { ads: good }, { at: 'now' }],
    ['refuses an unknown match', { ads: good }, { match: 'most' }],
    ['refuses purposes given as text', { ads: good }, { purposes: 'ads' }],
    ['refuses inherited property names', {}, { purposes: ['constructor', '__proto__'] }],
    ['refuses a malformed policy', {}, { policy: { defaults: ['ads'] } }],
  ]
  it.each(rows)('%s', (_, state, question) => {
    expect(ask(state, question as Partial<ConsentQuestion>).allowed).toBe(false)
  })

  it('allows the well-formed entry the rows above break', () => {
    expect(ask({ ads: good }).allowed).toBe(true)
  })
})
