/**
 * Chooses which pairs are looked at: pairs that agree on one to three columns. Rules are chosen by
 * what they cost (pairs, counted on a sample) and by the share of true pairs they would add when
 * each column of one person agrees with the usual chance.
 */
import type { MatchColumn } from './column.ts'
import type { MatchDatabase } from './match-database.ts'

export interface BlockingRule {
  columns: readonly number[]
  /** Pairs it brings, counted on a sample. */
  pairs: number
}

export interface Blocking {
  rules: BlockingRule[]
  /** Share of true pairs that agree on at least one rule, as far as can be told before learning. */
  coverage: number
}

/** Chance that a value of one person is written alike in two records. */
const ALIKE = 0.82
/** Chance that two records of one person are from different homes. */
const MOVED = 0.12
const SAMPLE = 50_000
const MOST_KEYS = 11

export async function chooseBlocking(
  database: MatchDatabase,
  columns: readonly MatchColumn[],
  count: number,
): Promise<Blocking> {
  const budget = Math.max(1_500_000, 7 * count)
  const keys = strongestKeys(columns)
  const affordable = await findAffordable(database, { columns, keys, count, most: budget / 3 })
  return chooseRules(affordable, { columns, keys, budget })
}

const strongestKeys = (columns: readonly MatchColumn[]): number[] =>
  columns
    .map(({ filled, sameByChance }, i) => ({ i, worth: filled * -Math.log(sameByChance) }))
    .sort((a, b) => b.worth - a.worth)
    .slice(0, MOST_KEYS)
    .map(({ i }) => i)

interface Affordable {
  columns: readonly MatchColumn[]
  keys: readonly number[]
  count: number
  most: number
}

/** The shortest combinations that cost no more than `most` pairs. */
async function findAffordable(
  database: MatchDatabase,
  { columns, keys, count, most }: Affordable,
): Promise<BlockingRule[]> {
  const share = Math.min(1, SAMPLE / count)
  const sampled = share < 1 ? ` WHERE hash(i) % 1000000 < ${Math.round(share * 1_000_000)}` : ''
  await database.run(`CREATE TABLE sampled AS SELECT * FROM people${sampled}`)
  const found: BlockingRule[] = []
  for (const combination of combinations(keys)) {
    if (found.some((rule) => rule.columns.every((i) => combination.includes(i)))) continue
    const ids = combination.map((i) => columns[i]?.id ?? '')
    const pairs = (await countPairs(database, ids)) / share ** 2
    if (pairs <= most) found.push({ columns: combination, pairs })
  }
  await database.run('DROP TABLE sampled')
  return found
}

async function countPairs(database: MatchDatabase, ids: readonly string[]): Promise<number> {
  const present = ids.map((id) => `${id} IS NOT NULL`).join(' AND ')
  const [[pairs]] = await database.columns<[number]>(
    `SELECT coalesce(sum(n::DOUBLE * (n - 1) / 2), 0) FROM (SELECT count(*) AS n FROM sampled WHERE ${present} GROUP BY ${ids.join(', ')})`,
  )
  return pairs ?? 0
}

/** One, then two, then three at a time. */
function combinations(keys: readonly number[]): number[][] {
  const found: number[][] = keys.map((key) => [key])
  for (let size = 2; size <= 3; size++)
    for (const shorter of found.filter(({ length }) => length === size - 1))
      for (const key of keys.slice(keys.indexOf(shorter.at(-1) ?? 0) + 1))
        found.push([...shorter, key])
  return found
}

interface Choice {
  columns: readonly MatchColumn[]
  keys: readonly number[]
  budget: number
}

/** One at a time the rule that adds most true pairs for its cost, while the budget lasts. */
function chooseRules(rules: readonly BlockingRule[], { columns, keys, budget }: Choice): Blocking {
  const chances = stateChances(columns, keys)
  const masks = rules.map((rule) => rule.columns.reduce((m, i) => m | (1 << keys.indexOf(i)), 0))
  const chosen: BlockingRule[] = []
  const covered = new Uint8Array(chances.length)
  let left = budget
  for (;;) {
    const gains = masks.map((mask) => gainOf(mask, chances, covered))
    const best = bestRule(rules, gains, left)
    const rule = rules[best]
    if (!rule) break
    chosen.push(rule)
    left -= rule.pairs
    const mask = masks[best] ?? 0
    for (let state = 0; state < covered.length; state++)
      if ((state & mask) === mask) covered[state] = 1
  }
  const coverage = covered.reduce((sum, yes, state) => sum + (yes ? (chances[state] ?? 0) : 0), 0)
  return { rules: chosen, coverage }
}

/** A rule that adds less than this share of the true pairs is not worth its pairs. */
const LEAST_GAIN = 1e-4

function bestRule(rules: readonly BlockingRule[], gains: readonly number[], left: number): number {
  let best = -1
  let most = 0
  rules.forEach(({ pairs }, i) => {
    const gain = gains[i] ?? 0
    if (gain < LEAST_GAIN || pairs > left) return
    const worth = gain / (pairs + 1_000)
    if (worth > most) [best, most] = [i, worth]
  })
  return best
}

function gainOf(mask: number, chances: Float64Array, covered: Uint8Array): number {
  let gain = 0
  for (let state = 0; state < chances.length; state++)
    if ((state & mask) === mask && !covered[state]) gain += chances[state] ?? 0
  return gain
}

/** For each set of agreeing columns the chance that one person's two records agree on just these. */
function stateChances(columns: readonly MatchColumn[], keys: readonly number[]): Float64Array {
  const settled = keys.map((i) => ALIKE * (columns[i]?.filled ?? 0) ** 2)
  const moved = keys.map((i, k) => (columns[i]?.role === 'home' ? 0 : (settled[k] ?? 0)))
  const hasHome = columns.some(({ role }) => role === 'home')
  const share = hasHome ? MOVED : 0
  const chance = (state: number, agrees: readonly number[]) =>
    agrees.reduce((product, p, k) => product * (state & (1 << k) ? p : 1 - p), 1)
  return Float64Array.from(
    { length: 1 << keys.length },
    (_, state) => (1 - share) * chance(state, settled) + share * chance(state, moved),
  )
}

/** Every pair that agrees on a rule, once; `l` is the earlier record. */
export async function findCandidates(
  database: MatchDatabase,
  columns: readonly MatchColumn[],
  rules: readonly BlockingRule[],
): Promise<void> {
  const joins = rules.map((rule) => {
    const same = rule.columns.map((i) => `l.${columns[i]?.id} = r.${columns[i]?.id}`)
    return `SELECT l.i::BIGINT * 4294967296 + r.i AS pair FROM people l JOIN people r ON ${same.join(' AND ')} WHERE l.i < r.i`
  })
  await database.run(
    `CREATE TABLE candidates AS SELECT (pair >> 32)::INTEGER AS l, (pair & 4294967295)::INTEGER AS r
     FROM (SELECT DISTINCT pair FROM (${joins.join(' UNION ALL ')}))`,
  )
}
