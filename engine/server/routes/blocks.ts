/** Blocks of steps, shared by all flows of the workspace. */
import type { SomeHandlers } from '../call.ts'
import type { ServerContext } from '../context.ts'

type Ids = 'blockList' | 'blockSave' | 'blockDelete'

export function blockRoutes({ blocks }: ServerContext): SomeHandlers<Ids> {
  return {
    async blockList() {
      return { items: await blocks.list() }
    },

    async blockSave({ body, caller, note }) {
      const saved = await blocks.save({ ...body, by: caller.name })
      note({ subject: saved.id, details: { name: saved.name, steps: saved.steps.nodes.length } })
      return saved
    },

    async blockDelete({ params, note }) {
      note({ details: { name: await blocks.remove(params.id) } })
      return { ok: true }
    },
  }
}
