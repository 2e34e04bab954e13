/**
 * Which value of a trait survives when several are known. A preference is a total order, so the
 * outcome does not depend on the order of arrival, and applying the same values again changes
 * nothing. The very same object comes back when nothing changed: nothing to write.
 */
import type { Json } from '../contract/json.ts'
import { countValue, joinCounts, type StoredTrait } from './trait-counts.ts'

export type { StoredTrait }

export type SurvivorshipRule = {
  strategy: 'latest' | 'source_priority' | 'most_frequent' | 'longest'
  /** For `source_priority`: sources, strongest first; unlisted ones rank last. */
  priority?: readonly string[]
  /** Let null and empty text replace a value. */
  acceptEmpty?: boolean
}

export type SurvivorshipRules = {
  fallback: SurvivorshipRule
  traits: Readonly<Record<string, SurvivorshipRule>>
}

export type Traits = Readonly<Record<string, StoredTrait>>

export const latestWins: SurvivorshipRules = { fallback: { strategy: 'latest' }, traits: {} }

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Positive when `a` is later; a tie is settled by content, so that both orders agree. */
const compareLatest = (a: StoredTrait, b: StoredTrait): number =>
  compareText(a.at, b.at) ||
  compareText(a.source, b.source) ||
  compareText(JSON.stringify(a.value), JSON.stringify(b.value))

const strengthOf = (source: string, priority: readonly string[]): number => {
  const place = priority.indexOf(source)
  return place === -1 ? -priority.length : -place
}

const lengthOf = (value: Json): number =>
  typeof value === 'string' ? value.length : JSON.stringify(value).length

const compareTraits = (a: StoredTrait, b: StoredTrait, rule: SurvivorshipRule): number => {
  if (rule.strategy === 'source_priority') {
    const { priority = [] } = rule
    return strengthOf(a.source, priority) - strengthOf(b.source, priority) || compareLatest(a, b)
  }
  if (rule.strategy === 'longest') {
    return lengthOf(a.value) - lengthOf(b.value) || compareLatest(a, b)
  }
  return compareLatest(a, b)
}

const isEmpty = (value: Json | undefined): boolean =>
  value === null || value === undefined || (typeof value === 'string' && value.trim() === '')

const ruleOf = (rules: SurvivorshipRules, name: string): SurvivorshipRule =>
  Object.hasOwn(rules.traits, name) ? (rules.traits[name] ?? rules.fallback) : rules.fallback

type Combine = (existing: StoredTrait | undefined, incoming: StoredTrait) => StoredTrait

const survivor = (
  existing: StoredTrait | undefined,
  incoming: StoredTrait,
  rule: SurvivorshipRule,
): StoredTrait => (existing && compareTraits(existing, incoming, rule) >= 0 ? existing : incoming)

/** Applies `combine` trait by trait; copies only once something differs. */
const mergeWith = (
  existing: Traits,
  incoming: Traits,
  rules: SurvivorshipRules,
  combineBy: (rule: SurvivorshipRule) => Combine,
): Traits => {
  let merged: Record<string, StoredTrait> | undefined
  for (const name of Object.keys(incoming)) {
    const next = incoming[name]
    const rule = ruleOf(rules, name)
    // Assigning this name would change the object's prototype instead of adding a trait.
    if (next === undefined || name === '__proto__') continue
    if (isEmpty(next.value) && !rule.acceptEmpty) continue
    const known = Object.hasOwn(existing, name) ? existing[name] : undefined
    const kept = combineBy(rule)(known, next)
    if (kept === known) continue
    merged ??= { ...existing }
    merged[name] = kept
  }
  return merged ?? existing
}

const combineValues =
  (rule: SurvivorshipRule): Combine =>
  (existing, incoming) =>
    rule.strategy === 'most_frequent'
      ? countValue(existing, incoming)
      : survivor(existing, incoming, rule)

const combineProfiles =
  (rule: SurvivorshipRule): Combine =>
  (winner, loser) =>
    rule.strategy === 'most_frequent' ? joinCounts(winner, loser) : survivor(winner, loser, rule)

/** Newly arrived values into the traits of a profile. */
export const mergeTraits = (
  existing: Traits,
  incoming: Traits,
  rules: SurvivorshipRules = latestWins,
): Traits => mergeWith(existing, incoming, rules, combineValues)

/** Traits of the profile that goes into those of the one that stays. */
export const mergeProfileTraits = (
  winner: Traits,
  loser: Traits,
  rules: SurvivorshipRules = latestWins,
): Traits => mergeWith(winner, loser, rules, combineProfiles)
