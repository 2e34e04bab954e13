/** Reads the files into the scratch database and tidies every column that can tell people apart. */
import type { MatchColumn } from './column.ts'
import { readColumnFacts, type ColumnFacts } from './column-facts.ts'
import { named, quoted, type MatchDatabase } from './match-database.ts'
import { tellKind, tellRole } from './tell-kind.ts'
import { tidyValue } from './tidy-value.ts'

export interface LoadedRecords {
  columns: MatchColumn[]
  count: number
}

/** Columns that are compared at most; a pattern of levels must stay an exact number. */
const MOST_COLUMNS = 16

export async function loadRecords(
  database: MatchDatabase,
  files: readonly string[],
): Promise<LoadedRecords> {
  const header = await readFiles(database, files)
  const facts = await Promise.all(header.map((name) => readColumnFacts(database, name)))
  const told = facts.flatMap((fact) => {
    const kind = tellKind(fact)
    return kind ? [{ fact, kind }] : []
  })
  if (told.length === 0)
    throw new Error(
      'No column of the file tells people apart. Give columns such as names, birth dates, addresses or phones after the first one, which is the record id.',
    )
  const chosen = told.slice(0, MOST_COLUMNS)
  const values = chosen.map(({ fact, kind }, i) => `${tidyValue(fact, kind)} AS c${i}`)
  await database.run(
    `CREATE TABLE tidy AS SELECT (row_number() OVER () - 1)::INTEGER AS i, ${values.join(', ')} FROM given`,
  )
  const count = facts[0]?.records ?? 0
  const described = await Promise.all(
    chosen.map(async ({ fact, kind }, i) => describeColumn(database, { fact, kind, id: `c${i}` })),
  )
  const columns = described.filter((column) => !isRowId(column))
  await addFrequencies(database, columns)
  return { columns, count }
}

/** All values as texts, trimmed; columns of further files are found by name. */
async function readFiles(database: MatchDatabase, files: readonly string[]): Promise<string[]> {
  const [first = ''] = files
  const reads = files.map((file) => `SELECT * FROM ${csv(file)}`)
  await database.run(`CREATE VIEW read AS ${reads.join(' UNION ALL BY NAME ')}`)
  const [names] = await database.columns<[string]>(
    `SELECT column_name FROM (DESCRIBE SELECT * FROM ${csv(first)})`,
  )
  const [id, ...others] = names
  if (id === undefined || others.length === 0)
    throw new Error(
      'The file needs a first column with the record id and further columns to compare.',
    )
  const trimmed = others.map((name) => `nullif(trim(${named(name)}), '') AS ${named(name)}`)
  await database.run(
    `CREATE TABLE given AS SELECT ${named(id)} AS record_id, ${trimmed.join(', ')} FROM read`,
  )
  return others
}

const csv = (file: string): string =>
  `read_csv(${quoted(file)}, all_varchar = true, header = true, normalize_names = false, null_padding = true)`

/** A column without any repeated value is another row number. */
const isRowId = ({ sameByChance }: MatchColumn): boolean => sameByChance === 0

async function describeColumn(
  database: MatchDatabase,
  { fact, kind, id }: { fact: ColumnFacts; kind: MatchColumn['kind']; id: string },
): Promise<MatchColumn> {
  const [[filled], [same]] = await database.columns<[number, number]>(
    `SELECT sum(n)::DOUBLE, sum(n::DOUBLE * (n - 1)) FROM (SELECT count(*) AS n FROM tidy WHERE ${id} IS NOT NULL GROUP BY ${id})`,
  )
  const all = filled ?? 0
  return {
    name: fact.name.trim(),
    id,
    kind,
    role: tellRole(fact.name.trim(), kind),
    filled: all / Math.max(1, fact.records),
    sameByChance: (same ?? 0) / Math.max(1, all * (all - 1)),
    words: fact.words,
  }
}

/** Beside each value, how often it is there: a shared rare name says more than a shared usual one. */
async function addFrequencies(database: MatchDatabase, columns: readonly MatchColumn[]) {
  const counts = columns.map(
    ({ id }) =>
      `LEFT JOIN (SELECT ${id}, ln(count(*))::FLOAT AS f_${id} FROM tidy WHERE ${id} IS NOT NULL GROUP BY ${id} HAVING count(*) > 2) USING (${id})`,
  )
  await database.run(`CREATE TABLE people AS SELECT * FROM tidy ${counts.join(' ')}`)
}
