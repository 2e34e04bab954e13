/**
 * The Fellegi–Sunter model, with the two things that mislead it told apart: people of one household
 * agree on the address without being one person, and one person who moved agrees on all but that.
 */

/** Chance of each level per column, by what a pair is; level 0 (missing) tells nothing. */
export type LevelChances = readonly Float64Array[]

export interface MatchModel {
  /** Among records of one person. */
  same: LevelChances
  /** Among two people of one household. */
  household: LevelChances
  /** Among strangers. */
  chance: LevelChances
  /** Shares of all pairs. */
  shares: { settled: number; moved: number; household: number }
}

/** How likely a pattern of levels is, by what the pair is. */
export interface Likelihood {
  settled: number
  moved: number
  household: number
  strangers: number
}

export function likelihoodOf(
  model: MatchModel,
  levels: ArrayLike<number>,
  isHome: readonly boolean[],
): Likelihood {
  let { settled, moved, household } = model.shares
  let strangers = 1
  for (let f = 0; f < isHome.length; f++) {
    const level = levels[f] ?? 0
    if (level === 0) continue
    const same = model.same[f]?.[level] ?? 0
    const chance = model.chance[f]?.[level] ?? 0
    settled *= same
    moved *= isHome[f] ? chance : same
    household *= isHome[f] ? same : (model.household[f]?.[level] ?? 0)
    strangers *= chance
  }
  return { settled, moved, household, strangers }
}
