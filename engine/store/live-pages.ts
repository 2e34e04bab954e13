/**
 * Where each part of a live run stands: one row of `run_pages`, with its counts. Whoever takes it over
 * writes a fence into it; one that was thought dead and still works can then commit nothing.
 */
import { randomUUID } from 'node:crypto'
import type { StageCounts } from '../contract/counts.ts'
import { InterruptedError } from '../contract/error.ts'
import type { Database } from './database.ts'
import type { FeedPlace } from './incoming-feed.ts'
import type { RunPage } from './runs.ts'

export interface LiveMark {
  fence: string
  place: FeedPlace
  /** Pages done. */
  pages: number
  /** Lease that waiting items are taken under next; see `parked.takeDue`. */
  lease: number
  /** The time its last page was run as of. */
  now: Date
  /** When the last event it handled had come in. */
  lastAt?: Date
}

type LivePage = RunPage & { live: LiveMark }

export interface LiveStand extends LiveMark {
  counts: StageCounts
}

export function createLivePages(database: Database) {
  const rows = database.collection<LivePage>('run_pages')
  const idOf = (runId: string, stageId: string, part: number): string =>
    `${runId}:${stageId}:${part}`

  return {
    /** Makes the row of one part. Harmless when repeated. */
    async open(input: {
      runId: string
      stageId: string
      part: number
      place: FeedPlace
    }): Promise<void> {
      const { runId, stageId, part, place } = input
      const live: LiveMark = { fence: '', place, pages: 0, lease: 1, now: new Date(0) }
      await rows.updateOne(
        { _id: idOf(runId, stageId, part) },
        { $setOnInsert: { runId, stageId, pageNo: part, done: true, counts: {}, live } },
        { upsert: true },
      )
    },

    /** Where the parts of a run stand, in their order; empty before it has begun. */
    async placesOf(runId: string): Promise<FeedPlace[]> {
      const found = await rows
        .find({ runId, 'live.place': { $exists: true } })
        .sort({ pageNo: 1 })
        .toArray()
      return found.map(({ live }) => live.place)
    },

    async takeOver(runId: string, stageId: string, part: number): Promise<LiveStand> {
      const row = await rows.findOneAndUpdate(
        { _id: idOf(runId, stageId, part) },
        { $set: { 'live.fence': randomUUID() } },
        { returnDocument: 'after' },
      )
      if (!row) throw new Error('The place of this part of the live run is not stored.')
      return { ...row.live, counts: row.counts }
    },

    /** Counts and place in one write. Throws InterruptedError when another took the part over. */
    async commit(runId: string, stageId: string, part: number, stand: LiveStand): Promise<void> {
      const { counts, fence, place, pages, lease, now, lastAt } = stand
      const live = { fence, place, pages, lease, now, ...(lastAt ? { lastAt } : {}) }
      const { matchedCount } = await rows.updateOne(
        { _id: idOf(runId, stageId, part), 'live.fence': fence },
        { $set: { counts, live } },
      )
      if (matchedCount === 0) throw new InterruptedError()
    },
  }
}

export type LivePages = ReturnType<typeof createLivePages>
