/** A database of its own for a test file, dropped at the end. */
import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { connectDatabase, type Database } from '../../engine/store/database.ts'
import { createIndexes } from '../../engine/store/indexes.ts'

export interface TestDatabase {
  database: Database
  name: string
  close(): Promise<void>
}

export async function testDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`
  const database = await connectDatabase({ uri: inject('mongoUri'), database: name })
  await createIndexes(database)
  return {
    database,
    name,
    close: async () => {
      await database.db.dropDatabase()
      await database.close()
    },
  }
}
