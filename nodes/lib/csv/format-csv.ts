/** Rows as CSV text: exact for machines, or safe to open in a spreadsheet. */
import { toText } from '../field-path.ts'
import type { Json } from '../../../engine/contract/json.ts'

/** A spreadsheet takes a cell that begins so for a formula (OWASP ASVS 1.2.10), wide forms too. */

const TRIGGER = /^\s*[=+\-@\t\r\0＝＋－＠]/

export type CsvMode = 'spreadsheet' | 'machine'

/** One line, ended by CRLF as RFC 4180 has it. */
export function formatCsvRow(
  cells: ReadonlyArray<Json | undefined>,
  mode: CsvMode,
  delimiter = ',',
) {
  return cells.map((cell) => formatCsvCell(cell, mode, delimiter)).join(delimiter) + '\r\n'
}

export function formatCsvCell(cell: Json | undefined, mode: CsvMode, delimiter = ','): string {
  const text = toText(cell)
  const risky = mode === 'spreadsheet' && typeof cell !== 'number' && TRIGGER.test(text)
  const safe = risky ? `'${text}` : text
  return safe.includes('"') ||
    safe.includes('\n') ||
    safe.includes('\r') ||
    safe.includes(delimiter)
    ? `"${safe.replaceAll('"', '""')}"`
    : safe
}
