/** The scratch database of one matching: in process, bounded in memory, spilling to a folder that ends with it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir, totalmem } from 'node:os'
import path from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'

export interface MatchDatabase {
  run(sql: string): Promise<void>
  /** Columns of the answer, numbers and texts only. */
  columns<T extends readonly unknown[]>(sql: string): Promise<{ [K in keyof T]: Array<T[K]> }>
  /** Adds rows of one whole number and further fractions to a table. */
  append(table: string, rows: ReadonlyArray<readonly [bigint, ...number[]]>): Promise<void>
  close(): Promise<void>
}

const GIB = 2 ** 30

export async function openMatchDatabase(): Promise<MatchDatabase> {
  const folder = await mkdtemp(path.join(tmpdir(), 'heddle-matching-'))
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(availableParallelism()),
    memory_limit: `${Math.max(1, Math.min(8, totalmem() / GIB / 2)).toFixed(1)}GB`,
    temp_directory: folder,
  })
  const connection = await instance.connect()
  return {
    run: async (sql) => void (await connection.run(sql)),
    // The caller names the types of the columns it asked for.
    columns: async <T extends readonly unknown[]>(sql: string) =>
      (await connection.runAndReadAll(sql)).getColumnsJS() as unknown as {
        [K in keyof T]: Array<T[K]>
      },
    async append(table, rows) {
      const appender = await connection.createAppender(table)
      for (const [whole, ...fractions] of rows) {
        appender.appendBigInt(whole)
        for (const fraction of fractions) appender.appendDouble(fraction)
        appender.endRow()
      }
      appender.closeSync()
    },
    async close() {
      connection.closeSync()
      instance.closeSync()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A text as a literal of SQL. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** A name as an identifier of SQL. */
export const named = (name: string): string => `"${name.replaceAll('"', '""')}"`
