/** Signing in and out, and using one-time links. */
import type { Request, Response } from 'express'
import { RejectedError } from '../../contract/error.ts'
import { digestSecret } from '../../store/sessions.ts'
import { userView, type UserDocument } from '../../store/users.ts'
import type { Caller } from '../auth/caller.ts'
import { checkPassword, hashPassword } from '../auth/passwords.ts'
import { refuseWeakPassword } from '../auth/refuse-weak-password.ts'
import type { SomeHandlers } from '../call.ts'
import type { ServerContext } from '../context.ts'
import { RefusedError } from '../refused.ts'

type Ids = 'sessionRead' | 'sessionOpen' | 'sessionClose' | 'sessionClaim' | 'sessionUpdate'

export function sessionRoutes(context: ServerContext): SomeHandlers<Ids> {
  const { users, sessions, cookies, throttle, options } = context

  /** A new secret at each sign-in; the one the browser came with dies. */
  const signIn = async (user: UserDocument, req: Request, res: Response): Promise<void> => {
    const earlier = cookies.readSession(req)
    if (earlier !== undefined) await sessions.close(earlier)
    cookies.setSession(res, await sessions.open(user._id))
    cookies.setDevice(res, user._id)
  }

  return {
    async sessionRead({ caller }) {
      if (caller.kind === 'token') return tokenAsUser(caller)
      const user = await users.find(caller.id)
      if (!user) throw new RefusedError(401, 'not_signed_in', 'Sign in first.')
      return userView(user)
    },

    async sessionOpen({ body, req, res, note }) {
      const found = await users.findByEmail(body.email)
      const knownUserId = found && cookies.knowsDevice(req, found._id) ? found._id : undefined
      await throttle.admit({ email: body.email, address: req.ip ?? '', knownUserId })
      const matches = await checkPassword(body.password, found?.password)
      if (!found || !matches || found.disabled) {
        options.log.warn({ user: found?._id ?? 'unknown' }, 'A sign-in was refused')
        throw new RefusedError(
          401,
          'wrong_credentials',
          'The email address or the password is wrong.',
        )
      }
      await signIn(found, req, res)
      note({ who: body.email.toLowerCase(), subject: found._id })
      return userView(found)
    },

    async sessionClose({ caller, req, res }) {
      needUser(caller)
      await sessions.close(cookies.readSession(req) ?? '')
      cookies.clearSession(res)
      return { ok: true }
    },

    async sessionClaim({ body, req, res, note }) {
      refuseWeakPassword(body.password, body)
      const { token, name, email } = body
      const digest = digestSecret(token)
      await users.readClaim(digest)
      const user = await users.claim({
        digest,
        name,
        email,
        password: await hashPassword(body.password),
      })
      await sessions.closeAllOf(user._id)
      await signIn(user, req, res)
      note({ who: email.toLowerCase(), subject: user._id })
      return userView(user)
    },

    async sessionUpdate({ caller, body, note }) {
      needUser(caller)
      note({ subject: caller.id })
      return userView(await users.updateSelf(caller.id, body))
    },
  }
}

function needUser(caller: Caller): void {
  if (caller.kind === 'token')
    throw new RejectedError('not_a_session', 'This is for people; the call was made with a token.')
}

const tokenAsUser = ({ id, name, roles }: Caller) => ({
  id,
  name,
  email: '',
  roles: [...roles],
  disabled: false,
})
