/** Where the running instance of a home folder keeps its MongoDB. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { connectDatabase, type Database } from '../store/database.ts'
import { MONGO_ADDRESS_FILE } from './settings.ts'

/** Runs `work` on the database the environment names, or on that of the running instance. */
export async function withDatabase<Result>(
  home: string,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  const uri = process.env['MONGODB_URI'] ?? (await savedAddress(home))
  const database = await connectDatabase({ uri })
  return work(database).finally(() => database.close())
}

const savedAddress = (home: string): Promise<string> =>
  readFile(path.join(home, 'secrets', MONGO_ADDRESS_FILE), 'utf8').catch(() => {
    throw new Error(
      'No instance runs with this home folder. Start it first, or name it: --home DIR.',
    )
  })
