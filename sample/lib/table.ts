/** Rows of one sample file, each with the person it belongs to, and their text as CSV. */
export type SampleRow = {
  /** Id of the real person behind the row; null for a row nobody is behind. */
  person: string | null
  /** Place in the file: rows are written in this order. */
  at: number
  cells: string[]
}

export type CsvStyle = { delimiter: string; lineEnd: string; bom: boolean }

const quoteIfNeeded = (cell: string, delimiter: string): string =>
  cell.includes(delimiter) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell

export const toCsv = (header: string[], rows: SampleRow[], style: CsvStyle): string => {
  const { delimiter, lineEnd, bom } = style
  const line = (cells: string[]): string =>
    cells.map((cell) => quoteIfNeeded(cell, delimiter)).join(delimiter) + lineEnd
  return (bom ? '\uFEFF' : '') + [header, ...rows.map(({ cells }) => cells)].map(line).join('')
}

export const inOrder = (rows: SampleRow[]): SampleRow[] => rows.sort((a, b) => a.at - b.at)
