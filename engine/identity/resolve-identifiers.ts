/**
 * The deterministic identity rules for one event: whose is it, and what does it add or join?
 * No owner -> create; one -> add; several -> merge. When a rule would be broken the lowest-ranked
 * identifier of the event is set aside and the rest is tried again, so a shared device or mailbox
 * can never join two people.
 */
import { compileRules, type CompiledRules } from './compile-rules.ts'
import { knownUserKind } from './types.ts'
import type {
  DemotionReason,
  HeldIdentifier,
  Identifier,
  IdentityRules,
  OwnerProfile,
} from './types.ts'

export type ResolveInput = {
  /** Normalised identifiers of one event; of one kind, the first ranks highest. */
  identifiers: Identifier[]
  /** Every stored profile that owns at least one of them. */
  profiles: OwnerProfile[]
  /** Time of the event, epoch milliseconds. */
  at: number
  rules: IdentityRules
}

export type Demotion = { identifier: Identifier; reason: DemotionReason }

export type Decision = {
  /** `none`: the event has no usable identifier, so no profile could ever be found again by it. */
  outcome: 'create' | 'add' | 'merge' | 'none'
  /** The profiles the event belongs to, oldest first. */
  profileIds: string[]
  /** Identifiers that count for this event, highest-ranked first. */
  keep: Identifier[]
  demoted: Demotion[]
  /** For a merge: the oldest profile, which keeps its id. */
  mergeInto?: string
}

const same = (a: Identifier, b: Identifier): boolean => a.value === b.value && a.type === b.type

const holds = (profile: OwnerProfile, identifier: Identifier): boolean =>
  profile.identifiers.some((held) => same(held, identifier))

const distinct = (identifiers: Identifier[]): Identifier[] =>
  identifiers.filter((one, index) => identifiers.findIndex((other) => same(one, other)) === index)

const olderFirst = (a: OwnerProfile, b: OwnerProfile): number =>
  a.createdAt - b.createdAt || (a.profileId < b.profileId ? -1 : 1)

/** What the event would make of its owners: one profile holding `identifiers`. */
type Candidate = {
  owners: OwnerProfile[]
  added: HeldIdentifier[]
  identifiers: HeldIdentifier[]
}

const candidateOf = (kept: Identifier[], profiles: OwnerProfile[], at: number): Candidate => {
  const owners = profiles.filter((profile) => kept.some((one) => holds(profile, one)))
  const added = kept
    .filter((one) => !owners.some((owner) => holds(owner, one)))
    .map(({ type, value }) => ({ type, value, at }))
  const held = owners.flatMap((owner) => owner.identifiers)
  return { owners: owners.sort(olderFirst), added, identifiers: [...held, ...added] }
}

const breaksLimit = (
  { owners, added, identifiers }: Candidate,
  at: number,
  { limitOf }: CompiledRules,
): boolean => {
  // A lone owner is only held to the limits of the kinds it would gain.
  const grown = new Set((owners.length > 1 ? identifiers : added).map(({ type }) => type))
  return [...grown].some((type) => {
    const { limit, window } = limitOf(type)
    const counted = identifiers.filter((one) => one.type === type && Math.abs(at - one.at) < window)
    return counted.length > limit
  })
}

const isKnown = (profile: OwnerProfile): boolean =>
  profile.identifiers.some(({ type }) => type === knownUserKind)

const brokenRule = (
  candidate: Candidate,
  at: number,
  rules: IdentityRules,
): DemotionReason | undefined => {
  const { owners, added, identifiers } = candidate
  if (owners.length < 2 && added.length === 0) return undefined
  if (rules.protectKnownUsers && owners.filter(isKnown).length > 1) return 'known_users'
  if (owners.some(({ apart }) => owners.some(({ profileId }) => apart?.includes(profileId))))
    return 'kept_apart'
  if (breaksLimit(candidate, at, compileRules(rules))) return 'limit_reached'
  const merges = owners.reduce((sum, owner) => sum + owner.merges, owners.length - 1)
  if (owners.length > 1 && merges > rules.maxMerges) return 'merge_cap'
  return identifiers.length > rules.maxIdentifiers ? 'identifier_cap' : undefined
}

const outcomes = ['create', 'add', 'merge'] as const

const decide = (owners: OwnerProfile[], keep: Identifier[], demoted: Demotion[]): Decision => {
  const profileIds = owners.map(({ profileId }) => profileId)
  const [oldest] = profileIds
  const outcome = outcomes[Math.min(owners.length, 2)] ?? 'create'
  const decision = { outcome, profileIds, keep, demoted }
  return outcome === 'merge' && oldest ? { ...decision, mergeInto: oldest } : decision
}

export const resolveIdentifiers = ({
  identifiers,
  profiles,
  at,
  rules,
}: ResolveInput): Decision => {
  const { isBlocked, compareKinds } = compileRules(rules)
  const demoted: Demotion[] = []
  const kept: Identifier[] = []
  for (const identifier of distinct(identifiers)) {
    if (isBlocked(identifier)) demoted.push({ identifier, reason: 'blocked_value' })
    else kept.push(identifier)
  }
  kept.sort((a, b) => compareKinds(a.type, b.type))
  for (;;) {
    const candidate = candidateOf(kept, profiles, at)
    const reason = brokenRule(candidate, at, rules)
    if (reason === undefined) {
      if (kept.length === 0) return { outcome: 'none', profileIds: [], keep: [], demoted }
      return decide(candidate.owners, kept, demoted)
    }
    const identifier = kept.pop()
    if (identifier) demoted.push({ identifier, reason })
  }
}
