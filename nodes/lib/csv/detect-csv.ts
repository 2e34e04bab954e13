/** Tells how a CSV file is written from its first bytes: encoding, delimiter, header, columns. */
import chardet from 'chardet'
import { parse } from 'csv-parse/sync'
import iconv from 'iconv-lite'
import {
  isPersonal,
  type FieldMeaning,
  type FieldSpec,
  type FieldType,
} from '../../../engine/contract/shape.ts'

export interface DetectedCsv {
  encoding: string
  delimiter: string
  quote: string
  header: boolean
  columns: Array<FieldSpec & { samples: string[] }>
}

const DELIMITERS = [',', ';', '\t', '|']
const SAMPLE_ROWS = 50
const SHOWN_SAMPLES = 3

export function detectCsv(sample: Uint8Array): DetectedCsv {
  const encoding = detectEncoding(sample)
  const text = decodeText(sample, encoding)
  const delimiter = detectDelimiter(text)
  const rows = readRows(text, delimiter)
  const first = rows[0] ?? []
  const header = looksLikeHeader(first)
  const names = header ? uniqueNames(first) : first.map((_, i) => `column_${i + 1}`)
  const data = header ? rows.slice(1) : rows
  return {
    encoding,
    delimiter,
    quote: '"',
    header,
    columns: names.map((name, i) =>
      describe(
        name,
        data.map((row) => row[i] ?? ''),
      ),
    ),
  }
}

/** WHATWG-style name that `decodeText` understands. */
export function detectEncoding(sample: Uint8Array): string {
  if (sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf) return 'utf-8'
  if (sample[0] === 0xff && sample[1] === 0xfe) return 'utf-16le'
  if (sample[0] === 0xfe && sample[1] === 0xff) return 'utf-16be'
  if (isUtf8(sample)) return 'utf-8'
  const guess = chardet.detect(sample) ?? 'windows-1252'
  return iconv.encodingExists(guess) ? guess.toLowerCase() : 'windows-1252'
}

/** The last few bytes may be half a character, so they do not decide. */
function isUtf8(sample: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(sample.subarray(0, trimTail(sample)))
    return true
  } catch {
    return false
  }
}

function trimTail(sample: Uint8Array): number {
  let end = sample.length
  while (end > 0 && sample.length - end < 4 && ((sample[end - 1] ?? 0) & 0x80) !== 0) end--
  return end
}

/** Text without its byte order mark. */
export function decodeText(bytes: Uint8Array, encoding: string): string {
  const text =
    encoding === 'utf-8'
      ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
      : iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), encoding)
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

function readRows(text: string, delimiter: string): string[][] {
  const whole = text.slice(0, 200_000)
  return parse(whole, {
    delimiter,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    to: SAMPLE_ROWS,
  })
}

/** The one that cuts most rows into the same number of more than one column. */
function detectDelimiter(text: string): string {
  const scored = DELIMITERS.map((delimiter) => {
    const widths = readRows(text, delimiter).map((row) => row.length)
    const width = widths[0] ?? 0
    const same = widths.filter((other) => other === width).length
    return { delimiter, score: width > 1 ? same * Math.min(width, 50) : 0 }
  })
  const best = scored.reduce((a, b) => (b.score > a.score ? b : a))
  return best.score > 0 ? best.delimiter : ','
}

const looksLikeHeader = (row: string[]): boolean =>
  row.length > 0 &&
  row.every((cell) => cell.trim() !== '' && !/^[\d.,:/+-]+$/.test(cell) && !cell.includes('@')) &&
  new Set(row).size === row.length

/** Names of columns: trimmed, none empty, none twice. */
export function uniqueNames(row: readonly string[]): string[] {
  const taken = new Set<string>()
  return row.map((cell, i) => {
    const wanted = cell.trim() || `column_${i + 1}`
    let name = wanted
    for (let n = 2; taken.has(name); n++) name = `${wanted}_${n}`
    taken.add(name)
    return name
  })
}

function describe(name: string, values: string[]): FieldSpec & { samples: string[] } {
  const filled = values.filter((value) => value.trim() !== '')
  const meaning = guessMeaning(name, filled)
  return {
    name,
    type: guessType(filled),
    ...(meaning === undefined ? {} : { meaning }),
    ...(isPersonal(meaning) ? { personal: true } : {}),
    samples: [...new Set(filled)].slice(0, SHOWN_SAMPLES),
  }
}

const all = (values: string[], pattern: RegExp): boolean =>
  values.length > 0 && values.every((value) => pattern.test(value.trim()))

function guessType(values: string[]): FieldType {
  if (all(values, /^-?\d+([.,]\d+)?$/) && !all(values, /^0\d/)) return 'number'
  if (all(values, /^(true|false)$/i)) return 'boolean'
  if (all(values, /^\d{4}-\d{2}-\d{2}([T ][\d:.]+(Z|[+-]\d{2}:?\d{2})?)?$/)) return 'date'
  return 'text'
}

/** Names in English, German, French and Chinese, most telling first. */
const MEANINGS: ReadonlyArray<readonly [FieldMeaning, RegExp]> = [
  ['email', /^(e-?mail|mail|courriel|电子邮件|邮箱)/i],
  ['phone', /^(phone|tel|mobile|handy|portable|电话|手机)/i],
  ['first_name', /^(first[_ ]?name|given|vorname|pr[eé]nom|名)$/i],
  ['last_name', /^(last[_ ]?name|surname|family|nachname|nom|姓)$/i],
  ['full_name', /^(name|full[_ ]?name|姓名)$/i],
  ['birth_date', /^(birth|dob|geburts|naissance|生日)/i],
  ['street', /^(street|address|strasse|straße|rue|地址)/i],
  ['city', /^(city|town|ort|stadt|ville|城市)/i],
  ['postcode', /^(post_?code|zip|plz|code[_ ]postal|邮编)/i],
  ['country', /^(country|land|pays|国家)/i],
  ['loyalty_id', /^(loyalty|card|member)/i],
  ['anonymous_id', /^anonymous/i],
  ['user_id', /^(user_?id|account|customer_account)/i],
  ['order_id', /^(order_?id|order_?no|receipt_?id)/i],
  ['currency', /^(currency|währung|devise|币种)/i],
  ['amount', /^(amount|total|price|betrag|montant|金额)/i],
  ['purpose', /^purpose/i],
  ['consent_state', /^(consent|state$)/i],
]

export function guessMeaning(name: string, values: string[]): FieldMeaning | undefined {
  const named = MEANINGS.find(([, pattern]) => pattern.test(name))?.[0]
  if (named) return named
  const withAt = values.filter((value) => /^\s*[^\s@]+@[^\s@]+\s*$/.test(value)).length
  return values.length > 0 && withAt > values.length * 0.7 ? 'email' : undefined
}
