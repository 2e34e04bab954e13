/** Learns the model from the pairs themselves by expectation maximisation: no labels. */
import { likelihoodOf, type MatchModel } from './model.ts'
import type { ColumnRole } from './column.ts'

export interface LearnInput {
  /** Levels of each pattern, `roles.length` numbers each. */
  levels: Uint8Array
  counts: Float64Array
  roles: readonly ColumnRole[]
  /** Chance of each level among random pairs. */
  chance: readonly Float64Array[]
  /** Columns of which every equal pair is among the candidates, so that chance can be learnt too. */
  complete: readonly boolean[]
  records: number
}

const ROUNDS = 40
/** Two of one household have one name or birth date with little more than chance. */
const NAMESAKES = 0.01
/** What is believed before anything is seen, in pairs. */
const PRIOR_PAIRS = 10

export function learnModel(input: LearnInput): MatchModel {
  let model = firstGuess(input)
  for (let round = 0; round < ROUNDS; round++) {
    const next = improve(model, input)
    const change = Math.abs(Math.log(next.shares.settled / model.shares.settled))
    model = next
    if (round > 8 && change < 1e-4) break
  }
  return model
}

/** Pairs there are among so many records. */
const pairsOf = (records: number): number => (records * (records - 1)) / 2

function firstGuess({ chance, roles, records }: LearnInput): MatchModel {
  const same = chance.map(typingErrors)
  const hasHome = roles.includes('home')
  const share = records / pairsOf(records)
  return {
    same,
    household: chance.map((by, f) => mix(by, same[f] ?? by, sharedAtHome(roles[f] ?? 'own'))),
    chance,
    shares: {
      settled: 0.3 * share,
      moved: hasHome ? 0.03 * share : 0,
      household: hasHome ? 0.2 * share : 0,
    },
  }
}

/** How much of a household's agreement is one person's, before learning. */
const sharedAtHome = (role: ColumnRole): number =>
  role === 'family' ? 0.7 : role === 'contact' ? 0.4 : NAMESAKES

/** Most values alike, of the rest the nearest levels first. */
function typingErrors(chance: Float64Array): Float64Array {
  const levels = chance.length - 1
  const weights = chance.map((_, k) => (k === 0 ? 0 : k === 1 ? 0.8 : 0.2 / levels))
  const sum = weights.reduce((a, b) => a + b, 0)
  return weights.map((w) => w / sum)
}

const mix = (a: Float64Array, b: Float64Array, share: number): Float64Array =>
  a.map((value, k) => (1 - share) * value + share * (b[k] ?? 0))

interface Sums {
  same: Float64Array[]
  household: Float64Array[]
  strangers: Float64Array[]
  settled: number
  moved: number
  atHome: number
}

function improve(model: MatchModel, input: LearnInput): MatchModel {
  const sums = expect(model, input)
  const { roles, records } = input
  const all = pairsOf(records)
  const guess = model.chance.map(typingErrors)
  const same = sums.same.map((counts, f) => toChances(counts, guess[f] ?? counts))
  const chance = model.chance.map((before, f) =>
    input.complete[f] ? learnChance(before, (sums.strangers[f]?.[1] ?? 0) / all, all) : before,
  )
  const household = chance.map((by, f) => {
    const role = roles[f] ?? 'own'
    const prior = mix(by, same[f] ?? by, sharedAtHome(role))
    const isShared = role === 'family' || role === 'contact'
    return isShared ? toChances(sums.household[f] ?? prior, prior) : prior
  })
  const shares = {
    settled: (sums.settled + 1) / all,
    moved: sums.moved / all,
    household: sums.atHome / all,
  }
  return { same, household, chance, shares }
}

/** Equal values among strangers, counted where every equal pair was seen. */
function learnChance(before: Float64Array, seen: number, all: number): Float64Array {
  return before.map((value, k) => (k === 1 ? Math.min(before[1] ?? 1, seen + 0.5 / all) : value))
}

function expect(model: MatchModel, { levels, counts, roles }: LearnInput): Sums {
  const isHome = roles.map((role) => role === 'home')
  const empty = () => model.chance.map(({ length }) => new Float64Array(length))
  const sums: Sums = {
    ...{ same: empty(), household: empty(), strangers: empty() },
    ...{ settled: 0, moved: 0, atHome: 0 },
  }
  for (let at = 0; at < counts.length; at++) {
    const mine = levels.subarray(at * roles.length, (at + 1) * roles.length)
    addPattern(sums, { model, isHome, levels: mine, count: counts[at] ?? 0 })
  }
  return sums
}

interface Pattern {
  model: MatchModel
  isHome: readonly boolean[]
  levels: Uint8Array
  count: number
}

function addPattern(sums: Sums, { model, isHome, levels, count }: Pattern): void {
  const likely = likelihoodOf(model, levels, isHome)
  const scale = count / (likely.settled + likely.moved + likely.household + likely.strangers)
  const settled = likely.settled * scale
  const moved = likely.moved * scale
  const household = likely.household * scale
  sums.settled += settled
  sums.moved += moved
  sums.atHome += household
  for (let f = 0; f < levels.length; f++) {
    const level = levels[f] ?? 0
    add(sums.same[f], level, isHome[f] ? settled : settled + moved)
    add(sums.household[f], level, household)
    add(sums.strangers[f], level, likely.strangers * scale)
  }
}

function add(counts: Float64Array | undefined, level: number, value: number): void {
  if (counts) counts[level] = (counts[level] ?? 0) + value
}

function toChances(counts: Float64Array, prior: Float64Array): Float64Array {
  const seen = counts.map((count, k) => (k === 0 ? 0 : count + PRIOR_PAIRS * (prior[k] ?? 0)))
  const sum = seen.reduce((a, b) => a + b, 0)
  return seen.map((value) => value / sum)
}
