/** Outside systems. Secrets go in and never come out. */
import type { SomeHandlers } from '../call.ts'
import type { ServerContext } from '../context.ts'
import { NotFoundError } from '../../store/store-errors.ts'

type Ids =
  'connectionList' | 'connectionCreate' | 'connectionUpdate' | 'connectionDelete' | 'connectionTest'

export function connectionRoutes({ connections, parts }: ServerContext): SomeHandlers<Ids> {
  return {
    async connectionList() {
      return { items: await connections.list() }
    },

    async connectionCreate({ body, note }) {
      const made = await connections.create(body)
      note({ subject: made.id, details: { name: body.name, secrets: made.secrets } })
      return made
    },

    async connectionUpdate({ params, body, note }) {
      const changed = await connections.update(params.id, body)
      note({ details: { name: body.name, secretsReplaced: Object.keys(body.secrets) } })
      return changed
    },

    async connectionDelete({ params }) {
      await connections.remove(params.id)
      return { ok: true }
    },

    async connectionTest({ params, note }) {
      if (!(await connections.exists(params.id))) throw new NotFoundError('connection')
      const result = await parts.sendTest(params.id)
      note({ details: { ok: result.ok } })
      return result
    },
  }
}
