/** The people who use the workspace, their passwords, and the one-time links they begin with. */
import { randomUUID } from 'node:crypto'
import { MongoServerError } from 'mongodb'
import type { UserRole } from '../contract/api/route.ts'
import type { UserView } from '../contract/api/session.ts'
import { RejectedError } from '../contract/error.ts'
import type { Database } from './database.ts'
import { ConflictError, NotFoundError } from './store-errors.ts'

export interface UserDocument {
  _id: string
  name: string
  /** Lower case; absent until the first owner has used the link. */
  email?: string
  roles: UserRole[]
  disabled: boolean
  locale?: UserView['locale']
  /** As `hashPassword` made it; absent until the one-time link was used. */
  password?: string
  claim?: { digest: string; expiresAt: Date }
  createdAt: Date
}

export interface ClaimInput {
  digest: string
  name: string
  email: string
  password: string
}

export interface InviteInput {
  name: string
  email: string
  roles: UserRole[]
}

/** The first owner's fixed id: two servers that start at once make one owner. */
const FIRST_OWNER = 'first-owner'
const DUPLICATE_KEY = 11_000

export const userView = (user: UserDocument): UserView => ({
  id: user._id,
  name: user.name,
  email: user.email ?? '',
  roles: user.roles,
  disabled: user.disabled,
  ...(user.locale === undefined ? {} : { locale: user.locale }),
})

export function createUserStore(database: Database) {
  const users = database.collection<UserDocument>('users')

  const need = (user: UserDocument | null): UserDocument => {
    if (!user) throw new NotFoundError('user')
    return user
  }

  const countOwners = () =>
    users.countDocuments({ roles: 'owner', disabled: false, password: { $exists: true } })

  return {
    find: (id: string) => users.findOne({ _id: id }),
    findByEmail: (email: string) => users.findOne({ email: email.toLowerCase() }),
    list: () =>
      users
        .find({ email: { $exists: true } })
        .sort({ createdAt: 1, _id: 1 })
        .toArray(),
    hasOwner: async (): Promise<boolean> => (await countOwners()) > 0,

    /** Makes sure the owner-to-be is there. Harmless when repeated. */
    async ensureFirstOwner(): Promise<string> {
      await users.updateOne(
        { _id: FIRST_OWNER },
        {
          $setOnInsert: { name: 'Owner', roles: ['owner'], disabled: false, createdAt: new Date() },
        },
        { upsert: true },
      )
      return FIRST_OWNER
    },

    async invite({ name, email, roles }: InviteInput): Promise<UserDocument> {
      const user: UserDocument = {
        _id: randomUUID(),
        name,
        email: email.toLowerCase(),
        roles: [...new Set(roles)],
        disabled: false,
        createdAt: new Date(),
      }
      await refuseTakenEmail(users.insertOne(user))
      return user
    },

    /** A later link makes an earlier one void. */
    async setClaim(id: string, claim: { digest: string; expiresAt: Date }): Promise<UserDocument> {
      return need(
        await users.findOneAndUpdate({ _id: id }, { $set: { claim } }, { returnDocument: 'after' }),
      )
    },

    /** Whether the link would work, before the costly hash of a password is made. */
    async readClaim(digest: string): Promise<void> {
      if (!(await users.findOne(liveClaim(digest)))) throw linkIsVoid()
    },

    /** Uses a one-time link: finding and voiding it is one step, so that it works once. */
    async claim({ digest, name, email, password }: ClaimInput): Promise<UserDocument> {
      const address = email.toLowerCase()
      const live = liveClaim(digest)
      const invited = await users.findOne(live)
      if (!invited) throw linkIsVoid()
      if (invited.email !== undefined && invited.email !== address)
        throw new RejectedError(
          'link_for_another',
          'This link was made for another email address. Enter the address you were invited by.',
        )
      const claimed = await refuseTakenEmail(
        users.findOneAndUpdate(
          live,
          { $set: { name, email: address, password }, $unset: { claim: '' } },
          { returnDocument: 'after' },
        ),
      )
      if (!claimed) throw linkIsVoid()
      return claimed
    },

    async updateSelf(
      id: string,
      change: { name?: string | undefined; locale?: UserView['locale'] | undefined },
    ): Promise<UserDocument> {
      return need(
        await users.findOneAndUpdate(
          { _id: id },
          { $set: defined(change) },
          { returnDocument: 'after' },
        ),
      )
    },

    /** Roles and access; the last owner stays. */
    async update(
      id: string,
      change: { roles?: UserRole[] | undefined; disabled?: boolean | undefined },
    ): Promise<UserDocument> {
      return database.client.withSession((session) =>
        session.withTransaction(async () => {
          const after = need(
            await users.findOneAndUpdate(
              { _id: id },
              { $set: defined(change) },
              { returnDocument: 'after', session },
            ),
          )
          // Every change of access meets here, so that two owners cannot remove each other at once.
          await database
            .collection<{ _id: string; n: number }>('settings')
            .updateOne({ _id: 'user_changes' }, { $inc: { n: 1 } }, { upsert: true, session })
          const owners = await users.countDocuments(
            { roles: 'owner', disabled: false, password: { $exists: true } },
            { session },
          )
          if (owners === 0)
            throw new RejectedError(
              'last_owner',
              'The workspace needs an owner. Make somebody else an owner first.',
            )
          return after
        }),
      )
    },
  }
}

export type UserStore = ReturnType<typeof createUserStore>

type Defined<Change> = { [Key in keyof Change]?: Exclude<Change[Key], undefined> }

/** Only what was given is changed. */
const defined = <Change extends object>(change: Change): Defined<Change> =>
  Object.fromEntries(
    Object.entries(change).filter(([, value]) => value !== undefined),
  ) as Defined<Change>

const liveClaim = (digest: string) => ({
  'claim.digest': digest,
  'claim.expiresAt': { $gt: new Date() },
  disabled: false,
})

const linkIsVoid = (): RejectedError =>
  new RejectedError(
    'link_is_void',
    'This link was used already or is too old. Ask an owner for a new one.',
  )

async function refuseTakenEmail<Result>(write: Promise<Result>): Promise<Result> {
  try {
    return await write
  } catch (error) {
    if (error instanceof MongoServerError && error.code === DUPLICATE_KEY)
      throw new ConflictError('email_taken', 'There is a user with this email address already.')
    throw error
  }
}
