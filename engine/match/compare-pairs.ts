/** Compares pairs column by column; the levels of one pair are one number, its pattern. */
import type { MatchColumn } from './column.ts'
import { levelCount, levelTests, undecidedTests } from './levels.ts'
import type { MatchDatabase } from './match-database.ts'

/** Which column says nothing more once another is equal, as a town does beside its postcode. */
export type Follows = ReadonlyMap<number, number>

/** SQL that reads `from(l, r)` and gives l, r, pattern and the two frequency weights. */
export function comparison(
  columns: readonly MatchColumn[],
  follows: Follows,
  from: string,
): string {
  const swap = swapTest(columns)
  const levels = columns.map((column, i) => `${levelOf(column, swap)} AS g${i}`)
  const kept = columns.map((_, i) => keptLevel(i, follows))
  const frequencies = columns.map(({ id }) => `coalesce(l.f_${id}, ln(2)) AS f${id}`)
  const weight = (list: readonly MatchColumn[]) =>
    list.map((column) => frequencyWeight(column, columns.indexOf(column))).join(' + ') || '0'
  return `SELECT l, r, ${patternOf(columns)} AS pattern, (${weight(columns)})::FLOAT AS by_chance,
      (${weight(columns.filter(isPersonal))})::FLOAT AS at_home
    FROM (SELECT l, r, ${columns.map(({ id }) => `f${id}`).join(', ')}, ${kept.join(', ')}
      FROM (SELECT pairs.l, pairs.r, ${frequencies.join(', ')}, ${levels.join(', ')} FROM ${from} pairs
        JOIN people l ON l.i = pairs.l JOIN people r ON r.i = pairs.r))`
}

/** Two of one household are told apart by these. */
export const isPersonal = ({ role }: MatchColumn): boolean => role === 'given' || role === 'own'

function levelOf(column: MatchColumn, swap: string | undefined): string {
  const { id, role } = column
  const tests = levelTests(column).map((test, k) => `WHEN ${test} THEN ${k + 1}`)
  const missing = `WHEN l.${id} IS NULL OR r.${id} IS NULL THEN 0`
  const different = tests.length + 1
  if (swap && role === 'given') tests.splice(1, 0, `WHEN ${swap} THEN ${different + 1}`)
  // The swap is counted once, with the given name.
  const once = swap && role === 'family' ? `WHEN l.${id} <> r.${id} AND ${swap} THEN 0` : ''
  const undecided = undecidedTests(column).map((test) => `WHEN ${test} THEN 0`)
  tests.splice(tests.length, 0, ...undecided)
  return `CASE ${missing} ${once} ${tests.join(' ')} ELSE ${different} END`
}

/** Given and family name in each other's place. */
function swapTest(columns: readonly MatchColumn[]): string | undefined {
  const given = columns.find(({ role }) => role === 'given')
  const family = columns.find(({ role }) => role === 'family')
  if (!given || !family) return undefined
  const near = (a: string, b: string) => `jaro_winkler_similarity(${a}, ${b}) >= 0.9`
  const crossed = `${near(`l.${given.id}`, `r.${family.id}`)} AND ${near(`l.${family.id}`, `r.${given.id}`)}`
  return `(l.${given.id} <> r.${given.id} AND ${crossed})`
}

function keptLevel(i: number, follows: Follows): string {
  const leader = follows.get(i)
  return leader === undefined
    ? `g${i}`
    : `CASE WHEN g${i} = 1 AND g${leader} = 1 THEN 0 ELSE g${i} END AS g${i}`
}

/** Above zero for a value rarer than the usual equal one. */
function frequencyWeight({ id, sameByChance, filled }: MatchColumn, i: number): string {
  return `CASE WHEN g${i} = 1 THEN $usual_${id} - f${id} ELSE 0 END`.replace(
    `$usual_${id}`,
    `ln(greatest(2, ${sameByChance * filled} * (SELECT count(*) FROM people)))`,
  )
}

function patternOf(columns: readonly MatchColumn[]): string {
  let base = 1
  const parts = columns.map((column, i) => {
    const part = `g${i}::BIGINT * ${base}`
    base *= levelCount(column)
    return part
  })
  return parts.join(' + ')
}

/** Levels of a pattern, column by column. */
export function levelsOf(pattern: number, columns: readonly MatchColumn[]): number[] {
  let rest = pattern
  return columns.map((column) => {
    const count = levelCount(column)
    const level = rest % count
    rest = Math.floor(rest / count)
    return level
  })
}

export interface PatternCounts {
  patterns: Float64Array
  counts: Float64Array
}

export async function countPatterns(
  database: MatchDatabase,
  table: string,
): Promise<PatternCounts> {
  const [patterns, counts] = await database.columns<[number, number]>(
    `SELECT pattern::DOUBLE, count(*)::DOUBLE FROM ${table} GROUP BY pattern`,
  )
  return { patterns: Float64Array.from(patterns), counts: Float64Array.from(counts) }
}

/** Address columns of which one is all but told by the other, found in pairs that agree on it. */
export async function findFollowers(
  database: MatchDatabase,
  columns: readonly MatchColumn[],
): Promise<Follows> {
  const follows = new Map<number, number>()
  for (const [i, column] of columns.entries())
    for (const [j, leader] of columns.entries()) {
      if (i === j || column.role !== 'home' || leader.role !== 'home') continue
      if (follows.has(i) || follows.get(j) === i) continue
      if (column.sameByChance < leader.sameByChance) continue
      if ((await chanceBoth(database, { columns, a: column, b: leader })) > 0.5) follows.set(i, j)
    }
  return follows
}

async function chanceBoth(
  database: MatchDatabase,
  { columns, a, b }: { columns: readonly MatchColumn[]; a: MatchColumn; b: MatchColumn },
) {
  // Records of one person agree on both columns anyway, so pairs with one given name are left out.
  const person = columns.find(({ role }) => role === 'given') ?? columns.find(isPersonal)
  const pairs = (ids: string) =>
    `(SELECT sum(n::DOUBLE * (n - 1)) FROM (SELECT count(*) AS n FROM people WHERE ${a.id} IS NOT NULL AND ${b.id} IS NOT NULL ${person ? `AND ${person.id} IS NOT NULL` : ''} GROUP BY ${ids}))`
  const others = (ids: string) =>
    person ? `(${pairs(ids)} - ${pairs(`${ids}, ${person.id}`)})` : pairs(ids)
  const [[chance]] = await database.columns<[number]>(
    `SELECT coalesce(${others(`${a.id}, ${b.id}`)} / nullif(${others(b.id)}, 0), 0)`,
  )
  // A column that is equal in most random pairs anyway is not told by the other.
  return (chance ?? 0) - a.sameByChance
}
