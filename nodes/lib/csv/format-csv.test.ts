/** Promise E-7: no cell opens as a formula, and no cell loses a letter. */
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { formatCsvRow } from './format-csv.ts'

const HOSTILE = [
  '=1+1', '=cmd|\'/C calc\'!A0', '+1', '+16505550100', '-1', '-1+1|cmd', '@SUM(1+1)', '\t=1', '\r=1', '\n=1',
  '\0=1', ' =1', '   +1', '\u00a0=1', '\u3000=1', '\ufeff=1', '＝1+1', '＋1', '－1', '＠SUM', ' ＝1',
  '=HYPERLINK("http://x","y")', '=1;=2', '=1,2', '-', '=', '@',
] // prettier-ignore
const HARMLESS = [
  '', 'a', 'Ada Lovelace', 'a=b', '1+1', 'ada@example.com', "O'Hara", 'say "hi"', '"=1"\n=2', 'a,b', 'a;b', 'two\nlines',
  'two\r\nlines', 'a\tb', '李雷', ' leading', 'trailing ',
] // prettier-ignore
const ALL = [...HOSTILE, ...HARMLESS]
const OPENS_AS_FORMULA = /^[\s\0]*[=+\-@＝＋－＠]|^[\t\r\0]/

const reopen = (text: string, delimiter: string): string[] | undefined =>
  parse(text, { delimiter, relax_column_count: true })[0]

describe.each([',', ';', '\t', '|'])('cells divided by %j', (delimiter) => {
  it.each(ALL)('%j is exact for machines', (cell) => {
    const row = formatCsvRow(['x', cell, 'y'], 'machine', delimiter)
    expect(reopen(row, delimiter)).toEqual(['x', cell, 'y'])
  })

  it.each(HOSTILE)('%j is text in a spreadsheet, and all of it is there', (cell) => {
    const opened = reopen(formatCsvRow(['x', cell, 'y'], 'spreadsheet', delimiter), delimiter)
    expect(opened).toEqual(['x', `'${cell}`, 'y'])
    expect(opened?.[1]).not.toMatch(OPENS_AS_FORMULA)
  })

  it.each(HARMLESS)('%j is left alone in a spreadsheet', (cell) => {
    const row = formatCsvRow(['x', cell, 'y'], 'spreadsheet', delimiter)
    expect(reopen(row, delimiter)).toEqual(['x', cell, 'y'])
  })
})

describe('other values', () => {
  it('keeps negative numbers numbers and writes lists as JSON', () => {
    expect(formatCsvRow([-1.5, null, undefined, true, ['a', 1]], 'spreadsheet')).toBe(
      '-1.5,,,true,"[""a"",1]"\r\n',
    )
  })
})
