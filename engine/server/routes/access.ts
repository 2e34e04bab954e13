/** Users and API tokens: who may do what. */
import { createLink } from '../auth/links.ts'
import type { SomeHandlers } from '../call.ts'
import type { ServerContext } from '../context.ts'
import { userView } from '../../store/users.ts'

type Ids =
  | 'userList'
  | 'userInvite'
  | 'userUpdate'
  | 'userLink'
  | 'tokenList'
  | 'tokenCreate'
  | 'tokenDelete'

export function accessRoutes(context: ServerContext): SomeHandlers<Ids> {
  const { users, sessions, tokens, options } = context

  const linkFor = async (userId: string) => {
    const { user, link } = await createLink(users, userId, options.publicUrl)
    return { user: userView(user), link }
  }

  return {
    async userList() {
      return { items: (await users.list()).map(userView) }
    },

    async userInvite({ body, note }) {
      const { _id } = await users.invite(body)
      note({ subject: _id, details: { roles: body.roles } })
      return linkFor(_id)
    },

    async userUpdate({ params, body, note }) {
      const user = await users.update(params.id, body)
      note({
        details: {
          ...(body.roles ? { roles: body.roles } : {}),
          ...(body.disabled === undefined ? {} : { disabled: body.disabled }),
        },
      })
      if (user.disabled) {
        await sessions.closeAllOf(user._id)
        note({ details: { disabled: true, tokensRevoked: await tokens.removeMadeBy(user._id) } })
      }
      return userView(user)
    },

    async userLink({ params }) {
      return linkFor(params.id)
    },

    async tokenList() {
      return { items: await tokens.list() }
    },

    async tokenCreate({ body, caller, note }) {
      const made = await tokens.create({
        ...body,
        ...(caller.kind === 'user' ? { createdBy: caller.id } : {}),
      })
      note({ subject: made.view.id, details: { name: body.name, roles: body.roles } })
      return made
    },

    async tokenDelete({ params }) {
      await tokens.remove(params.id)
      return { ok: true }
    },
  }
}
