/** Who is signed in. Only digests of the cookies are kept, so that the database opens no session. */
import { createHash, randomBytes } from 'node:crypto'
import type { Database } from './database.ts'

const HOUR = 3_600_000
export const IDLE_MS = 12 * HOUR
export const ABSOLUTE_MS = 7 * 24 * HOUR
/** How stale `lastSeenAt` may be, so that reading does not mean writing each time. */
const TOUCH_MS = 60_000

interface SessionDocument {
  _id: string
  userId: string
  createdAt: Date
  lastSeenAt: Date
  /** The earlier of idle and absolute expiry. */
  expiresAt: Date
}

/** 256 random bits, for cookies, links and tokens. */
export const randomSecret = (): string => randomBytes(32).toString('base64url')
/** What is stored of such a secret. It is random, so that a fast digest is enough. */
export const digestSecret = (secret: string): string =>
  createHash('sha256').update(secret).digest('base64url')

const expiry = (createdAt: number, now: number): Date =>
  new Date(Math.min(now + IDLE_MS, createdAt + ABSOLUTE_MS))

export function createSessionStore(database: Database, clock: () => number = Date.now) {
  const sessions = database.collection<SessionDocument>('sessions')
  return {
    /** Returns the secret for the cookie. */
    async open(userId: string): Promise<string> {
      const secret = randomSecret()
      const now = clock()
      await sessions.insertOne({
        _id: digestSecret(secret),
        userId,
        createdAt: new Date(now),
        lastSeenAt: new Date(now),
        expiresAt: expiry(now, now),
      })
      return secret
    },

    /** The user of a living session. */
    async userOf(secret: string): Promise<string | undefined> {
      const now = clock()
      const found = await sessions.findOne({ _id: digestSecret(secret) })
      if (!found || found.expiresAt.getTime() <= now) return undefined
      if (now - found.lastSeenAt.getTime() >= TOUCH_MS)
        await sessions.updateOne(
          { _id: found._id },
          {
            $set: {
              lastSeenAt: new Date(now),
              expiresAt: expiry(found.createdAt.getTime(), now),
            },
          },
        )
      return found.userId
    },

    async close(secret: string): Promise<void> {
      await sessions.deleteOne({ _id: digestSecret(secret) })
    },

    async closeAllOf(userId: string): Promise<void> {
      await sessions.deleteMany({ userId })
    },
  }
}

export type SessionStore = ReturnType<typeof createSessionStore>
