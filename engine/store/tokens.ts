/** API tokens: shown once when made; only their digests are kept. */
import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import type { UserRole } from '../contract/api/route.ts'
import type { tokenViewSchema } from '../contract/api/session.ts'
import type { Database } from './database.ts'
import { digestSecret, randomSecret } from './sessions.ts'
import { NotFoundError } from './store-errors.ts'

export type TokenView = z.infer<typeof tokenViewSchema>

export interface TokenDocument {
  _id: string
  digest: string
  name: string
  roles: UserRole[]
  /** Id of the user who made it; absent for those made on the machine itself. */
  createdBy?: string
  createdAt: Date
  lastUsedAt?: Date
}

export interface CreateTokenInput {
  name: string
  roles: UserRole[]
  createdBy?: string
}

/** Lets people and secret scanners know a leaked token when they see one. */
export const TOKEN_PREFIX = 'hdl_'
const TOUCH_MS = 60_000

const view = (token: TokenDocument): TokenView => ({
  id: token._id,
  name: token.name,
  roles: token.roles,
  createdAt: token.createdAt.toISOString(),
  ...(token.lastUsedAt ? { lastUsedAt: token.lastUsedAt.toISOString() } : {}),
})

export function createTokenStore(database: Database) {
  const tokens = database.collection<TokenDocument>('tokens')
  return {
    async create(input: CreateTokenInput): Promise<{ token: string; view: TokenView }> {
      const token = `${TOKEN_PREFIX}${randomSecret()}`
      const made: TokenDocument = {
        _id: randomUUID(),
        digest: digestSecret(token),
        name: input.name,
        roles: [...new Set(input.roles)],
        ...(input.createdBy === undefined ? {} : { createdBy: input.createdBy }),
        createdAt: new Date(),
      }
      await tokens.insertOne(made)
      return { token, view: view(made) }
    },

    async find(token: string): Promise<TokenDocument | undefined> {
      if (!token.startsWith(TOKEN_PREFIX)) return undefined
      const found = await tokens.findOne({ digest: digestSecret(token) })
      if (!found) return undefined
      if (Date.now() - (found.lastUsedAt?.getTime() ?? 0) >= TOUCH_MS)
        await tokens.updateOne({ _id: found._id }, { $set: { lastUsedAt: new Date() } })
      return found
    },

    async list(): Promise<TokenView[]> {
      return (await tokens.find().sort({ createdAt: -1, _id: 1 }).toArray()).map(view)
    },

    async remove(id: string): Promise<void> {
      const { deletedCount } = await tokens.deleteOne({ _id: id })
      if (deletedCount === 0) throw new NotFoundError('token')
    },

    /** When a user is shut out, so are the tokens they made. */
    async removeMadeBy(userId: string): Promise<number> {
      return (await tokens.deleteMany({ createdBy: userId })).deletedCount
    },
  }
}

export type TokenStore = ReturnType<typeof createTokenStore>
