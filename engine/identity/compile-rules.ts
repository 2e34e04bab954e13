/**
 * Identity rules in the form the resolvers ask: what is blocked, which kind ranks above which,
 * how many values of a kind may be held in which window.
 */
import { RE2JS } from 're2js'
import { defaultKindLimit, type Identifier, type IdentifierKind } from './types.ts'
import type { IdentityRules, LimitWindow } from './types.ts'

const DAY = 86_400_000

const windowLength: Record<LimitWindow, number> = {
  ever: Infinity,
  weekly: 7 * DAY,
  monthly: 30 * DAY,
  annually: 365 * DAY,
}

export type KindLimit = {
  limit: number
  /** Milliseconds; Infinity counts every value ever held. */
  window: number
}

export type CompiledRules = {
  isBlocked: (identifier: Identifier) => boolean
  /** Negative when kind `a` ranks above kind `b`. */
  compareKinds: (a: string, b: string) => number
  limitOf: (type: string) => KindLimit
  hasWindows: boolean
}

const compilePattern = (pattern: string): RE2JS => {
  try {
    return RE2JS.compile(pattern)
  } catch {
    throw new Error(
      `The blocked pattern "${pattern}" is not valid RE2 syntax; correct or remove it.`,
    )
  }
}

type ValueTest = (value: string) => boolean

const blockTest = (values: string[], patterns: string[]): ValueTest => {
  const exact = new Set(values.map((value) => value.toLowerCase()))
  const longest = Math.max(0, ...values.map((value) => value.length))
  const compiled = patterns.map(compilePattern)
  return (value) =>
    (value.length <= longest && exact.has(value.toLowerCase())) ||
    compiled.some((pattern) => pattern.matcher(value).find())
}

const blockTests = ({ kinds, blockedValues, blockedPatterns }: IdentityRules) => {
  const ofKind = new Map<string, ValueTest>()
  for (const { type, blocked = [], blockedPatterns: patterns = [] } of kinds) {
    if (blocked.length + patterns.length > 0) ofKind.set(type, blockTest(blocked, patterns))
  }
  const ofAll = blockTest(blockedValues, blockedPatterns)
  return ({ type, value }: Identifier) => ofAll(value) || (ofKind.get(type)?.(value) ?? false)
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const compile = (rules: IdentityRules): CompiledRules => {
  const kinds = new Map<string, IdentifierKind>(rules.kinds.map((kind) => [kind.type, kind]))
  const priority = (type: string): number => kinds.get(type)?.priority ?? Number.MAX_SAFE_INTEGER
  return {
    isBlocked: blockTests(rules),
    compareKinds: (a, b) => priority(a) - priority(b) || compareText(a, b),
    limitOf: (type) => {
      const kind = kinds.get(type)
      const limit = kind?.limit ?? defaultKindLimit
      return { limit, window: windowLength[kind?.window ?? 'ever'] }
    },
    hasWindows: rules.kinds.some(({ window = 'ever' }) => window !== 'ever'),
  }
}

const compiledBefore = new WeakMap<IdentityRules, CompiledRules>()

/** Compiles once per rules object: an event is resolved far more often than rules change. */
export const compileRules = (rules: IdentityRules): CompiledRules => {
  const known = compiledBefore.get(rules)
  if (known) return known
  const compiled = compile(rules)
  compiledBefore.set(rules, compiled)
  return compiled
}
