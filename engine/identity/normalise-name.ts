/**
 * Personal name -> NFC, single spaces, no invisible characters, and case repaired where the sender
 * wrote all capitals or no capitals. A name in mixed case was written with care and stays.
 */
import { refuse, type Normalised } from './refusal.ts'

const MAX_NAME = 500

const invisible = /[\p{Cc}\p{Cf}\p{Cs}]/gu
const spaces = /\s+/gu
const romanNumeral = /^(?:ii|iii|iv|vi{0,3}|ix)$/u
const lowerWithin = new Set(
  'van von der den de del della di da das do dos du la le y zu zum zur bin ibn al'.split(' '),
)

const capitalise = (part: string): string => {
  const [first = '', ...rest] = part
  return first.toUpperCase() + rest.join('')
}

/** Parts between hyphens, apostrophes and full stops each begin with a capital: O'Neil, Anne-Marie. */
const repairWord = (word: string, index: number): string => {
  if (index > 0 && lowerWithin.has(word)) return word
  if (index > 0 && romanNumeral.test(word)) return word.toUpperCase()
  const parts = word.split(/([-'’.])/u).map(capitalise)
  return parts.join('').replace(/^Mc(\p{L})/u, (_, letter: string) => `Mc${letter.toUpperCase()}`)
}

const repairCase = (name: string): string => {
  const lower = name.toLowerCase()
  if (name !== lower && name !== name.toUpperCase()) return name
  return lower.split(' ').map(repairWord).join(' ')
}

export const normaliseName = (raw: unknown): Normalised => {
  if (typeof raw !== 'string') return refuse('not_text')
  if (raw.length > MAX_NAME) return refuse('too_long')
  const clean = raw.normalize('NFC').replace(spaces, ' ').replace(invisible, '').trim()
  return clean === '' ? refuse('empty') : { value: repairCase(clean).normalize('NFC') }
}
