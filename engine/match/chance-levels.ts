/** How often strangers agree, from random pairs and, for equal values, from counts of each value. */
import { comparison, countPatterns, levelsOf, type Follows } from './compare-pairs.ts'
import type { MatchColumn } from './column.ts'
import { levelCount } from './levels.ts'
import type { MatchDatabase } from './match-database.ts'

const RANDOM_PAIRS = 400_000

export async function chanceLevels(
  database: MatchDatabase,
  { columns, follows, count }: { columns: readonly MatchColumn[]; follows: Follows; count: number },
): Promise<Float64Array[]> {
  const place = (salt: string) => `(hash(${salt} || range) % ${count})::INTEGER`
  await database.run(`CREATE TABLE strangers AS SELECT * FROM (
    SELECT ${place("'l'")} AS l, ${place("'r'")} AS r FROM range(${RANDOM_PAIRS})) WHERE l <> r`)
  await database.run(`CREATE TABLE by_chance AS ${comparison(columns, follows, 'strangers')}`)
  const { patterns, counts } = await countPatterns(database, 'by_chance')
  const seen = columns.map((column) => new Float64Array(levelCount(column)).fill(0.5))
  patterns.forEach((pattern, at) =>
    levelsOf(pattern, columns).forEach((level, f) => {
      const column = seen[f]
      if (column) column[level] = (column[level] ?? 0) + (counts[at] ?? 0)
    }),
  )
  return seen.map((column, f) => shares(column, follows.has(f) ? undefined : columns[f]))
}

function shares(counts: Float64Array, column: MatchColumn | undefined): Float64Array {
  counts[0] = 0
  const sum = counts.reduce((a, b) => a + b, 0)
  const found = counts.map((n) => n / sum)
  if (column) found[1] = Math.max(column.sameByChance, 1e-12)
  return found
}
