/** What two profiles are as one, and what each is again when they are taken apart. */
import type { Json } from '../contract/json.ts'
import type { Profile, Trait } from '../contract/profile.ts'
import { latestWins, mergeProfileTraits, type SurvivorshipRules } from './survivorship.ts'
import type { StoredTrait } from './trait-counts.ts'

export interface ProfileSide {
  identifiers: Profile['identifiers']
  traits: Record<string, Trait>
  audiences: Record<string, { since: string }>
  merges: number
}

interface Sides {
  winner: ProfileSide
  loser: ProfileSide
}

const keyOf = ({ type, value }: { type: string; value: string }): string => `${type}:${value}`

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** What the second has and the first does not. */
const onlyIn = (winner: ProfileSide, loser: ProfileSide): Profile['identifiers'] => {
  const known = new Set(winner.identifiers.map(keyOf))
  return loser.identifiers.filter((one) => !known.has(keyOf(one)))
}

export const combineProfiles = (winner: ProfileSide, loser: ProfileSide): ProfileSide => ({
  identifiers: [...winner.identifiers, ...onlyIn(winner, loser)],
  traits: { ...mergeProfileTraits(winner.traits, loser.traits, rulesOf(winner, loser)) },
  audiences: { ...loser.audiences, ...winner.audiences },
  merges: winner.merges + loser.merges + 1,
})

/** Traits that were counted are counted together; of the others the latest survives. */
function rulesOf(winner: ProfileSide, loser: ProfileSide): SurvivorshipRules {
  const counted = [...Object.entries(winner.traits), ...Object.entries(loser.traits)].flatMap(
    ([name, { counts }]) => (counts ? [[name, { strategy: 'most_frequent' }] as const] : []),
  )
  return { ...latestWins, traits: Object.fromEntries(counted) }
}

/** What was learnt since the merge stays with the profile that kept its id. */
export function splitProfiles(now: ProfileSide, before: Sides): Sides {
  const { winner, loser } = before
  const joined = combineProfiles(winner, loser)
  const gone = new Set(onlyIn(winner, loser).map(keyOf))
  return {
    winner: {
      identifiers: now.identifiers.filter((one) => !gone.has(keyOf(one))),
      traits: splitTraits(now.traits, joined.traits, before),
      audiences: splitFields(now.audiences, joined.audiences, winner.audiences),
      merges: now.merges - loser.merges - 1,
    },
    loser: {
      identifiers: loser.identifiers,
      traits: loser.traits,
      audiences: loser.audiences,
      merges: loser.merges,
    },
  }
}

/** A field as the merge left it becomes what it was before; one changed since stays. */
function splitFields<Value>(
  now: Record<string, Value>,
  joined: Record<string, Value>,
  before: Record<string, Value>,
): Record<string, Value> {
  const kept = Object.entries(now).flatMap(([name, value]) => {
    if (!isSame(value, joined[name])) return [[name, value] as const]
    const own = before[name]
    return own === undefined ? [] : [[name, own] as const]
  })
  return Object.fromEntries(kept)
}

function splitTraits(
  now: Record<string, Trait>,
  joined: Record<string, Trait>,
  { winner, loser }: Sides,
): Record<string, Trait> {
  const kept = splitFields(now, joined, winner.traits)
  for (const [name, trait] of Object.entries(kept)) {
    const lost = loser.traits[name]
    if (lost && isSame(trait, now[name]) && !isSame(trait, winner.traits[name]))
      kept[name] = withoutCounts(trait, lost)
  }
  return kept
}

/** Sightings of the other profile count there again, and here no longer. */
function withoutCounts(trait: StoredTrait, lost: StoredTrait): StoredTrait {
  if (!trait.counts) return trait
  const taken = lost.counts ?? { [JSON.stringify(lost.value)]: 1 }
  const counts = Object.entries(trait.counts).flatMap(([text, count]) => {
    const left = count - (taken[text] ?? 0)
    return left > 0 ? [[text, left] as const] : []
  })
  const [top] = [...counts].sort(([, a], [, b]) => b - a)
  const own = counts.find(([text]) => text === JSON.stringify(trait.value))
  if (!top || (own && own[1] === top[1])) return { ...trait, counts: Object.fromEntries(counts) }
  return { ...trait, value: JSON.parse(top[0]) as Json, counts: Object.fromEntries(counts) }
}
