/**
 * May data be used for these purposes now? Everything that is not a clear, current grant is no:
 * malformed state, unknown purpose, no purpose at all. The answer carries a reason per purpose.
 */
import type { ConsentEntry } from '../contract/profile.ts'
import { entryFor, levelOf, type ConsentState } from './fold-ledger.ts'

export type ConsentReason =
  | 'granted'
  | 'unknown'
  | 'denied'
  | 'withdrawn'
  | 'objected'
  | 'expired'
  | 'restricted'
  | 'opted_out'

export type ConsentPolicy = {
  /** What holds for a purpose nobody has decided; a purpose not listed needs consent. */
  defaults: Readonly<Record<string, 'granted' | 'denied'>>
  /** Days a yes counts, by purpose; without one, until it is withdrawn or expires by itself. */
  validDays?: Readonly<Record<string, number>>
}

export type ConsentQuestion = {
  purposes: readonly string[]
  match: 'any' | 'all'
  /** Time of use, ISO 8601 with zone. */
  at: string
  policy?: ConsentPolicy
}

export type ConsentDecision = {
  allowed: boolean
  /** In the order of the purposes asked for. */
  reasons: Array<{ purpose: string; reason: ConsentReason }>
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const defaultReason = (purpose: string, policy: ConsentPolicy | undefined): ConsentReason => {
  const defaults: unknown = policy?.defaults
  if (!isRecord(defaults) || !Object.hasOwn(defaults, purpose)) return 'unknown'
  if (defaults[purpose] === 'granted') return 'granted'
  return defaults[purpose] === 'denied' ? 'denied' : 'unknown'
}

const DAY_MS = 86_400_000

/** Numbers would be read as years. */
const timeOf = (text: unknown): number => (typeof text === 'string' ? Date.parse(text) : NaN)

const grantReason = (
  entry: ConsentEntry,
  now: number,
  validDays: number | undefined,
): ConsentReason => {
  // A grant that starts in the future, or whose times cannot be read, does not hold yet.
  if (!(timeOf(entry.at) <= now)) return 'unknown'
  if (validDays !== undefined && !(timeOf(entry.at) + validDays * DAY_MS > now)) return 'expired'
  if (entry.expiresAt === undefined) return 'granted'
  return timeOf(entry.expiresAt) > now ? 'granted' : 'expired'
}

const validDaysOf = (purpose: string, policy: ConsentPolicy | undefined): number | undefined => {
  const days: unknown = policy?.validDays
  if (!isRecord(days) || !Object.hasOwn(days, purpose)) return undefined
  const given = days[purpose]
  // A limit that cannot be read lets no yes count.
  return typeof given === 'number' ? given : NaN
}

const refusalReasons: ReadonlyArray<ConsentReason> = ['restricted', 'objected', 'opted_out']
const grantingKinds: ReadonlySet<unknown> = new Set(['explicit', 'tcf', 'gpp', 'default'])

const reasonOf = (entry: unknown, now: number, validDays: number | undefined): ConsentReason => {
  if (!isRecord(entry)) return 'unknown'
  const given = entry as unknown as ConsentEntry
  if (given.state === 'granted') {
    return grantingKinds.has(given.kind) ? grantReason(given, now, validDays) : 'unknown'
  }
  if (!['denied', 'withdrawn', 'objected'].includes(given.state)) return 'unknown'
  return refusalReasons[levelOf(given)] ?? given.state
}

const reasonFor = (state: unknown, purpose: string, question: ConsentQuestion): ConsentReason => {
  const now = Date.parse(question.at)
  if (!isRecord(state) || Number.isNaN(now)) return 'unknown'
  const entry = entryFor(state as ConsentState, purpose)
  return entry === undefined
    ? defaultReason(purpose, question.policy)
    : reasonOf(entry, now, validDaysOf(purpose, question.policy))
}

export const decideConsent = (
  state: ConsentState | undefined,
  question: ConsentQuestion,
): ConsentDecision => {
  const purposes: readonly string[] = Array.isArray(question.purposes) ? question.purposes : []
  const reasons = purposes.map((purpose) => ({
    purpose,
    reason: reasonFor(state, purpose, question),
  }))
  const isGranted = ({ reason }: { reason: ConsentReason }): boolean => reason === 'granted'
  const all = question.match === 'all' && reasons.length > 0 && reasons.every(isGranted)
  return { allowed: all || (question.match === 'any' && reasons.some(isGranted)), reasons }
}
