/** Runs with their plans and control marks, and the pages of each stage with their counts. */
import type { StageCounts } from '../contract/counts.ts'
import { addCounts } from '../contract/counts.ts'
import type { FlowGraph, Wire } from '../contract/flow.ts'
import type { Split } from '../contract/node.ts'
import type { RunPlan } from '../contract/plan.ts'
import {
  FINAL_STATES,
  type RunFailure,
  type RunState,
  type RunView,
  type StageProgress,
} from '../contract/run.ts'
import type { RunScope } from '../run/node-context.ts'
import type { Database } from './database.ts'
import type { FeedPlace } from './incoming-feed.ts'

export interface RunDocument {
  _id: string
  flowId: string
  flowName: string
  flowVersion: number
  state: RunState
  /** What a person asked for; workers look at it before each call to the outside. */
  control: 'go' | 'pause' | 'cancel'
  startedAt: Date
  finishedAt?: Date
  startedBy: string
  trigger: RunView['trigger']
  graph: FlowGraph
  plan: RunPlan
  /** The node types it began with; another version may be loaded by now. */
  registryVersion?: string
  stages: Record<string, StageProgress>
  /** Sums of finished stages; open ones are summed from `run_pages`. */
  counts: Record<string, StageCounts>
  failure?: RunFailure
  /** Set for a live run: since when it takes events, and where an earlier one stopped, by part. */
  live?: { from: Date; places: FeedPlace[] }
  /** Set while a live run is open: a flow has one at most. */
  openLive?: true
  /** Set when the run tries dead letters of another run again. */
  rerun?: { of: string; letters: Record<string, string[]> }
}

/** Where the items of one page come from. */
export type PageSource =
  | { kind: 'split'; nodeId: string; split: Split }
  | { kind: 'staged'; wireId: string; nodeId: string; generation: string; pageNo: number }
  | { kind: 'letters'; nodeId: string; ids: string[] }

export interface RunPage {
  _id: string
  runId: string
  stageId: string
  pageNo: number
  from?: PageSource
  done: boolean
  counts: StageCounts
}

interface StageOutput {
  _id: string
  generation: string
}

/** The run as its steps see it. */
export const scopeOf = (run: RunDocument): RunScope => ({
  runId: run._id,
  flowId: run.flowId,
  flowVersion: run.flowVersion,
  graph: run.graph,
  now: run.startedAt.toISOString(),
  mode: 'run',
})

/** What came in where nothing leads to: at sources, and where a rerun takes parked records up. */
function recordsRead({ graph, rerun }: RunDocument, counts: StageCounts): number {
  const fed = new Set(rerun ? [] : graph.wires.map((wire) => wire.to.node))
  const entries = rerun ? Object.keys(rerun.letters) : graph.nodes.map(({ id }) => id)
  return entries
    .filter((id) => !fed.has(id))
    .reduce((total, id) => total + (counts[id]?.in ?? 0), 0)
}

export function createRunStore(database: Database) {
  const runs = database.collection<RunDocument>('runs')
  const pages = database.collection<RunPage>('run_pages')
  const outputs = database.collection<StageOutput>('stage_outputs')

  const sumStage = async (runId: string, stageId: string) => {
    const counts: StageCounts = {}
    let done = 0
    for await (const page of pages.find({ runId, stageId, done: true })) {
      addCounts(counts, page.counts)
      if (page.pageNo >= 0) done++
    }
    return { counts, done }
  }

  /** The run as people see it, with the counts as they stand. */
  const view = async (run: RunDocument): Promise<RunView> => {
    const counts: StageCounts = {}
    const stages: Record<string, StageProgress> = {}
    for (const [stageId, progress] of Object.entries(run.stages)) {
      const closed = run.counts[stageId]
      const sum =
        closed || progress.state === 'waiting'
          ? { counts: closed ?? {}, done: progress.pagesDone }
          : await sumStage(run._id, stageId)
      addCounts(counts, sum.counts)
      stages[stageId] = { ...progress, pagesDone: closed ? progress.pages : sum.done }
    }
    return {
      id: run._id,
      flowId: run.flowId,
      flowName: run.flowName,
      flowVersion: run.flowVersion,
      state: run.state,
      startedAt: run.startedAt.toISOString(),
      ...(run.finishedAt ? { finishedAt: run.finishedAt.toISOString() } : {}),
      startedBy: run.startedBy,
      trigger: run.trigger,
      stages,
      counts,
      read: recordsRead(run, counts),
      ...(run.live ? { live: true as const } : {}),
      ...(run.failure ? { failure: run.failure } : {}),
    }
  }

  /** The stage goes on from here, over so many pages or parts. */
  const markOpen = (runId: string, stageId: string, pages: number) =>
    runs.updateOne(
      { _id: runId },
      { $set: { [`stages.${stageId}.state`]: 'running', [`stages.${stageId}.pages`]: pages } },
    )

  return {
    view,
    insert: (run: RunDocument) => runs.insertOne(run),
    find: (runId: string) => runs.findOne({ _id: runId }),
    async list(query: { flow?: string; state?: RunState; limit: number; before?: Date }) {
      return runs
        .find({
          ...(query.flow === undefined ? {} : { flowId: query.flow }),
          ...(query.state === undefined ? {} : { state: query.state }),
          ...(query.before === undefined ? {} : { startedAt: { $lt: query.before } }),
        })
        .sort({ startedAt: -1, _id: 1 })
        .limit(query.limit)
        .toArray()
    },

    async control(runId: string): Promise<RunDocument['control'] | undefined> {
      return (await runs.findOne({ _id: runId }, { projection: { control: 1 } }))?.control
    },
    setControl: (runId: string, control: RunDocument['control'], state?: RunState) =>
      runs.updateOne({ _id: runId }, { $set: { control, ...(state ? { state } : {}) } }),
    setState: (runId: string, state: RunState) =>
      runs.updateOne({ _id: runId, state: { $nin: [...FINAL_STATES] } }, { $set: { state } }),
    reopen: ({ _id: runId, live }: RunDocument, stageIds: readonly string[]) =>
      runs.updateOne(
        { _id: runId },
        {
          $set: {
            state: 'running',
            control: 'go',
            ...(live && { openLive: true as const }),
            ...Object.fromEntries(stageIds.map((id) => [`stages.${id}.state`, 'waiting'])),
          },
          $unset: { failure: '', finishedAt: '' },
        },
      ),
    finish: (runId: string, state: RunState, failure?: RunFailure) =>
      runs.updateOne(
        { _id: runId },
        {
          $set: { state, finishedAt: new Date(), ...(failure ? { failure } : {}) },
          $unset: { openLive: '' },
        },
      ),

    /** Stores where a stage's pages come from. Harmless when repeated: known pages stay. */
    async openStage(runId: string, stageId: string, sources: readonly PageSource[]) {
      const rows = sources.map((from, pageNo) => ({
        updateOne: {
          filter: { _id: `${runId}:${stageId}:${pageNo}` },
          update: {
            $setOnInsert: { runId, stageId, pageNo, from, done: false, counts: {} },
          },
          upsert: true,
        },
      }))
      for (let i = 0; i < rows.length; i += 1_000)
        await pages.bulkWrite(rows.slice(i, i + 1_000), { ordered: false })
      await markOpen(runId, stageId, sources.length)
    },
    markOpen,
    /** The last live run of a flow, open or not. */
    lastLive: (flowId: string) =>
      runs
        .find({ flowId, live: { $exists: true } })
        .sort({ startedAt: -1 })
        .limit(1)
        .next(),
    openPages: (runId: string, stageId: string, from: number, to: number) =>
      pages
        .find({ runId, stageId, pageNo: { $gte: from, $lt: to }, done: false })
        .sort({ pageNo: 1 })
        .toArray(),
    /** Replaces the page's counts: a repeated page never adds. */
    async commitPage(runId: string, stageId: string, pageNo: number, counts: StageCounts) {
      await pages.updateOne(
        { _id: `${runId}:${stageId}:${pageNo}` },
        { $set: { runId, stageId, pageNo, done: true, counts } },
        { upsert: true },
      )
    },
    async closeStage(runId: string, stageId: string) {
      const { counts, done } = await sumStage(runId, stageId)
      await runs.updateOne(
        { _id: runId },
        {
          $set: {
            [`counts.${stageId}`]: counts,
            [`stages.${stageId}.state`]: 'done',
            [`stages.${stageId}.pagesDone`]: done,
          },
        },
      )
      return counts
    },
    failStage: (runId: string, stageId: string) =>
      runs.updateOne({ _id: runId }, { $set: { [`stages.${stageId}.state`]: 'failed' } }),

    /** Which of a wire's staged pages count: those of the one attempt of its stage that finished. */
    async generationOf(run: RunDocument, wire: Wire): Promise<string> {
      const stage = run.plan.stages.find(({ nodes }) =>
        nodes.some(({ node }) => node.id === wire.from.node),
      )
      const output = await outputs.findOne({ _id: `${run._id}:${stage?.id ?? ''}` })
      return output?.generation ?? ''
    },
    commitGeneration: (runId: string, stageId: string, generation: string) =>
      outputs.updateOne({ _id: `${runId}:${stageId}` }, { $set: { generation } }, { upsert: true }),
  }
}

export type RunStore = ReturnType<typeof createRunStore>
