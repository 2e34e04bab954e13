/** Numbers, dates and sizes in the language of the page. */
import { currentLocale } from '../words/words.ts'

const formats = new Map<string, Intl.NumberFormat>()

/** Formats are kept: making one costs far more than using it, and live numbers use many. */
function numberFormat(options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  const key = currentLocale() + JSON.stringify(options)
  const known = formats.get(key) ?? new Intl.NumberFormat(currentLocale(), options)
  formats.set(key, known)
  return known
}

export const formatNumber = (value: number): string => numberFormat().format(value)

const SHORT: Intl.NumberFormatOptions = { notation: 'compact', maximumFractionDigits: 1 }
const PERCENT: Intl.NumberFormatOptions = { style: 'percent', maximumFractionDigits: 0 }

/** Short enough for a wire: 12.3K. */
export const formatShort = (value: number): string =>
  value < 10_000 ? formatNumber(value) : numberFormat(SHORT).format(value)

export const formatPercent = (share: number): string => numberFormat(PERCENT).format(share)

export const formatTime = (at: number | string): string =>
  new Intl.DateTimeFormat(currentLocale(), { hour: '2-digit', minute: '2-digit' }).format(
    new Date(at),
  )

export function formatDate(at: string | undefined): string {
  if (at === undefined || Number.isNaN(Date.parse(at))) return at ?? ''
  return new Intl.DateTimeFormat(currentLocale(), {
    dateStyle: 'medium',
    timeStyle: 'short',
  }).format(new Date(at))
}

const UNITS: ReadonlyArray<readonly [Intl.RelativeTimeFormatUnit, number]> = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

/** "5 minutes ago"; a date once it is more than a week. */
export function formatAgo(at: string): string {
  const seconds = (Date.now() - Date.parse(at)) / 1_000
  if (Number.isNaN(seconds) || seconds > 7 * 86_400) return formatDate(at)
  const format = new Intl.RelativeTimeFormat(currentLocale(), { numeric: 'auto' })
  const [unit, size] = UNITS.find(([, length]) => seconds >= length) ?? ['second', 1]
  return format.format(-Math.round(seconds / size), unit)
}

export function formatBytes(bytes: number): string {
  const step = bytes < 1_000 ? 0 : bytes < 1e6 ? 1 : bytes < 1e9 ? 2 : 3
  const unit = (['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const)[step] ?? 'byte'
  return new Intl.NumberFormat(currentLocale(), {
    style: 'unit',
    unit,
    maximumFractionDigits: step === 0 ? 0 : 1,
  }).format(bytes / 1_000 ** step)
}

export function formatDuration(fromAt: string, toAt: string | undefined): string {
  const seconds = Math.max(0, ((toAt ? Date.parse(toAt) : Date.now()) - Date.parse(fromAt)) / 1_000)
  const unit = (value: number, name: string) =>
    new Intl.NumberFormat(currentLocale(), {
      style: 'unit',
      unit: name,
      unitDisplay: 'narrow',
      maximumFractionDigits: 1,
    }).format(value)
  if (seconds < 60)
    return unit(seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds), 'second')
  if (seconds < 3_600)
    return `${unit(Math.floor(seconds / 60), 'minute')} ${unit(Math.round(seconds % 60), 'second')}`
  return `${unit(Math.floor(seconds / 3_600), 'hour')} ${unit(Math.floor((seconds % 3_600) / 60), 'minute')}`
}
