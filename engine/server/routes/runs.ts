/** Runs: seen, followed, steered. */
import type { RunView } from '../../contract/run.ts'
import { NotFoundError } from '../../store/store-errors.ts'
import { readCaller } from '../auth/caller.ts'
import type { SomeHandlers } from '../call.ts'
import type { ServerContext } from '../context.ts'
import { sendRunEvents } from '../run-events.ts'

type Ids =
  | 'runList'
  | 'runRead'
  | 'runEvents'
  | 'runPause'
  | 'runResume'
  | 'runCancel'
  | 'runRetry'
  | 'runFiles'
  | 'runFileDownload'

export function runRoutes(context: ServerContext): SomeHandlers<Ids> {
  const { runs } = context.parts

  const need = async (id: string): Promise<RunView> => {
    const run = await runs.read(id)
    if (!run) throw new NotFoundError('run')
    return run
  }

  return {
    async runList({ query }) {
      return runs.list(query)
    },

    async runRead({ params }) {
      return { ...(await need(params.id)), graph: await runs.graphOf(params.id) }
    },

    async runEvents({ params, req, res }) {
      const run = await need(params.id)
      await sendRunEvents({
        req,
        res,
        run,
        watch: (signal) => runs.watch(params.id, signal),
        stillAllowed: async () => (await readCaller(context, req)) !== undefined,
        log: context.options.log,
      })
    },

    async runPause({ params }) {
      await need(params.id)
      return runs.pause(params.id)
    },

    async runResume({ params }) {
      await need(params.id)
      return runs.resume(params.id)
    },

    async runCancel({ params }) {
      await need(params.id)
      return runs.cancel(params.id)
    },

    async runRetry({ params, caller }) {
      await need(params.id)
      return runs.retry(params.id, caller.name)
    },

    async runFiles({ params }) {
      await need(params.id)
      return { items: await runs.files(params.id) }
    },

    async runFileDownload({ params, note }) {
      const file = await runs.openFile(params.id, params.nodeId)
      if (!file) throw new NotFoundError('file')
      note({ details: { name: file.name, bytes: file.bytes } })
      return file
    },
  }
}
