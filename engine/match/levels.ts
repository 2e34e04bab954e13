/** How alike two values are, in levels from best to worst: SQL tests over `l` and `r`. */
import type { ColumnKind, MatchColumn } from './column.ts'

/** Level 1 is exact, the last is "different" and has no test; 0 means a value is missing. */
export function levelTests(column: MatchColumn): string[] {
  const l = `l.${column.id}`
  const r = `r.${column.id}`
  return ['$l = $r', ...NEARLY[column.kind], ...wordTests(column)].map((test) =>
    test.replaceAll('$l', l).replaceAll('$r', r),
  )
}

export const levelCount = (column: MatchColumn): number =>
  levelTests(column).length + 2 + (column.role === 'given' ? 1 : 0)

/**
 * Tests of values that are neither equal nor different: two addresses made of one name are alike
 * whether or not they are one person's, so that tells nothing beside the names.
 */
export const undecidedTests = ({ kind, id }: MatchColumn): string[] =>
  kind === 'email'
    ? [`jaro_winkler_similarity(split_part(l.${id}, '@', 1), split_part(r.${id}, '@', 1)) >= 0.85`]
    : []

const INITIAL = '(least(length($l), length($r)) = 1 AND left($l, 1) = left($r, 1))'

const NEARLY: Record<ColumnKind, readonly string[]> = {
  name: [
    'jaro_winkler_similarity($l, $r) >= 0.92',
    `(jaro_winkler_similarity($l, $r) >= 0.84 OR damerau_levenshtein($l, $r) <= 1)`,
    INITIAL,
    'jaro_winkler_similarity($l, $r) >= 0.7',
  ],
  date: [
    'damerau_levenshtein($l, $r) <= 1',
    '(left($l, 4) = left($r, 4) AND substr($l, 5, 2) = substr($r, 7, 2) AND substr($l, 7, 2) = substr($r, 5, 2))',
    '(left($l, 4) = left($r, 4) AND (right($l, 2) = right($r, 2) OR substr($l, 5, 2) = substr($r, 5, 2)))',
    'damerau_levenshtein($l, $r) <= 2',
  ],
  phone: ['damerau_levenshtein($l, $r) <= 1', 'right($l, 7) = right($r, 7)'],
  email: [],
  code: ['damerau_levenshtein($l, $r) <= 1', 'damerau_levenshtein($l, $r) <= 2'],
  number: ['(damerau_levenshtein($l, $r) <= 1 AND greatest(length($l), length($r)) > 1)'],
  text: ['jaro_winkler_similarity($l, $r) >= 0.94', 'jaro_winkler_similarity($l, $r) >= 0.85'],
  category: [],
}

/** Longer texts may hold the same words in another order. */
const wordTests = ({ kind, words }: MatchColumn): string[] =>
  kind === 'text' && words >= 2.5
    ? ['jaccard_words($l, $r) >= 0.5']
    : kind === 'text'
      ? ['jaro_winkler_similarity($l, $r) >= 0.75']
      : []

export const WORD_MACRO = `CREATE MACRO jaccard_words(a, b) AS
  len(list_intersect(string_split(a, ' '), string_split(b, ' '))) /
  len(list_distinct(string_split(a || ' ' || b, ' ')))`
