/** One-time links: by them the first owner and invited users set their password. */
import type { Database } from '../../store/database.ts'
import { digestSecret, randomSecret } from '../../store/sessions.ts'
import { NotFoundError } from '../../store/store-errors.ts'
import { createUserStore, type UserDocument, type UserStore } from '../../store/users.ts'

const LINK_MS = 24 * 3_600_000

/** Makes a link for a user; an earlier one becomes void. */
export async function createLink(
  users: UserStore,
  userId: string,
  baseUrl: string,
): Promise<{ user: UserDocument; link: string }> {
  const secret = randomSecret()
  const user = await users.setClaim(userId, {
    digest: digestSecret(secret),
    expiresAt: new Date(Date.now() + LINK_MS),
  })
  // Behind the #, so that it reaches neither logs nor referrers.
  return { user, link: `${new URL('/claim', baseUrl).href}#${secret}` }
}

/** The link by which the first owner begins; nothing when there is an owner. */
export async function createOwnerLink(
  database: Database,
  baseUrl: string,
): Promise<string | undefined> {
  const users = createUserStore(database)
  if (await users.hasOwner()) return undefined
  return (await createLink(users, await users.ensureFirstOwner(), baseUrl)).link
}

/** For somebody at the machine itself who forgot the password. */
export async function createUserLink(
  database: Database,
  baseUrl: string,
  email: string,
): Promise<string> {
  const users = createUserStore(database)
  const user = await users.findByEmail(email)
  if (!user) throw new NotFoundError('user')
  return (await createLink(users, user._id, baseUrl)).link
}
