/** Tells kind and role of a column, or that it says nothing about who somebody is. */
import type { ColumnKind, ColumnRole } from './column.ts'
import type { ColumnFacts } from './column-facts.ts'

/** Below this share of filled values a column decides nothing. */
const LEAST_FILLED = 0.02
const MOST = 0.75

export function tellKind(facts: ColumnFacts): ColumnKind | undefined {
  if (facts.distinct < 2 || facts.filled < facts.records * LEAST_FILLED) return undefined
  const name = facts.name.toLowerCase()
  if (facts.emails > MOST) return 'email'
  const dates = Math.max(facts.yearFirst, facts.yearLast)
  if (dates > MOST || (dates > 0.5 && /birth|dob|date/.test(name))) return 'date'
  if (facts.digits > MOST) return tellDigits(facts, name)
  if (facts.distinct <= 60 && facts.distinct < facts.filled / 50) return 'category'
  if (facts.letters > MOST && facts.words < 1.4) return 'name'
  return facts.letters < 0.25 && facts.words < 1.2 && isScattered(facts) ? 'code' : 'text'
}

function tellDigits(facts: ColumnFacts, name: string): ColumnKind {
  if (/phone|mobile|\btel|cell|fax/.test(name) && facts.length >= 6) return 'phone'
  if (isScattered(facts) && facts.length >= 9 && facts.length <= 16) return 'phone'
  if (isScattered(facts) && facts.length >= 6) return 'code'
  return facts.distinct <= 12 ? 'category' : 'number'
}

/** Whether most values are one record's, or nearly. */
const isScattered = ({ distinct, filled }: ColumnFacts): boolean => distinct > filled * 0.2

const HOME =
  /addr|street|road|house|suburb|city|town|post|zip|state|county|region|country|locality|province|district|\bflat|unit/

export function tellRole(name: string, kind: ColumnKind): ColumnRole {
  const text = name.toLowerCase()
  if (kind === 'phone') return 'contact'
  if (kind === 'name' && /given|first|fore|christian|\bfname|prenom|vorname/.test(text))
    return 'given'
  if (kind === 'name' && /surname|last|family|\blname|nachname/.test(text)) return 'family'
  if (HOME.test(text) && kind !== 'email' && kind !== 'date' && kind !== 'code') return 'home'
  return 'own'
}
