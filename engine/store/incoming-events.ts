/** Events as they came in: kept for a week, so that a message sent again is known. */
import type { Database } from './database.ts'

export interface IncomingEvent {
  /** Digest of source and message id: a second insert is the same event sent again. */
  _id: string
  at: Date
  sourceId: string
  /** All events of one person have the same. */
  part: number
  /** The event as JSON: it is read whole or not at all. */
  body: string
  /** Where it departs from the tracking plan, when that only warns. */
  warnings?: string[]
}

const DUPLICATE_KEY = 11_000
/** Codes after which the same insert may be sent again at once: the primary changed. */
const AGAIN = new Set([91, 189, 10107, 11600, 11602, 13435, 13436])

interface InsertAnswer {
  writeErrors?: Array<{ index: number; code: number }>
  writeConcernError?: { code: number; errmsg: string }
}

export function createIncomingEvents(database: Database) {
  const insert = async (documents: readonly IncomingEvent[]): Promise<InsertAnswer> =>
    await database.db.command({
      insert: 'incoming_events',
      documents,
      ordered: false,
      writeConcern: { w: 'majority', j: true, wtimeout: 10_000 },
    })

  return {
    /** Returns the places of those that were there already. Resolves when all are durable. */
    async add(documents: readonly IncomingEvent[]): Promise<ReadonlySet<number>> {
      // Ids make a repeat harmless, so one try more costs nothing.
      const answer = await insert(documents).catch((error: unknown) => {
        const code = (error as { code?: unknown }).code
        if (typeof code === 'number' && !AGAIN.has(code)) throw error
        return insert(documents)
      })
      if (answer.writeConcernError) throw new Error('The events are not yet durable.')
      const known = new Set<number>()
      for (const { index, code } of answer.writeErrors ?? []) {
        if (code !== DUPLICATE_KEY) throw new Error(`An event was not stored (${code}).`)
        known.add(index)
      }
      return known
    },
  }
}

export type IncomingEvents = ReturnType<typeof createIncomingEvents>
