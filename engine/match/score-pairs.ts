/** Gives each compared pair its probability of being one person. */
import type { ColumnRole } from './column.ts'
import type { MatchDatabase } from './match-database.ts'
import { likelihoodOf, type MatchModel } from './model.ts'

export interface Scored {
  left: Int32Array
  right: Int32Array
  probability: Float64Array
}

interface Scores {
  patterns: Float64Array
  levels: Uint8Array
  roles: readonly ColumnRole[]
  model: MatchModel
}

/** Below this a pair counts as any pair that was not looked at. */
const LEAST = 0.002

/** One row a pattern: odds of strangers and of a household against one person. */
export async function storeScores(
  database: MatchDatabase,
  { patterns, levels, roles, model }: Scores,
): Promise<void> {
  const isHome = roles.map((role) => role === 'home')
  const rows = [...patterns].map((pattern, at) => {
    const mine = levels.subarray(at * roles.length, (at + 1) * roles.length)
    const { settled, moved, household, strangers } = likelihoodOf(model, mine, isHome)
    const same = Math.max(settled + moved, 1e-290)
    return [BigInt(pattern), strangers / same, household / same] as const
  })
  await database.run('CREATE TABLE scores (pattern BIGINT, strangers DOUBLE, household DOUBLE)')
  await database.append('scores', rows)
}

export async function readLinks(database: MatchDatabase): Promise<Scored> {
  const [left, right, probability] = await database.columns<[number, number, number]>(
    `SELECT * FROM (SELECT l, r,
       1 / (1 + strangers * exp(-by_chance) + household * exp(-at_home)) AS p
       FROM compared JOIN scores USING (pattern)) WHERE p >= ${LEAST}`,
  )
  return {
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    probability: Float64Array.from(probability),
  }
}
