/** Who is calling: by a token or by a session cookie. Nobody is somebody by default. */
import type { Request } from 'express'
import type { Access, UserRole } from '../../contract/api/route.ts'
import type { ServerContext } from '../context.ts'
import { RefusedError } from '../refused.ts'

export interface Caller {
  kind: 'user' | 'token'
  id: string
  /** As other people see it. */
  name: string
  /** As the audit names it: an email address, or `token:` and its name. */
  who: string
  roles: readonly UserRole[]
}

export async function readCaller(
  context: ServerContext,
  req: Request,
): Promise<Caller | undefined> {
  const header = req.headers.authorization
  if (header !== undefined) return callerOfToken(context, header)
  const secret = context.cookies.readSession(req)
  return secret === undefined ? undefined : callerOfSession(context, secret)
}

async function callerOfToken(
  { tokens }: ServerContext,
  header: string,
): Promise<Caller | undefined> {
  const [scheme, token = ''] = header.split(' ')
  if (scheme?.toLowerCase() !== 'bearer') return undefined
  const found = await tokens.find(token)
  if (!found) return undefined
  const { _id: id, name, roles } = found
  return { kind: 'token', id, name, who: `token:${name}`, roles }
}

async function callerOfSession(
  { sessions, users }: ServerContext,
  secret: string,
): Promise<Caller | undefined> {
  const userId = await sessions.userOf(secret)
  const user = userId === undefined ? null : await users.find(userId)
  if (!user || user.disabled) return undefined
  const { _id: id, name, roles, email = id } = user
  return { kind: 'user', id, name, who: email, roles }
}

export const holdsRole = (caller: Caller, roles: readonly UserRole[]): boolean =>
  caller.roles.includes('owner') || caller.roles.some((role) => roles.includes(role))

/** Throws unless the caller may: 401 when unknown, 403 when known. */
export function refuseAccess(access: Access, caller: Caller | undefined): void {
  if (access === 'public') return
  if (!caller)
    throw new RefusedError(401, 'not_signed_in', 'Sign in first.', { 'WWW-Authenticate': 'Bearer' })
  if (access !== 'anyone' && !holdsRole(caller, access))
    throw new RefusedError(
      403,
      'not_allowed',
      `This is for: ${[...new Set(['owner', ...access])].join(', ')}. Ask an owner for the role.`,
    )
}
