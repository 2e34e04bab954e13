import { describe, expect, it } from 'vitest'
import type { Json } from '../../engine/contract/json.ts'
import {
  compileCondition,
  conditionFields,
  conditionSchema,
  type Group,
  type Operator,
  type Rule,
} from './condition.ts'

const NOW = '2026-03-10T12:00:00Z'
const rule = (operator: Operator, value?: Json, field = 'f'): Rule => ({
  kind: 'rule',
  field,
  operator,
  ...(value === undefined ? {} : { value }),
})
const group = (match: Group['match'], ...rules: Group['rules']): Group => ({
  kind: 'group',
  match,
  rules,
})
const holds = (tree: Group, fields: Record<string, Json>): boolean =>
  compileCondition(conditionSchema.parse(tree), NOW)(fields)

describe('a rule', () => {
  it.each<[Operator, Json | undefined, Json, boolean]>([
    ['equals', 'Gold', ' gold', true],
    ['equals', '5', 5, true],
    ['equals', 'gold', 'silver', false],
    ['not_equals', 'gold', 'silver', true],
    ['contains', 'AD', 'Ada', true],
    ['contains', 'vip', ['new', 'VIP'], true],
    ['contains', 'vi', ['vip'], false],
    ['not_contains', 'x', 'Ada', true],
    ['starts_with', 'ad', 'Ada', true],
    ['ends_with', 'DA', 'Ada', true],
    ['starts_with', 'da', 'Ada', false],
    ['is_set', undefined, 0, true],
    ['is_set', undefined, ' ', false],
    ['is_not_set', undefined, null, true],
    ['greater_than', 5, '10', true],
    ['greater_than', '5', 5, false],
    ['at_least', 5, 5, true],
    ['less_than', 5, 'many', false],
    ['at_most', 5, 4.9, true],
    ['between', [1, 3], 3, true],
    ['between', [1, 3], 3.1, false],
    ['between', ['2026-01-01', '2026-01-31'], '2026-01-15T00:00:00Z', true],
    ['is_one_of', ['a', 'B'], 'b', true],
    ['is_one_of', 'a, b', 'b', true],
    ['is_none_of', ['a'], 'b', true],
    ['before', '2026-01-01', '2025-12-31T23:59:59Z', true],
    ['before', '2026-01-01T00:00:00Z', '2026-01-01T00:30:00+01:00', true],
    ['before', '2026-01-01T10:30:00Z', '2026-01-01 10:00', true],
    ['after', '2026-01-01T09:30:00Z', '2026-01-01 10:00', true],
    ['after', '2026-01-01', 1_767_300_000, true],
    ['after', '2026-01-01', 1_767_300_000_000, true],
    ['after', '2026-01-01T09:30:00Z', '2026-01-01 11:00 +01:00', true],
    ['after', '2026-01-01', 'soon', false],
    ['in_last_days', 7, '2026-03-05', true],
    ['in_last_days', 7, '2026-03-01', false],
    ['in_last_days', 7, '2026-03-11', false],
    ['not_in_last_days', 7, '2026-03-01', true],
    ['is_true', undefined, 'yes', true],
    ['is_true', undefined, 'maybe', false],
    ['is_false', undefined, false, true],
    ['matches_pattern', '^a.+z$', 'abcz', true],
    ['matches_pattern', '^(a+)+$', `${'a'.repeat(5_000)}!`, false],
  ])('%s %j with %j: %s', (operator, value, given, expected) => {
    expect(holds(group('all', rule(operator, value)), { f: given })).toBe(expected)
  })

  it.each<[Operator, Json | undefined, boolean]>([
    ['equals', '', false],
    ['contains', '', false],
    ['greater_than', 0, false],
    ['less_than', 0, false],
    ['between', [0, 1], false],
    ['is_one_of', [''], false],
    ['before', '2030-01-01', false],
    ['in_last_days', 9_999, false],
    ['is_true', undefined, false],
    ['is_false', undefined, false],
    ['matches_pattern', '.*', false],
    ['not_equals', 'x', true],
    ['not_contains', 'x', true],
    ['is_none_of', ['x'], true],
    ['not_in_last_days', 1, true],
    ['is_not_set', undefined, true],
  ])('%s %j of a missing value: %s', (operator, value, expected) => {
    expect(holds(group('all', rule(operator, value)), {})).toBe(expected)
    expect(holds(group('all', rule(operator, value)), { f: null })).toBe(expected)
  })

  it.each(['constructor', '__proto__', 'a.constructor', 'toString'])(
    'finds nothing under the name %s',
    (field) => {
      expect(holds(group('all', rule('is_set', undefined, field)), { a: {} })).toBe(false)
    },
  )
})

describe('groups', () => {
  const yes = rule('is_set', undefined, 'a')
  const no = rule('is_set', undefined, 'missing')
  it.each<[string, Group, boolean]>([
    ['all of both', group('all', yes, no), false],
    ['any of both', group('any', yes, no), true],
    ['none of both', group('none', yes, no), false],
    ['none of the missing', group('none', no), true],
    ['all of nothing', group('all'), true],
    ['any of nothing', group('any'), false],
    ['a group in a group', group('all', yes, group('none', group('all', no))), true],
  ])('%s', (_, tree, expected) => {
    expect(holds(tree, { a: 1 })).toBe(expected)
  })

  it('names its fields and where they stand', () => {
    expect(conditionFields(group('all', yes, group('any', no)))).toEqual([
      ['rules.0.field', 'a'],
      ['rules.1.rules.0.field', 'missing'],
    ])
  })
})

describe('a tree that is refused', () => {
  const deep = (levels: number): Group =>
    Array.from({ length: levels }).reduce<Group>((inner) => group('all', inner), group('all'))
  it.each<[string, unknown]>([
    ['eleven levels', deep(10)],
    ['forty levels, the most a call may hold', deep(40)],
    ['201 rules in one group', group('all', ...Array<Rule>(201).fill(rule('is_set')))],
    [
      '201 rules in two groups',
      group(
        'all',
        group('all', ...Array<Rule>(101).fill(rule('is_set'))),
        group('all', ...Array<Rule>(100).fill(rule('is_set'))),
      ),
    ],
    ['a broken pattern', group('all', rule('matches_pattern', '(a'))],
    ['a look-behind', group('all', rule('matches_pattern', '(?<=a)b'))],
    ['a pattern that is no text', group('all', rule('matches_pattern', { $regex: '^' }))],
    ['an unknown operator', group('all', rule('$where' as Operator, 'sleep(9)'))],
    ['an unknown key', { ...group('all'), $or: [] }],
    ['no field', group('all', rule('is_set', undefined, ''))],
    ['a list', []],
  ])('%s', (_, tree) => {
    const result = conditionSchema.safeParse(tree)
    expect(result.success).toBe(false)
  })
})

describe('speed', () => {
  it('judges half a million records a second at least', () => {
    const test = compileCondition(group('all', rule('greater_than', 50)), NOW)
    const records = Array.from({ length: 1_000 }, (_, n) => ({ f: n % 100 }))
    const started = performance.now()
    let held = 0
    for (let i = 0; i < 200; i++) for (const record of records) held += Number(test(record))
    expect(200_000 / (performance.now() - started)).toBeGreaterThan(500)
    expect(held).toBe(98_000)
  })
})

describe('hostile conditions', () => {
  const nested = (depth: number): Group =>
    Array.from({ length: depth }).reduce<Group>(
      (inner) => ({ kind: 'group', match: 'all', rules: [inner] }),
      { kind: 'group', match: 'all', rules: [] },
    )

  it.each([11, 100, 100_000])('%i levels of groups are refused with a clear message', (depth) => {
    const messages = conditionSchema.safeParse(nested(depth)).error?.issues.map((i) => i.message)
    expect(messages).toEqual([expect.stringContaining('At most 10 levels')])
  })

  it('takes ten levels', () => {
    expect(conditionSchema.safeParse(nested(9)).success).toBe(true)
  })

  it.each(['^(a+)+$', '(a|aa)*$', '((a{100}){10}){10}b', '(.*a){20}$'])(
    'the pattern %s ends in time on a long text',
    (value) => {
      const tree = { kind: 'group', match: 'all', rules: [{ kind: 'rule', field: 'x', operator: 'matches_pattern', value }] } // prettier-ignore
      const parsed = conditionSchema.safeParse(tree)
      const started = performance.now()
      if (parsed.success) {
        const holds = compileCondition(parsed.data, '2026-01-15T00:00:00Z')
        for (const size of [1_000, 100_000, 1_000_000]) holds({ x: `${'a'.repeat(size)}!` })
      }
      expect(performance.now() - started).toBeLessThan(300)
    },
  )
})
