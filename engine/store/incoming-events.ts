/** Events as they came in: kept for a week, so that a message sent again is known. */
import type { Database } from './database.ts'
import type { SourceDocument } from './sources.ts'

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

/** One event on one line; the body is JSON already and is not read again. */
const incomingLine = ({ _id, body }: IncomingEvent, source: string): string =>
  `{"id":"${_id}","source":${JSON.stringify(source)},"event":${body}}`

/** How old the names of sources may be. */
const NAMES_FRESH_MS = 5_000
const DUPLICATE_KEY = 11_000
/** Codes after which the same insert may be sent again at once: the primary changed. */
const AGAIN = new Set([91, 189, 10107, 11600, 11602, 13435, 13436])

interface InsertAnswer {
  writeErrors?: Array<{ index: number; code: number }>
  writeConcernError?: { code: number; errmsg: string }
}

export function createIncomingEvents(database: Database) {
  const events = database.collection<IncomingEvent>('incoming_events')
  const sources = database.collection<SourceDocument>('sources')
  let names = { at: 0, byId: new Map<string, string>() }
  /** As people call the sources now. */
  const sourceNames = async (): Promise<ReadonlyMap<string, string>> => {
    if (Date.now() - names.at < NAMES_FRESH_MS) return names.byId
    const all = await sources.find({}, { projection: { name: 1 } }).toArray()
    names = { at: Date.now(), byId: new Map(all.map(({ _id, name }) => [_id, name])) }
    return names.byId
  }
  const toLines = async (documents: readonly IncomingEvent[]): Promise<Buffer> => {
    const byId = await sourceNames()
    const lines = documents.map((document) =>
      incomingLine(document, byId.get(document.sourceId) ?? document.sourceId),
    )
    return Buffer.from(lines.join('\n'))
  }

  const insert = async (documents: readonly IncomingEvent[]): Promise<InsertAnswer> =>
    await database.db.command({
      insert: 'incoming_events',
      documents,
      ordered: false,
      writeConcern: { w: 'majority', j: true, wtimeout: 10_000 },
    })

  return {
    /** As a live source decodes them. */
    toLines,
    /** The newest, oldest first. */
    async latest(limit: number): Promise<Uint8Array> {
      const found = await events.find().sort({ at: -1 }).limit(limit).toArray()
      return toLines(found.reverse())
    },
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
