import { describe, expect, it } from 'vitest'
import type { Trait } from '../contract/profile.ts'
import { combineProfiles, splitProfiles, type ProfileSide } from './split-profiles.ts'
import { mergeTraits } from './survivorship.ts'
import { createRandom } from '../../test/support/random.ts'

const COUNTED = { fallback: { strategy: 'most_frequent' as const }, traits: {} }
const seen = (value: string, day: number): Trait => ({
  value,
  source: 'shop',
  flow: 'f',
  flowVersion: 1,
  at: `2026-01-${String(day).padStart(2, '0')}`,
})

function randomSide(random: () => number): ProfileSide {
  const below = (count: number) => Math.floor(random() * count)
  let traits: Record<string, Trait> = {}
  for (let n = below(6); n > 0; n--) {
    const incoming = { [`t${below(4)}`]: seen(`v${below(3)}`, 1 + below(28)) }
    traits = { ...mergeTraits(traits, incoming, ...(random() < 0.5 ? [COUNTED] : [])) }
  }
  return {
    identifiers: Array.from({ length: below(4) }, (_, n) => ({
      type: `kind${n}`,
      value: `v${below(3)}`,
      firstSeen: 'a',
      lastSeen: 'b',
    })),
    traits,
    audiences: Object.fromEntries(
      Array.from({ length: below(3) }, () => [`a${below(3)}`, { since: `s${below(3)}` }]),
    ),
    merges: below(3),
  }
}

describe('splitProfiles', () => {
  const seed = 8_161
  it(`gives back both sides of 2,000 random merges (seed ${seed})`, () => {
    const random = createRandom(seed).next
    for (let round = 0; round < 2_000; round++) {
      const before = { winner: randomSide(random), loser: randomSide(random) }
      const joined = combineProfiles(before.winner, before.loser)
      expect(splitProfiles(joined, before), `round ${round}`).toEqual(before)
    }
  })

  const side = (traits: ProfileSide['traits']): ProfileSide => ({
    identifiers: [],
    traits,
    audiences: {},
    merges: 0,
  })

  it('counts the sightings of each person with that person, and those since with the one who stays', () => {
    const count = (traits: Record<string, Trait>, value: string, day: number) =>
      mergeTraits(traits, { colour: seen(value, day) }, COUNTED)
    const winner = side(count(count({}, 'red', 1), 'red', 2))
    const loser = side(count({}, 'red', 3))
    const joined = combineProfiles(winner, loser)
    expect(joined.traits['colour']?.counts).toEqual({ '"red"': 3 })
    const now = { ...joined, traits: { ...count(joined.traits, 'blue', 4) } }
    const parts = splitProfiles(now, { winner, loser })
    expect(parts.winner.traits['colour']?.counts).toEqual({ '"red"': 2, '"blue"': 1 })
    expect(parts.loser).toEqual(loser)
  })
})
