/** Flows: drafts, dry runs, publishing, and starting runs. */
import { z } from 'zod'
import type { FlowSummary } from '../../contract/api/flows.ts'
import { RejectedError } from '../../contract/error.ts'
import { FINAL_STATES, runStateSchema } from '../../contract/run.ts'
import type { SomeHandlers } from '../call.ts'
import type { ServerContext } from '../context.ts'
import { readCursor, writeCursor } from '../cursor.ts'

type Ids =
  | 'flowList'
  | 'flowCreate'
  | 'flowRead'
  | 'flowWrite'
  | 'flowDelete'
  | 'flowAnalyse'
  | 'flowPublish'
  | 'flowVersions'
  | 'flowVersion'
  | 'flowRun'

const positionSchema = z.strictObject({ at: z.iso.datetime(), id: z.string().max(128) })
const versionSchema = z.strictObject({ version: z.int() })
const OPEN_STATES = runStateSchema.options.filter((state) => !FINAL_STATES.has(state))

export function flowRoutes({ flows, policies, parts }: ServerContext): SomeHandlers<Ids> {
  const lastRunOf = async (flow: string) => (await parts.runs.list({ flow, limit: 1 })).items[0]

  const withLastRun = async <Flow extends FlowSummary>(flow: Flow): Promise<Flow> => {
    const last = await lastRunOf(flow.id)
    if (!last) return flow
    const { id, state, startedAt, live } = last
    return { ...flow, lastRun: { id, state, startedAt, ...(live ? { live } : {}) } }
  }

  /** A live flow that goes on takes its new version up at once, without losing an event. */
  const upgradeLive = async (flowId: string, version: number, by: string): Promise<void> => {
    const last = await lastRunOf(flowId)
    if (!last?.live || FINAL_STATES.has(last.state) || last.flowVersion === version) return
    await parts.runs.start({ flowId, version, startedBy: by, trigger: 'person' })
  }

  const refuseWhileRunning = async (flow: string): Promise<void> => {
    for (const state of OPEN_STATES)
      if ((await parts.runs.list({ flow, state, limit: 1 })).items.length > 0)
        throw new RejectedError(
          'flow_is_running',
          'The flow is running. Cancel the run or let it end, then delete the flow.',
        )
  }

  return {
    async flowList({ query }) {
      const after = readCursor(positionSchema, query.cursor)
      const position = after && { updatedAt: new Date(after.at), id: after.id }
      const found = await flows.list(query.limit, position)
      const items = await Promise.all(found.map(withLastRun))
      const last = items.at(-1)
      return items.length < query.limit || !last
        ? { items }
        : { items, next: writeCursor({ at: last.updatedAt, id: last.id }) }
    },

    async flowCreate({ body, caller, note }) {
      const made = await flows.create({ ...body, by: caller.name })
      note({ subject: made.id, details: { name: body.name } })
      return made
    },

    async flowRead({ params }) {
      return withLastRun(await flows.read(params.id))
    },

    async flowWrite({ params, body, caller, note }) {
      const saved = await flows.writeDraft(params.id, { ...body, by: caller.name })
      note({ details: { draftVersion: saved.draftVersion } })
      return withLastRun(saved)
    },

    async flowDelete({ params, note }) {
      const { name } = await flows.read(params.id)
      await refuseWhileRunning(params.id)
      await parts.schedules.remove(params.id)
      await flows.remove(params.id)
      note({ details: { name } })
      return { ok: true }
    },

    async flowAnalyse({ body }) {
      return parts.analyse(body.graph, await policies.read())
    },

    async flowPublish({ params, body, caller, note }) {
      const policy = await policies.read()
      const { graph, ...version } = await flows.publish(params.id, {
        ...body,
        by: caller.name,
        analyse: (draft) => parts.analyse(draft, policy),
      })
      await parts.schedules.sync(params.id, version.version, graph.settings.schedule)
      await upgradeLive(params.id, version.version, caller.name)
      note({ details: { version: version.version } })
      return version
    },

    async flowVersions({ params, query }) {
      const before = readCursor(versionSchema, query.cursor)?.version
      const items = await flows.listVersions(params.id, query.limit, before)
      const last = items.at(-1)
      return items.length < query.limit || !last
        ? { items }
        : { items, next: writeCursor({ version: last.version }) }
    },

    async flowVersion({ params }) {
      return flows.readVersion(params.id, params.version)
    },

    async flowRun({ params, body, caller, note }) {
      const version = body.version ?? (await flows.read(params.id)).published
      if (version === undefined)
        throw new RejectedError('not_published', 'Publish the flow first, then run it.')
      await flows.readVersion(params.id, version)
      const run = await parts.runs.start({
        flowId: params.id,
        version,
        startedBy: caller.name,
        trigger: caller.kind === 'token' ? 'api' : 'person',
      })
      note({ details: { version, run: run.id } })
      return run
    },
  }
}
