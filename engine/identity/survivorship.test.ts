import { describe, expect, it } from 'vitest'
import {
  mergeProfileTraits,
  mergeTraits,
  type StoredTrait,
  type SurvivorshipRule,
  type Traits,
} from './survivorship.ts'

const trait = (value: StoredTrait['value'], day: number, source = 'crm'): StoredTrait => ({
  value,
  source,
  at: `2026-01-${String(day).padStart(2, '0')}T00:00:00.000Z`,
})

const rulesOf = (fallback: SurvivorshipRule) => ({ fallback, traits: {} })

const apply = (rule: SurvivorshipRule, values: StoredTrait[]): Traits =>
  values.reduce<Traits>((known, one) => mergeTraits(known, { city: one }, rulesOf(rule)), {})

const permutations = <T>(list: T[]): T[][] =>
  list.length < 2
    ? [list]
    : list.flatMap((one, index) =>
        permutations(list.filter((_, other) => other !== index)).map((rest) => [one, ...rest]),
      )

describe('mergeTraits', () => {
  const priority = { strategy: 'source_priority', priority: ['erp', 'crm'] } as const
  const rows: Array<[string, SurvivorshipRule, StoredTrait[], unknown]> = [
    [
      'keeps the latest',
      { strategy: 'latest' },
      [trait('Bonn', 2), trait('Rome', 3), trait('Oslo', 1)],
      'Rome',
    ],
    [
      'settles an equal time by content',
      { strategy: 'latest' },
      [trait('Bonn', 2), trait('Rome', 2), trait('Oslo', 2)],
      'Rome',
    ],
    [
      'keeps the strongest source',
      priority,
      [trait('web', 9, 'web'), trait('erp', 1, 'erp'), trait('crm', 5)],
      'erp',
    ],
    [
      'keeps the latest of the strongest source',
      priority,
      [trait('old', 1, 'erp'), trait('new', 2, 'erp'), trait('web', 9, 'web')],
      'new',
    ],
    [
      'keeps the longest',
      { strategy: 'longest' },
      [trait('Li', 1), trait('Lisbon', 2), trait('Lima', 3)],
      'Lisbon',
    ],
    [
      'keeps the latest of equal length',
      { strategy: 'longest' },
      [trait('Rome', 1), trait('Oslo', 3), trait('Bonn', 2)],
      'Oslo',
    ],
    [
      'never lets empty text replace a value',
      { strategy: 'latest' },
      [trait('Rome', 1), trait(' ', 2), trait(null, 3)],
      'Rome',
    ],
    [
      'lets null replace a value when asked',
      { strategy: 'latest', acceptEmpty: true },
      [trait('Rome', 1), trait(null, 3)],
      null,
    ],
    [
      'keeps the most frequent',
      { strategy: 'most_frequent' },
      [trait('Rome', 1, 'a'), trait('Rome', 2, 'b'), trait('Oslo', 9)],
      'Rome',
    ],
    [
      'keeps the latest of equally frequent',
      { strategy: 'most_frequent' },
      [trait('Rome', 1), trait('Oslo', 9)],
      'Oslo',
    ],
  ]
  it.each(rows)('%s, whatever the order of arrival', (_, rule, values, expected) => {
    const outcomes = permutations(values).map((order) => apply(rule, order)['city'])
    expect(outcomes.map((one) => one?.value)).toEqual(outcomes.map(() => expected))
  })

  it.each(rows)('%s, and nothing changes when applied again', (_, rule, values) => {
    const once = apply(rule, values)
    for (const one of values) expect(mergeTraits(once, { city: one }, rulesOf(rule))).toBe(once)
  })

  it('counts each repeat of a value at a later time', () => {
    const rule: SurvivorshipRule = { strategy: 'most_frequent' }
    const days = [
      trait('Rome', 1),
      trait('Oslo', 2),
      trait('Rome', 3),
      trait('Oslo', 4),
      trait('Rome', 5),
    ]
    expect(apply(rule, [...days, trait('Oslo', 4)])['city']).toMatchObject({
      value: 'Rome',
      at: days[4]?.at,
      counts: { '"Rome"': 3, '"Oslo"': 2 },
    })
  })

  it('names the source and time of the value that survives by count', () => {
    const values = [trait('Rome', 1, 'a'), trait('Rome', 2, 'b'), trait('Oslo', 9, 'c')]
    expect(apply({ strategy: 'most_frequent' }, values)['city']).toMatchObject({
      source: 'b',
      at: trait('', 2).at,
    })
  })

  it('bounds the values it counts', () => {
    const values = Array.from({ length: 80 }, (_, index) =>
      trait(index, 1 + (index % 28), `s${index}`),
    )
    const { counts = {} } = apply({ strategy: 'most_frequent' }, values)['city'] ?? trait('', 1)
    expect(Object.keys(counts)).toHaveLength(50)
  })

  it('uses the rule of the trait, else the fallback', () => {
    const rules = {
      fallback: { strategy: 'latest' },
      traits: { name: { strategy: 'longest' } },
    } as const
    const known = { name: trait('Jane Doe', 1), city: trait('Lisbon', 1) }
    const merged = mergeTraits(known, { name: trait('Jane', 2), city: trait('Rome', 2) }, rules)
    expect([merged['name']?.value, merged['city']?.value]).toEqual(['Jane Doe', 'Rome'])
  })

  it('does not touch the traits it was given', () => {
    const known = Object.freeze({ city: Object.freeze(trait('Bonn', 1)) })
    expect(mergeTraits(known, { city: trait('Rome', 2) })['city']?.value).toBe('Rome')
    expect(known.city.value).toBe('Bonn')
  })

  it('treats inherited names as names', () => {
    const incoming = JSON.parse(
      '{"__proto__":{"value":1},"constructor":{"value":"x","source":"s","at":"2026"}}',
    ) as Traits
    const merged = mergeTraits({}, incoming)
    expect(Object.keys(merged)).toEqual(['constructor'])
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype)
  })
})

describe('mergeProfileTraits', () => {
  it('keeps the surviving value of each trait from either side', () => {
    const winner = { city: trait('Bonn', 5), name: trait('Jane', 1) }
    const loser = { city: trait('Rome', 2), name: trait('Jane Doe', 2), phone: trait('1', 1) }
    const merged = mergeProfileTraits(winner, loser)
    expect(Object.values(merged).map(({ value }) => value)).toEqual(['Bonn', 'Jane Doe', '1'])
  })

  it('adds up the counts of both sides', () => {
    const rule: SurvivorshipRule = { strategy: 'most_frequent' }
    const a = apply(rule, [trait('Rome', 1), trait('Oslo', 2), trait('Oslo', 3)])
    const b = apply(rule, [trait('Rome', 4), trait('Rome', 5)])
    const counts = { '"Rome"': 3, '"Oslo"': 2 }
    expect(mergeProfileTraits(a, b, rulesOf(rule))['city']).toMatchObject({ value: 'Rome', counts })
    expect(mergeProfileTraits(b, a, rulesOf(rule))['city']).toMatchObject({ value: 'Rome', counts })
  })
})
