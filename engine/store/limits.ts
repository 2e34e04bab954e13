/** Rate limits that hold across all workers: a reservation on one document per key (GCRA). */
import { setTimeout as sleep } from 'node:timers/promises'
import { InterruptedError } from '../contract/error.ts'
import type { LimitsService } from '../contract/services.ts'
import type { Database } from './database.ts'

interface LimitDocument {
  _id: string
  /** The earliest time for the next call. */
  next: Date
  at: Date
}

export function createLimits(database: Database): LimitsService {
  const limits = database.collection<LimitDocument>('rate_limits')
  return {
    async take(key, n, perSecond, signal) {
      const spanMs = (n * 1_000) / perSecond
      const after = await limits.findOneAndUpdate(
        { _id: key },
        [
          {
            $set: {
              at: '$$NOW',
              next: { $add: [{ $max: ['$$NOW', { $ifNull: ['$next', '$$NOW'] }] }, spanMs] },
            },
          },
        ],
        { upsert: true, returnDocument: 'after' },
      )
      const waitMs = after ? after.next.getTime() - spanMs - after.at.getTime() : 0
      if (waitMs > 0)
        await sleep(waitMs, undefined, { signal }).catch(() => {
          throw new InterruptedError()
        })
    },
    async pause(key, ms) {
      await limits.updateOne(
        { _id: key },
        [{ $set: { at: '$$NOW', next: { $max: ['$next', { $add: ['$$NOW', ms] }] } } }],
        { upsert: true },
      )
    },
  }
}
