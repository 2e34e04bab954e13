/** What matching knows of one column: found in its values and its name, never told. */

/** How values are written, which decides how two of them are compared. */
export type ColumnKind =
  'name' | 'date' | 'phone' | 'email' | 'code' | 'number' | 'text' | 'category'

/** What a household shares (`home`, `family`, `contact`) and what is one person's own. */
export type ColumnRole = 'given' | 'family' | 'home' | 'contact' | 'own'

export interface MatchColumn {
  /** As the file has it. */
  name: string
  /** As the scratch tables have it. */
  id: string
  kind: ColumnKind
  role: ColumnRole
  /** Share of records that hold a value. */
  filled: number
  /** Chance that two random records that hold a value hold the same. */
  sameByChance: number
  /** Mean number of words of a value. */
  words: number
}
