/** Probabilistic matching from files to groups: every step in order, each in its own file. */
import { chanceLevels } from './chance-levels.ts'
import { chooseBlocking, findCandidates, type Blocking } from './blocking-rules.ts'
import { chooseThreshold, type Expected } from './choose-threshold.ts'
import { clusterRecords } from './cluster-records.ts'
import type { MatchColumn } from './column.ts'
import { comparison, countPatterns, findFollowers, levelsOf } from './compare-pairs.ts'
import { learnModel } from './learn-model.ts'
import { WORD_MACRO } from './levels.ts'
import { loadRecords } from './load-records.ts'
import { openMatchDatabase, type MatchDatabase } from './match-database.ts'
import { readLinks, storeScores } from './score-pairs.ts'

export interface MatchResult {
  ids: string[]
  /** For each record the number of the first record of its group. */
  groups: Int32Array
  expected: Expected
  columns: MatchColumn[]
  blocking: Blocking
  pairs: number
}

export interface MatchOptions {
  /** Hears what is going on. */
  say?(line: string): void
}

export async function matchFiles(
  files: readonly string[],
  { say }: MatchOptions = {},
): Promise<MatchResult> {
  const database = await openMatchDatabase()
  try {
    return await matchIn(database, files, say ?? (() => undefined))
  } finally {
    await database.close()
  }
}

async function matchIn(
  database: MatchDatabase,
  files: readonly string[],
  say: (line: string) => void,
): Promise<MatchResult> {
  await database.run(WORD_MACRO)
  const { columns, count } = await loadRecords(database, files)
  say(`${count} records; columns ${columns.map(describe).join(', ')}`)
  const blocking = await chooseBlocking(database, columns, count)
  await findCandidates(database, columns, blocking.rules)
  say(`${blocking.rules.length} blocking rules: ${rulesText(blocking, columns)}`)
  const follows = await findFollowers(database, columns)
  await database.run(`CREATE TABLE compared AS ${comparison(columns, follows, 'candidates')}`)
  say('pairs compared')
  const chance = await chanceLevels(database, { columns, follows, count })
  const { patterns, counts } = await countPatterns(database, 'compared')
  const levels = Uint8Array.from([...patterns].flatMap((pattern) => levelsOf(pattern, columns)))
  const complete = columns.map(
    ({ kind }, f) =>
      ['email', 'phone', 'code'].includes(kind) &&
      blocking.rules.some((rule) => rule.columns.length === 1 && rule.columns[0] === f),
  )
  const roles = columns.map(({ role }) => role)
  const model = learnModel({ levels, counts, roles, chance, complete, records: count })
  say(`${patterns.length} patterns learnt`)
  await storeScores(database, { patterns, levels, roles, model })
  const links = await readLinks(database)
  const expected = chooseThreshold(links.probability, blocking.coverage)
  const cut = logit(expected.threshold)
  const weight = links.probability.map((p) => logit(p) - cut)
  const groups = clusterRecords(count, { left: links.left, right: links.right, weight })
  say('clustered')
  const [ids] = await database.columns<[string]>('SELECT record_id FROM given')
  const pairs = counts.reduce((a, b) => a + b, 0)
  return { ids, groups, expected, columns, blocking, pairs }
}

const describe = ({ name, kind, role }: MatchColumn): string => `${name} (${kind}, ${role})`

const rulesText = ({ rules }: Blocking, columns: readonly MatchColumn[]): string =>
  rules.map((rule) => rule.columns.map((i) => columns[i]?.name).join(' + ')).join('; ')

/** Log odds, bounded so that no single pair outweighs all others. */
const logit = (p: number): number =>
  Math.max(-BOUND, Math.min(BOUND, Math.log(p / Math.max(1e-12, 1 - p))))
const BOUND = 8
