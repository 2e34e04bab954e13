import { describe, expect, it } from 'vitest'
import { createRandom } from '../../test/support/random.ts'
import { foldLedger, mergeConsent, settleMerge, type LedgerEntry } from './fold-ledger.ts'

const entry = (
  kind: LedgerEntry['kind'],
  state: LedgerEntry['state'],
  day: number,
  more: Partial<LedgerEntry> = {},
): LedgerEntry => ({
  purpose: 'ads',
  kind,
  state,
  at: `2026-01-${String(day).padStart(2, '0')}T00:00:00.000Z`,
  ...more,
})

describe('foldLedger', () => {
  const rows: Array<[string, LedgerEntry[], [string, string] | undefined]> = [
    ['knows nothing of an empty ledger', [], undefined],
    [
      'takes the latest explicit choice',
      [entry('explicit', 'denied', 1), entry('explicit', 'granted', 2)],
      ['explicit', 'granted'],
    ],
    [
      'puts an explicit choice above a later TCF string',
      [entry('explicit', 'denied', 1), entry('tcf', 'granted', 9)],
      ['explicit', 'denied'],
    ],
    ['uses a TCF string when nothing was chosen', [entry('tcf', 'granted', 1)], ['tcf', 'granted']],
    [
      'takes the later of a TCF and a GPP string',
      [entry('tcf', 'granted', 1), entry('gpp', 'denied', 2)],
      ['gpp', 'denied'],
    ],
    [
      'puts GPC above a later explicit grant',
      [entry('gpc', 'denied', 1), entry('explicit', 'granted', 9)],
      ['gpc', 'denied'],
    ],
    [
      'puts an objection above GPC',
      [entry('gpc', 'denied', 9), entry('objection', 'objected', 1)],
      ['objection', 'objected'],
    ],
    [
      'reads an explicit objection as an objection',
      [entry('explicit', 'objected', 1), entry('explicit', 'granted', 9)],
      ['explicit', 'objected'],
    ],
    [
      'puts a restriction above everything',
      [
        entry('restriction', 'denied', 1),
        entry('objection', 'objected', 9),
        entry('explicit', 'granted', 9),
      ],
      ['restriction', 'denied'],
    ],
    [
      'returns to the choice when a restriction is lifted',
      [
        entry('restriction', 'denied', 1),
        entry('restriction', 'granted', 2),
        entry('explicit', 'granted', 1),
      ],
      ['explicit', 'granted'],
    ],
    [
      'does not take a lifted opt-out for a grant',
      [entry('gpc', 'denied', 1), entry('gpc', 'granted', 2)],
      undefined,
    ],
    [
      'refuses when a grant and a denial bear the same time',
      [entry('explicit', 'denied', 1), entry('explicit', 'granted', 1)],
      ['explicit', 'denied'],
    ],
    [
      'ignores a grant without a readable time',
      [entry('explicit', 'granted', 1, { at: 'soon' })],
      undefined,
    ],
    [
      'keeps a refusal without a readable time for good',
      [entry('explicit', 'denied', 1, { at: 'soon' }), entry('explicit', 'granted', 9)],
      ['explicit', 'denied'],
    ],
    [
      'applies a restriction of all purposes',
      [entry('restriction', 'denied', 1, { purpose: '*' }), entry('explicit', 'granted', 9)],
      ['restriction', 'denied'],
    ],
    [
      'never grants by all purposes',
      [entry('explicit', 'granted', 1, { purpose: '*' }), entry('explicit', 'denied', 1)],
      ['explicit', 'denied'],
    ],
    [
      'puts the default last',
      [entry('default', 'granted', 9), entry('gpp', 'denied', 1)],
      ['gpp', 'denied'],
    ],
  ]
  it.each(rows)('%s', (_, entries, expected) => {
    const decided = foldLedger(entries)['ads']
    expect(decided && [decided.kind, decided.state]).toEqual(expected)
  })

  it('treats a purpose called __proto__ as data', () => {
    const state = foldLedger([entry('explicit', 'granted', 1, { purpose: '__proto__' })])
    expect(Object.keys(state)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(state)).toBe(Object.prototype)
  })
})

const states = ['granted', 'denied', 'withdrawn', 'objected'] as const
const kinds = ['explicit', 'gpc', 'tcf', 'gpp', 'objection', 'restriction', 'default'] as const

const randomLedger = (random: () => number, most: number): LedgerEntry[] => {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  return Array.from({ length: Math.floor(random() * (most + 1)) }, () =>
    entry(pick(kinds), pick(states), 1 + Math.floor(random() * 6), {
      purpose: pick(['ads', 'ads', 'analytics', '*']),
      ...(random() < 0.4 && { verifiedBy: pick(['email:x', 'email:y']) }),
      ...(random() < 0.2 && { expiresAt: `2026-03-0${1 + Math.floor(random() * 3)}T00:00:00Z` }),
    }),
  )
}

/** The precedence in its plainest words, written without looking at the fold. */
const oracle = (entries: LedgerEntry[], purpose: string): string | undefined => {
  const mine = entries.filter((one) => one.purpose === purpose || one.purpose === '*')
  const newest = (list: LedgerEntry[]): LedgerEntry[] => {
    const last = Math.max(...list.map(({ at }) => Date.parse(at)))
    return list.filter(({ at }) => Date.parse(at) === last)
  }
  const blocks = (list: LedgerEntry[]) => newest(list).some(({ state }) => state !== 'granted')
  const isObjection = ({ kind, state }: LedgerEntry) =>
    kind === 'objection' || (state === 'objected' && kind !== 'restriction')
  if (blocks(mine.filter(({ kind }) => kind === 'restriction'))) return 'restricted'
  if (blocks(mine.filter(isObjection))) return 'objected'
  const rest = mine.filter((one) => !isObjection(one) && one.kind !== 'restriction')
  if (blocks(rest.filter(({ kind }) => kind === 'gpc'))) return 'opted out'
  const ownGrants = rest.filter((one) => one.purpose === purpose || one.state !== 'granted')
  const choices = purpose === '*' ? rest.filter(({ state }) => state !== 'granted') : ownGrants
  for (const group of [['explicit'], ['tcf', 'gpp'], ['default']]) {
    const list = newest(choices.filter(({ kind }) => group.includes(kind)))
    if (list.length === 0) continue
    for (const state of ['withdrawn', 'denied', 'granted']) {
      if (list.some((one) => one.state === state)) return state
    }
  }
  return undefined
}

const wordOf = (one: LedgerEntry | undefined): string | undefined => {
  if (one === undefined) return undefined
  if (one.kind === 'restriction') return 'restricted'
  if (one.kind === 'objection' || one.state === 'objected') return 'objected'
  return one.kind === 'gpc' ? 'opted out' : one.state
}

describe('random histories', () => {
  const seed = 20261124
  it(`folds 10,000 histories as the oracle does, in any order (seed ${seed})`, () => {
    const random = createRandom(seed).next
    for (let round = 0; round < 10_000; round++) {
      const ledger = randomLedger(random, 8)
      const state = foldLedger(ledger)
      const shuffled = ledger
        .map((one) => ({ one, key: random() }))
        .sort((a, b) => a.key - b.key)
        .map(({ one }) => one)
      expect(foldLedger(shuffled)).toEqual(state)
      for (const purpose of new Set(ledger.map((one) => one.purpose))) {
        expect(wordOf(state[purpose]), JSON.stringify(ledger)).toBe(oracle(ledger, purpose))
      }
    }
  })

  it(`settles a merge so that the plain fold agrees with it (seed ${seed})`, () => {
    const random = createRandom(seed + 1).next
    for (let round = 0; round < 5_000; round++) {
      const ledgers = [randomLedger(random, 4), randomLedger(random, 4), randomLedger(random, 2)]
      const merged = mergeConsent(ledgers.map(foldLedger))
      expect(mergeConsent([...ledgers].reverse().map(foldLedger))).toEqual(merged)
      const settled = settleMerge(ledgers, '2026-02-01T00:00:00.000Z')
      const folded = foldLedger([...ledgers.flat(), ...settled])
      for (const purpose of Object.keys(merged)) {
        const isGrant = merged[purpose]?.state === 'granted'
        expect(folded[purpose]?.state === 'granted', JSON.stringify(ledgers)).toBe(isGrant)
      }
    }
  })
})

describe('mergeConsent', () => {
  const merge = (...sides: LedgerEntry[]) =>
    mergeConsent(sides.map((one) => foldLedger([one])))['ads']?.state
  const by = (verifiedBy: string) => ({ verifiedBy })
  const rows: Array<[string, LedgerEntry, LedgerEntry, string]> = [
    [
      'lets a denial win over a later grant',
      entry('explicit', 'denied', 1),
      entry('explicit', 'granted', 2),
      'denied',
    ],
    [
      'lets a later grant by the same verified identifier win',
      entry('explicit', 'denied', 1, by('a')),
      entry('explicit', 'granted', 2, by('a')),
      'granted',
    ],
    [
      'lets a denial win over a grant by another identifier',
      entry('explicit', 'denied', 1, by('a')),
      entry('explicit', 'granted', 2, by('b')),
      'denied',
    ],
    [
      'lets a denial win over an earlier grant by the same identifier',
      entry('explicit', 'denied', 3, by('a')),
      entry('explicit', 'granted', 2, by('a')),
      'denied',
    ],
    [
      'does not take a TCF string for an explicit grant',
      entry('explicit', 'denied', 1, by('a')),
      entry('tcf', 'granted', 2, by('a')),
      'denied',
    ],
    [
      'keeps an objection against any grant',
      entry('objection', 'objected', 1, by('a')),
      entry('explicit', 'granted', 2, by('a')),
      'objected',
    ],
    [
      'keeps the grant when the other side knows nothing',
      entry('explicit', 'granted', 1),
      entry('explicit', 'denied', 2, { purpose: 'analytics' }),
      'granted',
    ],
  ]
  it.each(rows)('%s', (_, a, b, expected) => {
    expect(merge(a, b)).toBe(expected)
    expect(merge(b, a)).toBe(expected)
  })
})
