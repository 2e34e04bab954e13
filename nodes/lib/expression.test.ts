import { describe, expect, it } from 'vitest'
import { compileExpression, ExpressionError } from './expression.ts'

const NOW = '2026-01-15T00:00:00.000Z'
const run = (source: string, fields = {}) => compileExpression(source).evaluate(fields, NOW)

describe('formulas', () => {
  it.each([
    ['total * 2', { total: 1.5 }, 3],
    ['2 * total + 1', { total: 4 }, 9],
    ['-2 * total', { total: 4 }, -8],
    ['5 / 2', {}, 2.5],
    ['tags.size() + 1', { tags: ['a'] }, 2],
    ['name.substring(0, 2)', { name: 'Ada' }, 'Ad'],
    ['number(total) / 4', { total: '10' }, 2.5],
    ['first + " " + last', { first: 'Ada', last: 'Lovelace' }, 'Ada Lovelace'],
    ['fields["first name"]', { 'first name': 'Ada' }, 'Ada'],
    ['isSet(x) ? x : "none"', {}, 'none'],
    ['tags.exists(t, t == "vip")', { tags: ['a', 'vip'] }, true],
    ['email.matches("^a.*@") ? 1 : 0', { email: 'ada@example.com' }, 1],
    ['round(2.345, 2)', {}, 2.35],
    ['now', {}, NOW],
  ])('%s', (source, fields, expected) => {
    expect(run(source, fields)).toEqual(expected)
  })

  it.each(['a +', 'constructor.constructor("x")()', 'x'.repeat(5_000)])(
    'refuses or fails what is no formula: %.30s',
    (source) => {
      expect(() => run(source, { constructor: null })).toThrow()
    },
  )

  it('says why a formula cannot be read', () => {
    expect(() => compileExpression('(a + 1')).toThrow(ExpressionError)
  })

  it('names the fields it uses, but not the names it makes itself', () => {
    const { fields } = compileExpression('a + fields["b c"] + fields.d + l.filter(q, q > e).size()')
    expect([...fields].sort()).toEqual(['a', 'b c', 'd', 'e', 'l'])
  })

  it('runs patterns in linear time, also when the text names the function', () => {
    const started = performance.now()
    expect(run('x.matches("^(a+)+$") || ".matches(" == "x"', { x: `${'a'.repeat(5_000)}!` })).toBe(
      false,
    )
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  it('fails on a value that does not suit', () => {
    expect(() => run('total * 2', { total: 'many' })).toThrow()
  })
})
