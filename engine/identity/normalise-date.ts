/**
 * Date or time in the form a source writes it -> ISO 8601: `2026-02-28`, or UTC with milliseconds
 * when a time is given. Never guesses: an order of day and month or a zone that is not known is
 * refused with the setting that would settle it.
 */
import { refuse, type Normalised } from './refusal.ts'

export type DateOptions = {
  /** Tried in order, such as `dd/MM/yyyy` or `yyyy-MM-dd HH:mm:ss`. */
  patterns?: readonly string[]
  /** For `03/04/2026` and `03-04-2026` that fit no pattern; `03.04.2026` is always day first. */
  dayFirst?: boolean
  /** Read a time without zone as UTC instead of refusing it. */
  assumeUtc?: boolean
}

type Parts = { yyyy: number; MM: number; dd: number; time?: [number, number, number, number] }

const MAX_DATE = 64
const MINUTE = 60_000
const MILLIS_FROM = 1e11
const SECONDS_FROM = 1e8

const daysIn = (year: number, month: number): number =>
  new Date(Date.UTC(year, month, 0)).getUTCDate()

const isInRange = (year: number): boolean => year >= 1800 && year <= 2200

const pad = (value: number): string => String(value).padStart(2, '0')

const writeParts = ({ yyyy, MM, dd, time }: Parts, offsetMinutes: number): Normalised => {
  if (!isInRange(yyyy)) return refuse('date_out_of_range')
  if (MM < 1 || MM > 12 || dd < 1 || dd > daysIn(yyyy, MM)) return refuse('date_impossible')
  if (!time) return { value: `${yyyy}-${pad(MM)}-${pad(dd)}` }
  const [hours, minutes, seconds, millis] = time
  if (hours > 23 || minutes > 59 || seconds > 59) return refuse('date_impossible')
  const utc = Date.UTC(yyyy, MM - 1, dd, hours, minutes, seconds, millis)
  return { value: new Date(utc - offsetMinutes * MINUTE).toISOString() }
}

const isoForm =
  /^(\d{4})-?(\d{2})-?(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d{2}:?\d{2})?)?$/i

/** Minutes east of UTC; undefined for an offset no clock has. */
const offsetOf = (zone: string): number | undefined => {
  if (/^z$/i.test(zone)) return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(-2))
  if (hours > 14 || minutes > 59) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}

const readIso = (text: string, { assumeUtc }: DateOptions): Normalised | undefined => {
  const match = isoForm.exec(text)
  if (!match) return undefined
  const [, yyyy, MM, dd, hours, minutes, seconds = '0', fraction = '', zone] = match
  const date = { yyyy: Number(yyyy), MM: Number(MM), dd: Number(dd) }
  if (hours === undefined) return writeParts(date, 0)
  if (zone === undefined && !assumeUtc) return refuse('date_zone_missing')
  const offset = offsetOf(zone ?? 'Z')
  if (offset === undefined) return refuse('date_impossible')
  const millis = Number(fraction.slice(0, 3).padEnd(3, '0'))
  const time: Parts['time'] = [Number(hours), Number(minutes), Number(seconds), millis]
  return writeParts({ ...date, time }, offset)
}

const epoch = (value: number): Normalised => {
  const size = Math.abs(value)
  if (!Number.isFinite(value) || size < SECONDS_FROM) return refuse('date_malformed')
  const date = new Date(size >= MILLIS_FROM ? value : value * 1_000)
  return isInRange(date.getUTCFullYear())
    ? { value: date.toISOString() }
    : refuse('date_out_of_range')
}

const tokenForms: Record<string, string> = {
  yyyy: '\\d{4}',
  MM: '\\d{2}',
  M: '\\d{1,2}',
  dd: '\\d{2}',
  d: '\\d{1,2}',
  HH: '\\d{2}',
  mm: '\\d{2}',
  ss: '\\d{2}',
}

type PatternReader = (text: string, options: DateOptions) => Normalised | undefined

const compilePattern = (pattern: string): PatternReader => {
  const tokens: string[] = []
  const source = pattern.replace(/yyyy|MM|M|dd|d|HH|mm|ss|[^]/gu, (token) => {
    const form = tokenForms[token]
    if (form === undefined) return token.replace(/[\\^$.*+?()[\]{}|/-]/u, '\\$&')
    tokens.push(token)
    return `(${form})`
  })
  const form = new RegExp(`^${source}$`, 'u')
  return (text, { assumeUtc }) => {
    const match = form.exec(text)
    if (!match) return undefined
    const read = (...names: string[]): number =>
      Number(match[tokens.findIndex((token) => names.includes(token)) + 1] ?? NaN)
    const date = { yyyy: read('yyyy'), MM: read('MM', 'M'), dd: read('dd', 'd') }
    if (!tokens.includes('HH')) return writeParts(date, 0)
    if (!assumeUtc) return refuse('date_zone_missing')
    const orZero = (name: string): number => (tokens.includes(name) ? read(name) : 0)
    return writeParts({ ...date, time: [read('HH'), orZero('mm'), orZero('ss'), 0] }, 0)
  }
}

const hasWholeDate = (pattern: string): boolean =>
  pattern.includes('yyyy') && pattern.includes('M') && pattern.includes('d')

const readersOf = (patterns: readonly string[]): PatternReader[] =>
  patterns.map((pattern) => {
    if (hasWholeDate(pattern)) return compilePattern(pattern)
    throw new Error(`The date pattern "${pattern}" lacks yyyy, MM or dd; complete it.`)
  })

const compiledBefore = new WeakMap<readonly string[], PatternReader[]>()

const patternReaders = (patterns: readonly string[]): PatternReader[] => {
  const known = compiledBefore.get(patterns)
  if (known) return known
  const readers = readersOf(patterns)
  compiledBefore.set(patterns, readers)
  return readers
}

const dayMonthYear = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4})$/

const readDayMonth = (text: string, { dayFirst }: DateOptions): Normalised | undefined => {
  const match = dayMonthYear.exec(text)
  if (!match) return undefined
  const [, first, separator, second, yyyy] = match
  const isDayFirst = separator === '.' ? true : dayFirst
  if (isDayFirst === undefined) return refuse('date_order_unknown')
  const [dd, MM] = isDayFirst ? [first, second] : [second, first]
  return writeParts({ yyyy: Number(yyyy), MM: Number(MM), dd: Number(dd) }, 0)
}

const readText = (text: string, options: DateOptions): Normalised => {
  for (const read of patternReaders(options.patterns ?? noPatterns)) {
    const result = read(text, options)
    if (result) return result
  }
  const result = readIso(text, options) ?? readDayMonth(text, options)
  if (result) return result
  return /^-?\d{9,14}$/.test(text) ? epoch(Number(text)) : refuse('date_malformed')
}

const noPatterns: readonly string[] = []

export const normaliseDate = (raw: unknown, options: DateOptions = {}): Normalised => {
  if (typeof raw === 'number') return epoch(raw)
  if (typeof raw !== 'string') return refuse('not_text')
  const text = raw.trim()
  if (text === '') return refuse('empty')
  return text.length > MAX_DATE ? refuse('too_long') : readText(text, options)
}
