/**
 * Incoming events in the order in which they became durable: a change stream, read by hand so that each
 * answer of the server is one page. Where the place is no longer in the server's log, and for events from
 * before a run began, they are read by their time of arrival; some may then come twice.
 */
import { Long, type ClientSession, type Document } from 'mongodb'
import type { Database } from './database.ts'
import type { IncomingEvent } from './incoming-events.ts'

/** Where a reader stands. Plain BSON, so that it can be stored. */
export type FeedPlace =
  | { kind: 'scan'; from: Date }
  /** `at` is when the newest event before it arrived: where to look when the token is lost. */
  | { kind: 'tail'; token: Document; at: Date }

export interface FeedPage {
  events: IncomingEvent[]
  /** Where to go on once the events are done. */
  next: FeedPlace
}

export interface FeedInput {
  /** First part, and the first one after the last. */
  parts: readonly [number, number]
  place: FeedPlace
  /** Most events of a page. */
  limit: number
  /** How long one call waits for events. */
  waitMs: number
}

export interface IncomingFeed {
  /** Resolves with no events when none came within the time. */
  next(): Promise<FeedPage>
  close(): Promise<void>
}

interface CursorAnswer {
  cursor: {
    id: Long
    nextBatch?: Array<{ fullDocument: IncomingEvent }>
    postBatchResumeToken: Document
  }
}

/** The server no longer has the log from there on. */
const PLACE_LOST: ReadonlySet<unknown> = new Set([260, 280, 286])
/** Clocks of servers that stamp events may differ by so much. */
const SKEW_MS = 10_000

export function openFeed(database: Database, input: FeedInput): IncomingFeed {
  const { limit, waitMs } = input
  const [from, to] = input.parts
  const part = { $gte: from, $lt: to }
  const events = database.collection<IncomingEvent>('incoming_events')
  const session: ClientSession = database.client.startSession({ causalConsistency: false })
  let place = input.place
  let cursor: Long | undefined
  let scan: Scan | undefined

  const open = async (token?: Document): Promise<CursorAnswer['cursor']> => {
    const answer = (await database.db.command(
      {
        aggregate: 'incoming_events',
        pipeline: [
          { $changeStream: token ? { resumeAfter: token } : {} },
          { $match: { operationType: 'insert', 'fullDocument.part': part } },
          { $project: { fullDocument: 1 } },
        ],
        cursor: { batchSize: 0 },
        readConcern: { level: 'majority' },
      },
      { session, promoteLongs: false },
    )) as CursorAnswer
    cursor = answer.cursor.id
    return answer.cursor
  }

  const tail = async (at: Date): Promise<FeedPage> => {
    const answer = (await database.db.command(
      {
        getMore: cursor ?? Long.ZERO,
        collection: 'incoming_events',
        batchSize: limit,
        maxTimeMS: waitMs,
      },
      { session, promoteLongs: false },
    )) as CursorAnswer
    const found = (answer.cursor.nextBatch ?? []).map(({ fullDocument }) => fullDocument)
    const token = answer.cursor.postBatchResumeToken
    const newest = found.reduce((latest, event) => (event.at > latest ? event.at : latest), at)
    place = { kind: 'tail', token, at: newest }
    const fresh = scan ? found.filter(({ _id }) => !scan?.seen.has(_id)) : found
    if (scan && newest.getTime() > scan.until + SKEW_MS) scan = undefined
    return { events: fresh, next: place }
  }

  /** A page by time of arrival; past the time at which the stream was opened, the stream goes on. */
  const scanOn = async (here: Scan): Promise<FeedPage> => {
    const found = await events
      .find({ at: { $gte: here.from, $lte: new Date(here.until + SKEW_MS) }, part })
      .sort({ at: 1 })
      .limit(limit + here.ties.size)
      .toArray()
    const fresh = found.filter(({ _id }) => !here.ties.has(_id))
    const last = found.at(-1)?.at ?? here.from
    here.take(found, last)
    if (found.length < limit) place = { kind: 'tail', token: here.token, at: last }
    else place = { kind: 'scan', from: last }
    return { events: fresh, next: place }
  }

  const advance = async (): Promise<FeedPage> => {
    if (place.kind === 'scan') {
      scan ??= startScan(place.from, (await open()).postBatchResumeToken)
      return scanOn(scan)
    }
    if (cursor === undefined) await open(place.token)
    return tail(place.at)
  }

  return {
    async next() {
      try {
        return await advance()
      } catch (error) {
        if (place.kind !== 'tail' || !PLACE_LOST.has((error as { code?: unknown }).code))
          throw error
        cursor = undefined
        scan = undefined
        place = { kind: 'scan', from: new Date(place.at.getTime() - SKEW_MS) }
        return { events: [], next: place }
      }
    },
    async close() {
      if (cursor !== undefined)
        await database.db
          .command({ killCursors: 'incoming_events', cursors: [cursor] }, { session })
          .catch(() => undefined)
      await session.endSession()
    },
  }
}

interface Scan {
  from: Date
  /** The stream was opened then: what arrives later, it brings. */
  until: number
  token: Document
  /** Read already, of those that arrived in the same millisecond as the last one. */
  ties: Set<string>
  /** Those the stream may bring once more. */
  seen: Set<string>
  take(found: readonly IncomingEvent[], last: Date): void
}

function startScan(from: Date, token: Document): Scan {
  const until = Date.now()
  const seen = new Set<string>()
  return {
    from,
    until,
    token,
    ties: new Set(),
    seen,
    take(found, last) {
      for (const { _id, at } of found) if (at.getTime() > until - SKEW_MS) seen.add(_id)
      const same = found.filter(({ at }) => at.getTime() === last.getTime())
      if (last.getTime() !== this.from.getTime()) this.ties = new Set()
      for (const { _id } of same) this.ties.add(_id)
      this.from = last
    },
  }
}
