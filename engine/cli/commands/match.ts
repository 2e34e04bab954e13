/** `heddle match`: finds the records of one person in a file, choosing columns, pairs and threshold itself. */
import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { formatCsvCell } from '../../../nodes/lib/csv/format-csv.ts'
import { matchFiles, type MatchResult } from '../../match/match-files.ts'

export interface MatchCommandOptions {
  input: string
  out: string
  linkWith?: string
  explain?: boolean
}

export async function match({ input, out, linkWith, explain }: MatchCommandOptions): Promise<void> {
  const files = linkWith === undefined ? [input] : [input, linkWith]
  for (const file of files)
    if (!(await stat(file).catch(() => undefined))?.isFile())
      throw new Error(`There is no file ${file} to read. Name a CSV file: --input persons.csv`)
  const started = performance.now()
  const since = () => ((performance.now() - started) / 1_000).toFixed(1)
  const say = (line: string) => console.error(`${since()} s  ${line}`)
  const result = await matchFiles(files, explain ? { say } : {})
  await pipeline(Readable.from(linesOf(result)), createWriteStream(out))
  for (const line of summary(result)) console.log(line)
  console.log(`Written to ${out} in ${since()} s.`)
}

const ROWS = 10_000

function* linesOf({ ids, groups }: MatchResult): Iterable<string> {
  yield 'record_id,cluster_id\n'
  for (let from = 0; from < ids.length; from += ROWS)
    yield ids
      .slice(from, from + ROWS)
      .map((id, k) => `${formatCsvCell(id ?? '', 'machine')},${(groups[from + k] ?? 0) + 1}\n`)
      .join('')
}

function summary({ ids, groups, expected, columns, pairs }: MatchResult): string[] {
  const people = groups.reduce((count, group, i) => count + (group === i ? 1 : 0), 0)
  return [
    `${ids.length} records of ${people} people; ${pairs} pairs compared.`,
    `Compared: ${columns.map(({ name }) => name).join(', ')}.`,
    `Threshold ${expected.threshold.toFixed(3)}: expected precision ${expected.precision.toFixed(4)}, expected recall ${expected.recall.toFixed(4)}.`,
  ]
}
