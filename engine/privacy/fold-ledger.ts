/**
 * The consent ledger of a person -> the entry that decides each purpose. Precedence: restriction >
 * objection > GPC and opt-out > latest explicit choice > TCF or GPP string > default. The outcome
 * does not depend on the order of the entries. Expiry is judged at decision time (decide-consent).
 */
import type { ConsentEntry } from '../contract/profile.ts'

export type LedgerEntry = ConsentEntry

/** By purpose; no entry means nothing is known. */
export type ConsentState = Readonly<Record<string, LedgerEntry>>

/** Stands for all purposes, in refusals and in taking them back; it can never grant. */
export const everyPurpose = '*'

/** Lower decides first. From `choice` on a grant is a grant; above, it lifts what stood there. */
const level = {
  restriction: 0,
  objection: 1,
  optOut: 2,
  choice: 3,
  signal: 4,
  fallback: 5,
} as const

const levelOfKind: Record<LedgerEntry['kind'], number> = {
  restriction: level.restriction,
  objection: level.objection,
  gpc: level.optOut,
  explicit: level.choice,
  tcf: level.signal,
  gpp: level.signal,
  default: level.fallback,
}

export const levelOf = ({ kind, state }: LedgerEntry): number =>
  state === 'objected' ? Math.min(level.objection, levelOfKind[kind]) : levelOfKind[kind]

const strictness: Record<LedgerEntry['state'], number> = {
  granted: 0,
  denied: 1,
  withdrawn: 2,
  objected: 3,
}

const isGrant = ({ state }: LedgerEntry): boolean => state === 'granted'

/** A refusal without a readable time stands for good; a grant without one never stood. */
const timeOf = (entry: LedgerEntry): number => {
  const time = Date.parse(entry.at)
  return Number.isNaN(time) ? (isGrant(entry) ? -Infinity : Infinity) : time
}

/** No expiry is the latest expiry, so of two equal grants the shorter one holds. */
const expiryOf = ({ expiresAt }: LedgerEntry): number =>
  expiresAt === undefined ? Infinity : Date.parse(expiresAt) || -Infinity

/** Settles what is left of a tie by content, so that the order of entries never shows. */
const contentOf = (entry: LedgerEntry): string =>
  JSON.stringify(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)))

const compare = <T>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0)

/** Positive when `a` outweighs `b` within one level: later, then stricter. */
const compareWeight = (a: LedgerEntry, b: LedgerEntry): number =>
  compare(timeOf(a), timeOf(b)) ||
  compare(strictness[a.state], strictness[b.state]) ||
  compare(expiryOf(b), expiryOf(a)) ||
  compare(contentOf(a), contentOf(b))

const isUsable = (entry: LedgerEntry): boolean =>
  Object.hasOwn(levelOfKind, entry.kind) &&
  Object.hasOwn(strictness, entry.state) &&
  timeOf(entry) !== -Infinity &&
  !(entry.purpose === everyPurpose && isGrant(entry) && levelOf(entry) >= level.choice)

const heaviestByLevel = (entries: readonly LedgerEntry[]): Array<LedgerEntry | undefined> => {
  const heaviest: Array<LedgerEntry | undefined> = Array.from({ length: level.fallback + 1 })
  for (const entry of entries) {
    const at = levelOf(entry)
    const known = heaviest[at]
    if (!known || compareWeight(entry, known) > 0) heaviest[at] = entry
  }
  return heaviest
}

const decidingEntry = (entries: readonly LedgerEntry[]): LedgerEntry | undefined =>
  heaviestByLevel(entries).find(
    (entry, at) => entry !== undefined && (at >= level.choice || !isGrant(entry)),
  )

const namedPurposes = (entries: readonly LedgerEntry[]): Set<string> =>
  new Set(entries.map(({ purpose }) => purpose))

export const foldLedger = (entries: readonly LedgerEntry[]): ConsentState => {
  const usable = entries.filter(isUsable)
  const decided: Array<[string, LedgerEntry]> = []
  for (const purpose of namedPurposes(usable)) {
    const entry = decidingEntry(
      usable.filter((one) => one.purpose === purpose || one.purpose === everyPurpose),
    )
    if (entry) decided.push([purpose, { ...entry, purpose }])
  }
  // fromEntries defines properties, so even a purpose called __proto__ is only data.
  return Object.fromEntries(decided)
}

/** The entry that decides a purpose, whether it was named or falls under all purposes. */
export const entryFor = (state: ConsentState, purpose: string): LedgerEntry | undefined => {
  if (Object.hasOwn(state, purpose)) return state[purpose]
  return Object.hasOwn(state, everyPurpose) ? state[everyPurpose] : undefined
}

const isOverruled = (refusal: LedgerEntry, entries: readonly LedgerEntry[]): boolean =>
  levelOf(refusal) >= level.choice &&
  refusal.verifiedBy !== undefined &&
  entries.some(
    (entry) =>
      isGrant(entry) &&
      entry.kind === 'explicit' &&
      entry.verifiedBy === refusal.verifiedBy &&
      timeOf(entry) > timeOf(refusal),
  )

const strongest = (entries: readonly LedgerEntry[]): LedgerEntry | undefined =>
  [...entries].sort((a, b) => levelOf(a) - levelOf(b) || compareWeight(b, a))[0]

const mergePurpose = (entries: readonly LedgerEntry[]): LedgerEntry | undefined => {
  const refusals = entries.filter((entry) => !isGrant(entry))
  const standing = refusals.filter((refusal) => !isOverruled(refusal, entries))
  return standing.length > 0 ? strongest(standing) : strongest(entries.filter(isGrant))
}

/**
 * Consent of profiles that became one: per purpose a refusal wins, unless another side holds a later
 * explicit grant under the same verified identifier. A side that knows nothing does not refuse.
 */
export const mergeConsent = (states: readonly ConsentState[]): ConsentState => {
  const purposes = new Set(states.flatMap((state) => Object.keys(state)))
  const merged: Array<[string, LedgerEntry]> = []
  for (const purpose of purposes) {
    const sides = states.map((state) => entryFor(state, purpose))
    const entry = mergePurpose(sides.filter((side) => side !== undefined))
    if (entry) merged.push([purpose, { ...entry, purpose }])
  }
  return Object.fromEntries(merged)
}

const refusesAlike = (a: LedgerEntry, b: LedgerEntry | undefined): boolean =>
  b !== undefined && !isGrant(b) && levelOf(a) === levelOf(b)

/**
 * Entries to append at a merge, so that from then on the plain fold of all ledgers together gives
 * what `mergeConsent` gives: each refusal that a later entry of another side would have hidden.
 */
export const settleMerge = (
  ledgers: ReadonlyArray<readonly LedgerEntry[]>,
  at: string,
): LedgerEntry[] => {
  const together = foldLedger(ledgers.flat())
  return Object.values(mergeConsent(ledgers.map(foldLedger)))
    .filter((entry) => !isGrant(entry) && !refusesAlike(entry, together[entry.purpose]))
    .map((entry) => {
      const kind = levelOf(entry) >= level.choice ? 'explicit' : entry.kind
      return { ...entry, kind, at, source: 'profile_merge' }
    })
}
