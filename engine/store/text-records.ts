/** Records in text: one a line, CSV records with line breaks in quotes kept whole. For erasing people
 *  out of files that were taken in or made here. */
import { parse } from 'csv-parse/sync'
import type { Json } from '../contract/json.ts'
import type { PersonTraces } from '../privacy/person-traces.ts'

export type TextFormat = 'csv' | 'ndjson'

export interface TextRecord {
  /** Place of its first character, and behind its last, the line's end not counted. */
  start: number
  end: number
}

const QUOTE = '"'

export function* recordsOf(text: string, format: TextFormat): Generator<TextRecord> {
  let start = 0
  let from = 0
  while (start < text.length) {
    const at = text.indexOf('\n', from)
    const end = at < 0 ? text.length : at
    from = end + 1
    if (at >= 0 && format === 'csv' && isOpen(text, start, end)) continue
    yield { start, end }
    start = from
  }
}

/** Inside quotes still: the line's end belongs to a value. */
function isOpen(text: string, start: number, end: number): boolean {
  let quotes = 0
  for (let at = text.indexOf(QUOTE, start); at >= 0 && at < end; at = text.indexOf(QUOTE, at + 1))
    quotes++
  return quotes % 2 === 1
}

/** Whether one record is the person's. What cannot be read counts as theirs when it looks so. */
export function isRecordOf(text: string, format: TextFormat, traces: PersonTraces): boolean {
  if (!traces.mayBeIn(text)) return false
  try {
    if (format === 'ndjson') return traces.isIn(JSON.parse(text) as Json)
    const rows = parse(text, { delimiter: [',', ';', '\t', '|'], relax_column_count: true })
    return traces.isIn(rows)
  } catch {
    return true
  }
}
