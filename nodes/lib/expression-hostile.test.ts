/**
 * Promise E-4: no formula reaches past CEL. The rows hold the syntax positions of n8n's and JSONata's
 * published escapes, and the ways to make an evaluator slow. What only the deadline of the worker
 * thread ends (nested `map` over long lists) is tested with the thread pool.
 */
import { afterEach, describe, expect, it } from 'vitest'
import { compileExpression } from './expression.ts'

const NOW = '2026-01-15T00:00:00.000Z'
const MOST_MS = 300
const FIELDS = { x: 'text', n: 1, list: [1, 2], map: { a: 1 } }

function outcome(source: string, fields: Record<string, never> | typeof FIELDS = FIELDS): unknown {
  try {
    return compileExpression(source).evaluate(fields, NOW)
  } catch {
    return 'refused'
  }
}

afterEach(() => {
  expect(globalThis).not.toHaveProperty('pwned')
  expect({}).not.toHaveProperty('polluted')
})

const RECEIVERS = ['x', 'n', 'list', 'map', 'fields', 'now', '""', '1', '1.5', 'true', 'null', '[]', '{}', 'b"a"', '1u', 'duration("1s")', 'type(1)', 'google', 'cel', 'string'] // prettier-ignore
const NAMES = ['constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', '__defineGetter__', '__lookupGetter__', 'then', 'call', 'apply'] // prettier-ignore

describe('reading what every JavaScript value has', () => {
  const rows = RECEIVERS.flatMap((receiver) =>
    NAMES.flatMap((name) => [`${receiver}.${name}`, `${receiver}["${name}"]`]),
  )
  it.each(rows)('%s is no value', (source) => {
    expect(outcome(source)).toBe('refused')
  })

  it.each([
    ...NAMES,
    'globalThis',
    'process',
    'require',
    'module',
    'this',
    'arguments',
    'eval',
    'Function',
    'Object',
    'Reflect',
    'Proxy',
    'global',
    'window',
    'self',
    'Buffer',
    '$',
    '$json',
    'undefined',
  ])('the bare name %s is a field, and absent', (source) => {
    expect(['refused', null]).toContain(outcome(source))
  })
})

const ESCAPES = [
  // Through Function, as in CVE-2025-68613 and Flowise CVE-2025-59528.
  'constructor.constructor("globalThis.pwned=1")()',
  '"".constructor.constructor("globalThis.pwned=1")()',
  '[].constructor.constructor("globalThis.pwned=1")()',
  '{}.constructor.constructor("globalThis.pwned=1")()',
  '(1).constructor.constructor("globalThis.pwned=1")()',
  'x["constructor"]["constructor"]("globalThis.pwned=1")()',
  'x["con" + "structor"]["con" + "structor"]("globalThis.pwned=1")()',
  'x[["constructor"][0]]',
  'x["\\u0063onstructor"]',
  'map["__pro" + "to__"]',
  'fields["__proto__"]["polluted"]',
  'map.__proto__',
  'map.?__proto__',
  'map[?"constructor"]',
  'x.`constructor`',
  'list.map(c, c.constructor)',
  '["constructor"].map(c, fields[c])',
  '["constructor"].map(c, map[c])',
  'cel.bind(c, "constructor", x[c])',
  'Function("globalThis.pwned=1")()',
  'new Function("globalThis.pwned=1")()',
  'eval("globalThis.pwned=1")',
  'this.constructor.constructor("globalThis.pwned=1")()',
  'globalThis.pwned = 1',
  'process.mainModule.require("child_process")',
  'process.env',
  'process["env"]',
  'import("node:fs")',
  'require("fs")',
  // Positions that n8n's rewriting missed, CVE-2026-1470 to -85165.
  'with (x) { constructor }',
  '() => constructor',
  '(() => constructor)()',
  '(() => { return constructor })()',
  'async () => await constructor',
  '(x => x.constructor)(1)',
  '((a = constructor) => a)()',
  '({constructor} = x)',
  '[...constructor]',
  '{...x}',
  '{...map}',
  '[...list]',
  'f(...list)',
  '({get a() { return constructor }}).a',
  '({set a(v) { pwned = v }}).a = 1',
  '({valueOf() { return 1 }}) + 1',
  '({toString: constructor}) + ""',
  '({[Symbol.toPrimitive]: constructor}) + ""',
  'Symbol.iterator',
  'new Proxy({}, {get: constructor})',
  'class A extends constructor {}',
  'class extends (constructor) {}',
  'class { static { pwned = 1 } }',
  'class { [constructor] = 1 }',
  'switch (1) { case constructor: 1 }',
  'switch (constructor) { default: 1 }',
  'label: constructor',
  'if (constructor) 1',
  'for (;;) {}',
  'while (true) {}',
  'do {} while (true)',
  'try { constructor } catch (e) { e }',
  'throw constructor',
  'function f() { return this } f()',
  'function* g() { yield constructor }',
  'yield constructor',
  'await constructor',
  'x?.constructor',
  'x?.["constructor"]',
  'x ?? constructor',
  'constructor`globalThis.pwned=1`',
  'x.replace`a${constructor}`',
  '`${constructor}`',
  '`a`',
  'delete x.constructor',
  'typeof constructor',
  'void constructor',
  'x instanceof constructor',
  'constructor, constructor',
  'a = constructor',
  'a += constructor',
  'a++',
  'let a = constructor',
  'var a = constructor',
  'const {constructor: c} = x',
  '/a/.constructor',
  'x /* */ . constructor',
  '#private',
  '@decorator',
  'x.constructor.name',
  '{{ constructor }}',
  '={{ $json.constructor }}',
  '${constructor}',
  '<%= constructor %>',
  'debugger',
  'new.target',
  'import.meta',
  'super.constructor',
  '1;constructor',
  'x\\u002econstructor',
  'ｘ.constructor',
  // JSONata, CVE-2024-27307 and its successors.
  '$lookup(x, "constructor")',
  '$spread(x)',
  '$ ~> |$|{"constructor": 1}|',
  '[1..9999999]',
  '$eval("1")',
  '$$.constructor',
  '$.__proto__',
  'function($a) { $a }',
  // The registry of the evaluator itself.
  'type(x).constructor',
  'google.protobuf.Timestamp.constructor',
  'google.protobuf.constructor',
  'dyn(x).constructor',
  'dyn(map)["constructor"]',
  'cel.bind(constructor, x, constructor.constructor)',
  'cel.constructor("a")',
  'optional.of(x).constructor',
  'has(map["constructor"])',
  'has(constructor)',
  'x.matches.constructor',
  'string.constructor("globalThis.pwned=1")()',
]

describe('escapes', () => {
  it('are more than a hundred', () => {
    expect(new Set(ESCAPES).size).toBeGreaterThan(100)
  })

  it.each(ESCAPES)('%s gives nothing', (source) => {
    expect(['refused', null, undefined]).toContain(outcome(source))
  })

  it.each([
    'has(map.constructor)',
    'has(fields.__proto__)',
    '"constructor" in map',
    '"__proto__" in fields',
    'map == {"constructor": 1}',
  ])('%s does not hold', (source) => {
    expect([false, 'refused']).toContain(outcome(source))
  })

  it.each([
    '{"__proto__": {"polluted": 1}}',
    '{["__proto__"]: {"polluted": 1}}',
    '{["constructor"]: x}',
    '{[constructor]: x}',
    '{"constructor": {"prototype": {"polluted": 1}}}',
  ])('%s pollutes nothing', (source) => {
    expect([{}, { '': 'text' }, undefined]).toContainEqual(outcome(source))
  })
})

const nest = (times: number, open: string, inner: string, close: string): string =>
  open.repeat(times) + inner + close.repeat(times)
const doubled = (times: number, twice: (name: string) => string): string =>
  Array.from({ length: times }).reduce<string>(
    (inner, _, i) => `cel.bind(a${i}, ${inner}, ${twice(`a${i}`)})`,
    'x',
  )
const EVIL = { x: `${'a'.repeat(100_000)}!` }

const SLOW: Array<[name: string, source: string]> = [
  ['a nested repetition', 'x.matches("^(a+)+$")'],
  ['an alternative in a repetition', 'x.matches("^(a|aa)+$")'],
  ['an alternative of equals', 'x.matches("(a|a)*$")'],
  ['a late end', 'x.matches("(.*a){20}$")'],
  ['two stars', 'x.matches("^(a*)*b")'],
  ['a comment before the call', 'x // matches\n.matches("^(a+)+$")'],
  ['a comment behind the dot', 'x. // matches\nmatches("^(a+)+$")'],
  ['a call within a list step', '[x].exists(q, q.matches("^(a+)+$"))'],
  ['a call in a list step of the same name', '[x].map(matches, matches.matches("^(a+)+$"))'],
  ['a call in a binding', 'cel.bind(p, "^(a+)+$", x.matches(p))'],
  ['a call in a map', '{"matches": x}.matches.matches("^(a+)+$")'],
  ['a call in an argument', 'text(x.matches("^(a+)+$"))'],
  ['a call in a condition', 'x.matches("^(a+)+$") ? 1 : x.matches("(a|a)*$") ? 2 : 3'],
  ['a pattern from the record', 'x.matches(x)'],
  ['a back-reference', 'x.matches("(a+)\\\\1+$")'],
  ['a look-ahead', 'x.matches("(?=(a+))\\\\1b")'],
  ['a thousand groups', `x.matches("${nest(300, '(', 'a', ')*')}")`],
  ['a large repetition', 'x.matches("((a{100}){100}){100}")'],
  ['a list doubled thirty times', doubled(30, (name) => `[${name}, ${name}]`)],
  ['a text doubled forty times', doubled(40, (name) => `${name} + ${name}`)],
  ['twenty thousand terms', Array(20_000).fill('1').join('+')],
  ['two thousand terms', Array(2_000).fill('1').join('+')],
  ['deep brackets', nest(1_500, '(', '1', ')')],
  ['deep lists', nest(1_500, '[', '1', ']')],
  ['deep negations', `${'!'.repeat(3_000)}true`],
  ['deep minus signs', `${'-'.repeat(3_000)}1`],
  ['deep conditions', nest(251, 'true?', '1', ':1')],
  ['deep members', `fields${'.a'.repeat(1_500)}`],
  ['many arguments', `coalesce(${Array(1_000).fill('x').join(',')})`],
  ['many elements', `[${Array(1_900).fill('1').join(',')}]`],
  ['a huge number', '9'.repeat(4_000)],
  ['a huge exponent', '1e999999999'],
  ['a replacement that multiplies', 'replace(x, "a", x)'],
  ['a join that multiplies', 'x.split("").join(x)'],
  ['no end of a text', `"${'a'.repeat(4_000)}`],
  ['a long escape', `"${'\\\\'.repeat(2_000)}"`],
]

describe('slow formulas', () => {
  it.each(SLOW)('%s ends in time', (_, source) => {
    const started = performance.now()
    const result = outcome(source, EVIL as never)
    expect(performance.now() - started).toBeLessThan(MOST_MS)
    expect(JSON.stringify(result)?.length ?? 0).toBeLessThan(1_100_000)
  })
})

describe('results', () => {
  it.each([
    ['x.split("").map(a, x)', { x: 'a'.repeat(5_000) }],
    ['list.map(a, list.map(b, list))', { list: Array.from({ length: 60 }, (_, i) => i) }],
    ['[x, x]', { x: 'a'.repeat(600_000) }],
  ])('%s is refused when it is too large', (source, fields) => {
    expect(() => compileExpression(source).evaluate(fields, NOW)).toThrow('too large')
  })

  it.each([
    ['upper(x) + lower("B")', 'TEXTb'],
    ['replace(x, "t", "")', 'ex'],
    ['coalesce(missing, "", x)', 'text'],
    ['coalesce(missing, other)', null],
    ['daysBetween("2026-01-01", now)', 14],
    ['hash("a").size()', 64],
    ['x.contains("ex") && x.startsWith("t") && x.endsWith("t")', true],
  ])('%s is %j', (source, expected) => {
    expect(outcome(source)).toEqual(expected)
  })

  it.each([
    ['type == "order" ? "yes" : "no"', 'yes'],
    ['list.size() + map.a', 3],
    ['type(x) == string', true],
    ['[1].map(type, type)', [1]],
    ['cel.bind(string, x, string)', 'text'],
  ])('%s is %j, though types have that name', (source, expected) => {
    expect(compileExpression(source).evaluate({ ...FIELDS, type: 'order' }, NOW)).toEqual(expected)
  })

  it.each(['uper(x)', 'x.nothing()', '1 + true', 'matches(x, "a")'])(
    '%s is refused before any record is seen',
    (source) => {
      expect(() => compileExpression(source)).toThrow()
    },
  )

  it('fails on the one record that does not suit, and goes on', () => {
    const { evaluate } = compileExpression('100 / number(n)')
    const results = ['4', 'x', '5'].map((n) => {
      try {
        return evaluate({ n }, NOW)
      } catch {
        return 'failed'
      }
    })
    expect(results).toEqual([25, 'failed', 20])
  })
})
