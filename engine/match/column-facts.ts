/** Counts over the values of one column, from which its kind is told. */
import { named, type MatchDatabase } from './match-database.ts'

export interface ColumnFacts {
  name: string
  records: number
  filled: number
  distinct: number
  length: number
  words: number
  /** Shares of the filled values. */
  emails: number
  digits: number
  letters: number
  yearFirst: number
  yearLast: number
}

const YEAR_FIRST =
  '^(1[89]|20)[0-9]{2}[-/. ]?(0?[1-9]|1[0-2])[-/. ]?(0?[1-9]|[12][0-9]|3[01])([T ].*)?$'
const YEAR_LAST = '^[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ](1[89]|20)[0-9]{2}$'
/** Values looked at for shares; more would tell the same. */
const SAMPLE = 50_000

export async function readColumnFacts(database: MatchDatabase, name: string): Promise<ColumnFacts> {
  const value = named(name)
  const share = (test: string) => `coalesce(avg(CASE WHEN ${test} THEN 1.0 ELSE 0.0 END), 0)`
  const like = (pattern: string) => share(`regexp_matches(v, '${pattern}')`)
  const found = await database.columns<number[]>(`
    WITH seen AS (SELECT ${value} AS v FROM given WHERE ${value} IS NOT NULL),
    looked AS (SELECT v FROM seen LIMIT ${SAMPLE})
    SELECT (SELECT count(*)::DOUBLE FROM given), (SELECT count(*)::DOUBLE FROM seen),
      (SELECT approx_count_distinct(v)::DOUBLE FROM seen),
      coalesce(avg(length(v)), 0)::DOUBLE,
      coalesce(avg(len(string_split(trim(v), ' '))), 0)::DOUBLE,
      ${share("contains(v, '@')")}::DOUBLE, ${like('^[-+(). 0-9]*[0-9][-+(). 0-9]*$')}::DOUBLE,
      ${like('^[^0-9@]+$')}::DOUBLE, ${like(YEAR_FIRST)}::DOUBLE, ${like(YEAR_LAST)}::DOUBLE
    FROM looked`)
  const [records, filled, distinct, length, words, emails, digits, letters, yearFirst, yearLast] =
    found.map((column) => column[0] ?? 0)
  return {
    name,
    records: records ?? 0,
    filled: filled ?? 0,
    distinct: distinct ?? 0,
    length: length ?? 0,
    words: words ?? 0,
    emails: emails ?? 0,
    digits: digits ?? 0,
    letters: letters ?? 0,
    yearFirst: yearFirst ?? 0,
    yearLast: yearLast ?? 0,
  }
}
