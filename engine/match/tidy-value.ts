/** Writes values of one kind alike before they are compared: SQL over the column as given. */
import type { ColumnKind } from './column.ts'
import type { ColumnFacts } from './column-facts.ts'
import { named } from './match-database.ts'

export function tidyValue(facts: ColumnFacts, kind: ColumnKind): string {
  const value = named(facts.name)
  return `nullif(${tidied(value, kind, facts)}, '')`
}

function tidied(value: string, kind: ColumnKind, facts: ColumnFacts): string {
  if (kind === 'date') return tidyDate(value, facts.yearLast > facts.yearFirst)
  if (kind === 'phone') return `right(regexp_replace(${value}, '[^0-9]', '', 'g'), 10)`
  if (kind === 'email') return `lower(trim(${value}))`
  if (kind === 'code') return `regexp_replace(lower(${value}), '[^0-9a-z]', '', 'g')`
  const plain = `lower(strip_accents(trim(${value})))`
  return kind === 'number' ? plain : `trim(regexp_replace(${plain}, '[^\\p{L}\\p{N}]+', ' ', 'g'))`
}

/** Eight digits, year first; a date with a typing error stays comparable. */
function tidyDate(value: string, yearLast: boolean): string {
  const parts = yearLast
    ? `'^\\s*(\\d{1,2})\\D(\\d{1,2})\\D(\\d{4}).*$'`
    : `'^\\s*(\\d{4})\\D(\\d{1,2})\\D(\\d{1,2}).*$'`
  const part = (n: number) => `lpad(regexp_extract(${value}, ${parts}, ${n}), 2, '0')`
  const joined = yearLast ? [3, 2, 1].map(part) : [1, 2, 3].map(part)
  const year = `regexp_extract(${value}, ${parts}, ${yearLast ? 3 : 1})`
  return `CASE WHEN regexp_matches(${value}, ${parts}) THEN ${[year, ...joined.slice(1)].join(' || ')}
    ELSE regexp_replace(${value}, '\\D', '', 'g') END`
}
