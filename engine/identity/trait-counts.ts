/**
 * Counting the values of a trait for `most_frequent`. Delivery is at least once, so a value counts
 * only when it is later than the last one counted of the same value and source; a late arrival of
 * an already counted value is therefore not counted, which is the price of never counting twice.
 */
import type { Json } from '../contract/json.ts'
import type { Trait } from '../contract/profile.ts'

export type StoredTrait = Trait & {
  /** For `most_frequent`: the latest time counted per value and source; older repeats don't count. */
  countedTo?: Record<string, string>
}

/** Beyond this many distinct values the rarest is forgotten. */
const MAX_VALUES = 50

type Tally = { text: string; count: number; at: string; source: string }

const later = (a: string, b: string): string => (a < b ? b : a)

/** Starts with JSON text, so no value can pose as a property of every object. */
const sightingKey = (text: string, source: string): string => `${text} ${source}`

const sightingOf = (trait: StoredTrait): Required<Pick<StoredTrait, 'counts' | 'countedTo'>> => {
  const text = JSON.stringify(trait.value)
  return {
    counts: trait.counts ?? { [text]: 1 },
    countedTo: trait.countedTo ?? { [sightingKey(text, trait.source)]: trait.at },
  }
}

const talliesOf = (counts: Record<string, number>, countedTo: Record<string, string>): Tally[] =>
  Object.entries(counts).map(([text, count]) => {
    const prefix = sightingKey(text, '')
    const [newest = ['', ''] as const] = Object.entries(countedTo)
      .filter(([key]) => key.startsWith(prefix))
      .sort(([keyA, a], [keyB, b]) => (a === b ? (keyA < keyB ? 1 : -1) : a < b ? 1 : -1))
    return { text, count, at: newest[1], source: newest[0].slice(prefix.length) }
  })

const frequentFirst = (a: Tally, b: Tally): number =>
  b.count - a.count || (a.at === b.at ? (a.text < b.text ? 1 : -1) : a.at < b.at ? 1 : -1)

const withMostFrequent = (
  base: StoredTrait,
  counts: Record<string, number>,
  countedTo: Record<string, string>,
): StoredTrait => {
  const tallies = talliesOf(counts, countedTo).sort(frequentFirst).slice(0, MAX_VALUES)
  const [top] = tallies
  if (!top) return base
  const known = new Set(tallies.map(({ text }) => text))
  const isKnown = (key: string): boolean => [...known].some((text) => key.startsWith(`${text} `))
  return {
    ...base,
    value: JSON.parse(top.text) as Json,
    source: top.source,
    at: top.at,
    counts: Object.fromEntries(tallies.map(({ text, count }) => [text, count])),
    countedTo: Object.fromEntries(Object.entries(countedTo).filter(([key]) => isKnown(key))),
  }
}

/** One more value seen; `existing` itself comes back when it was counted before. */
export const countValue = (
  existing: StoredTrait | undefined,
  incoming: StoredTrait,
): StoredTrait => {
  const text = JSON.stringify(incoming.value)
  const key = sightingKey(text, incoming.source)
  if (!existing) return { ...incoming, ...sightingOf(incoming) }
  const { counts, countedTo } = sightingOf(existing)
  if ((countedTo[key] ?? '') >= incoming.at) return existing
  return withMostFrequent(
    incoming,
    { ...counts, [text]: (counts[text] ?? 0) + 1 },
    { ...countedTo, [key]: incoming.at },
  )
}

/** The counts of two profiles together: their sightings were different events. */
export const joinCounts = (winner: StoredTrait | undefined, loser: StoredTrait): StoredTrait => {
  if (!winner) return loser
  const a = sightingOf(winner)
  const b = sightingOf(loser)
  const counts = { ...a.counts }
  for (const [text, count] of Object.entries(b.counts)) counts[text] = (counts[text] ?? 0) + count
  const countedTo = { ...a.countedTo }
  for (const [key, at] of Object.entries(b.countedTo))
    countedTo[key] = later(countedTo[key] ?? '', at)
  return withMostFrequent(winner, counts, countedTo)
}
