/** Lets few sign-ins through to the costly check of a password, across all servers. */
import { createHash } from 'node:crypto'
import { MongoServerError } from 'mongodb'
import type { Database } from '../../store/database.ts'
import { RefusedError } from '../refused.ts'

const WINDOW_MS = 60_000
const PER_ACCOUNT = 10
/** More than for one account, because offices share an address. */
const PER_ADDRESS = 30
const DUPLICATE_KEY = 11_000

interface AttemptsDocument {
  _id: string
  times: Date[]
  admitted: boolean
  at: Date
}

export interface LoginAttempt {
  email: string
  address: string
  /** Set for a browser the user signed in from before: strangers cannot lock it out. */
  knownUserId?: string | undefined
}

export function createLoginThrottle(database: Database) {
  const attempts = database.collection<AttemptsDocument>('rate_limits')

  /** Takes one of `limit` places within the last minute. */
  const take = async (name: string, limit: number): Promise<boolean> => {
    const id = `login:${createHash('sha256').update(name).digest('base64url')}`
    const since = new Date(Date.now() - WINDOW_MS)
    const recent = {
      $filter: { input: { $ifNull: ['$times', []] }, cond: { $gt: ['$$this', since] } },
    }
    const after = await attempts.findOneAndUpdate(
      { _id: id },
      [
        { $set: { at: '$$NOW', times: recent } },
        { $set: { admitted: { $lt: [{ $size: '$times' }, limit] } } },
        {
          $set: {
            times: { $cond: ['$admitted', { $concatArrays: ['$times', ['$$NOW']] }, '$times'] },
          },
        },
      ],
      { upsert: true, returnDocument: 'after' },
    )
    return after?.admitted ?? false
  }

  /** Two servers may insert the first attempt at once; the second of them finds it there. */
  const takeSafely = async (name: string, limit: number): Promise<boolean> => {
    try {
      return await take(name, limit)
    } catch (error) {
      if (error instanceof MongoServerError && error.code === DUPLICATE_KEY)
        return take(name, limit)
      throw error
    }
  }

  return {
    /** Throws when there were too many attempts in the last minute. */
    async admit({ email, address, knownUserId }: LoginAttempt): Promise<void> {
      const admitted =
        knownUserId !== undefined
          ? await takeSafely(`device:${knownUserId}`, PER_ACCOUNT)
          : (await takeSafely(`address:${address}`, PER_ADDRESS)) &&
            (await takeSafely(`account:${email.toLowerCase()}`, PER_ACCOUNT))
      if (!admitted)
        throw new RefusedError(
          429,
          'too_many_attempts',
          'There were too many attempts to sign in. Wait a minute and try again.',
          { 'Retry-After': '60' },
        )
    },
  }
}
