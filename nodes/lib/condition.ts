/** Condition trees, as marketers build them: schema, and a predicate made once per page. */
import { z } from 'zod'
import type { Fields, Json } from '../../engine/contract/json.ts'
import { isSet, readPath, toText } from './field-path.ts'
import { compilePattern, type Pattern } from './pattern.ts'

export const operatorSchema = z.enum([
  'equals',
  'not_equals',
  'contains',
  'not_contains',
  'starts_with',
  'ends_with',
  'is_set',
  'is_not_set',
  'greater_than',
  'at_least',
  'less_than',
  'at_most',
  'between',
  'is_one_of',
  'is_none_of',
  'before',
  'after',
  'in_last_days',
  'not_in_last_days',
  'is_true',
  'is_false',
  'matches_pattern',
])
export type Operator = z.infer<typeof operatorSchema>

export const ruleSchema = z.strictObject({
  kind: z.literal('rule'),
  field: z.string().min(1, 'Choose a field.').max(256),
  operator: operatorSchema,
  value: z.json().optional(),
})
export type Rule = z.infer<typeof ruleSchema>

export interface Group {
  kind: 'group'
  match: 'all' | 'any' | 'none'
  rules: Array<Group | Rule>
}

const MAX_DEPTH = 10
const MAX_RULES = 200

const tooDeep = z
  .looseObject({ kind: z.literal('group') })
  .refine(() => false, `At most ${MAX_DEPTH} levels of groups are allowed. Put rules side by side.`)

/**
 * Level by level instead of by itself: a tree of any depth is then read without end of the stack, and
 * what is too deep is refused before anything looks into it.
 */
const levels = (left: number): z.ZodObject =>
  z.strictObject({
    kind: z.literal('group'),
    match: z.enum(['all', 'any', 'none']),
    rules: z
      .array(z.discriminatedUnion('kind', [ruleSchema, left > 1 ? levels(left - 1) : tooDeep]))
      .max(MAX_RULES, `At most ${MAX_RULES} rules are allowed.`),
  })

const groupSchema = levels(MAX_DEPTH) as unknown as z.ZodType<Group>

/** At most 10 levels and 200 rules; patterns are checked when the tree is read. */
export const conditionSchema = groupSchema.superRefine((tree, context) => {
  const rules = rulesOf(tree)
  if (rules.length > MAX_RULES) context.addIssue(`At most ${MAX_RULES} rules are allowed.`)
  for (const rule of rules)
    if (rule.operator === 'matches_pattern' && !readPattern(rule.value))
      context.addIssue(`The pattern of "${rule.field}" cannot be read. Check its brackets.`)
})

/** As deep as a tree may be: one that is deeper gets here as well, and is refused already. */
const rulesOf = (tree: Group, left = MAX_DEPTH): Rule[] =>
  left === 0
    ? []
    : tree.rules.flatMap((child) => (child.kind === 'rule' ? [child] : rulesOf(child, left - 1)))

/** Fields the tree looks at, with their place in it: `rules.0.field`. */
export function conditionFields(tree: Group, path = ''): Array<[path: string, field: string]> {
  return tree.rules.flatMap((child, i) => {
    const at = `${path}rules.${i}`
    return child.kind === 'rule'
      ? [[`${at}.field`, child.field] as [string, string]]
      : conditionFields(child, `${at}.`)
  })
}

export type Predicate = (fields: Fields) => boolean

/**
 * A comparison with a missing value is false, except that `is_not_set`, the `not_` operators and
 * `is_none_of` hold for it. Numbers may be written as text; dates are compared as instants.
 * `now` is the run's start, ISO 8601. An empty group of `all` or `none` holds; of `any` it does not.
 */
export function compileCondition(tree: Group, now: string): Predicate {
  const tests = tree.rules.map((child) =>
    child.kind === 'rule' ? compileRule(child, Date.parse(now)) : compileCondition(child, now),
  )
  if (tree.match === 'all') return (fields) => tests.every((test) => test(fields))
  if (tree.match === 'any') return (fields) => tests.some((test) => test(fields))
  return (fields) => !tests.some((test) => test(fields))
}

const DAY_MS = 86_400_000

function compileRule({ field, operator, value }: Rule, now: number): Predicate {
  const test = compileOperator(operator, value ?? null, now)
  return (fields) => test(readPath(fields, field))
}

type Test = (value: Json | undefined) => boolean

const not =
  (test: Test): Test =>
  (value) =>
    !test(value)

function compileOperator(operator: Operator, expected: Json, now: number): Test {
  const text = toText(expected).toLowerCase()
  const compare = (holds: (order: number) => boolean): Test => compareWith(expected, holds)
  switch (operator) {
    case 'equals':
      return equals(expected)
    case 'not_equals':
      return not(equals(expected))
    case 'contains':
      return contains(text)
    case 'not_contains':
      return not(contains(text))
    case 'starts_with':
      return (value) => isSet(value) && toText(value).toLowerCase().startsWith(text)
    case 'ends_with':
      return (value) => isSet(value) && toText(value).toLowerCase().endsWith(text)
    case 'is_set':
      return isSet
    case 'is_not_set':
      return not(isSet)
    case 'greater_than':
    case 'after':
      return compare((order) => order > 0)
    case 'at_least':
      return compare((order) => order >= 0)
    case 'less_than':
    case 'before':
      return compare((order) => order < 0)
    case 'at_most':
      return compare((order) => order <= 0)
    case 'between':
      return between(expected)
    case 'is_one_of':
      return oneOf(expected)
    case 'is_none_of':
      return not(oneOf(expected))
    case 'in_last_days':
      return withinDays(Number(expected), now)
    case 'not_in_last_days':
      return not(withinDays(Number(expected), now))
    case 'is_true':
      return isTrue
    case 'is_false':
      return (value) => value === false || value === 0 || /^(false|no|0)$/i.test(toText(value))
    case 'matches_pattern':
      return matches(expected)
  }
}

const isTrue: Test = (value) =>
  value === true || value === 1 || /^(true|yes|1)$/i.test(toText(value))

const equals = (expected: Json): Test => {
  const text = toText(expected).trim().toLowerCase()
  return (value) => isSet(value) && toText(value).trim().toLowerCase() === text
}

const contains =
  (text: string): Test =>
  (value) =>
    Array.isArray(value)
      ? value.some((entry) => toText(entry).toLowerCase() === text)
      : isSet(value) && toText(value).toLowerCase().includes(text)

const oneOf = (expected: Json): Test => {
  const list = Array.isArray(expected) ? expected : toText(expected).split(',')
  const wanted = new Set(list.map((entry) => toText(entry).trim().toLowerCase()))
  return (value) => isSet(value) && wanted.has(toText(value).trim().toLowerCase())
}

const between = (expected: Json): Test => {
  const [low, high] = Array.isArray(expected) ? expected : [null, null]
  const above = compareWith(low ?? null, (order) => order >= 0)
  const below = compareWith(high ?? null, (order) => order <= 0)
  return (value) => above(value) && below(value)
}

/** A text too long for the pattern does not match, as a value that cannot be compared does not. */
const matches = (expected: Json): Test => {
  const pattern = readPattern(expected)
  return (value) => isSet(value) && pattern?.test(toText(value)) === true
}

function readPattern(source: Json | undefined): Pattern | undefined {
  try {
    return typeof source === 'string' ? compilePattern(source) : undefined
  } catch {
    return undefined
  }
}

const withinDays =
  (days: number, now: number): Test =>
  (value) => {
    const at = toInstant(value)
    return at !== undefined && at <= now && at > now - days * DAY_MS
  }

/** Numbers as numbers, else dates as instants; values that are neither never compare. */
function compareWith(expected: Json, holds: (order: number) => boolean): Test {
  const number = toNumber(expected)
  if (number !== undefined)
    return (value) => {
      const given = toNumber(value)
      return given !== undefined && holds(given - number)
    }
  const instant = toInstant(expected)
  return (value) => {
    const given = toInstant(value)
    return instant !== undefined && given !== undefined && holds(given - instant)
  }
}

export function toNumber(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || value.trim() === '') return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}

/** Milliseconds since 1970 of an ISO 8601 date or time; a time without a zone is read as UTC. */
export function toInstant(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value < 1e11 ? value * 1_000 : value
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}/.test(value)) return undefined
  const text = value
    .trim()
    .replace(/^(.{10})\s+/, '$1T')
    .replace(/\s+/g, '')
  const isLocal = text.includes('T') && !/(Z|[+-]\d{2}:?\d{2})$/i.test(text)
  const at = Date.parse(isLocal ? `${text}Z` : text)
  return Number.isNaN(at) ? undefined : at
}
