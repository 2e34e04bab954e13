/** The outside world of workflows: each activity is a thin door to `engine/run` and the stores. */
import { activityInfo, Context } from '@temporalio/activity'
import { ApplicationFailure } from '@temporalio/common'
import type { FlowActivities, LeaseResult, PageLease, StageRef } from '../contract/activities.ts'
import { addCounts, failedTotal, type StageCounts } from '../contract/counts.ts'
import { InterruptedError, RejectedError, RetryableError } from '../contract/error.ts'
import type { Stage, StageKind } from '../contract/plan.ts'
import type { Services } from '../contract/services.ts'
import { createTools, type RunScope } from '../run/node-context.ts'
import { runDatasetStage } from '../run/run-dataset.ts'
import type { HopTools } from '../run/run-hop.ts'
import { retryPageNo, settleRetried, takeRetried } from '../run/retried-items.ts'
import { LIVE_PARTS, runLive, type LiveDeps } from '../run/run-live.ts'
import { runItems, runStagePage, type StagePageDeps } from '../run/run-stage-page.ts'
import type { NodeRegistry } from '../run/registry.ts'
import type { SendGate } from '../run/send-gate.ts'
import { stageSources } from '../run/stage-sources.ts'
import { scopeOf, type RunDocument } from '../store/runs.ts'
import { watchControl } from './watch-control.ts'

export interface ActivityDeps extends Omit<StagePageDeps, 'runInThread'> {
  live: Pick<LiveDeps, 'livePages' | 'incoming' | 'openFeed'>
  /** The node types under a version; the current ones without one. */
  registryOf(version: string | undefined): Promise<NodeRegistry>
  gate: SendGate
  servicesFor(run: RunDocument, nodeId: string): Partial<Services>
  runInThread(
    task: {
      scope: RunScope
      registryVersion: string
      input: Parameters<StagePageDeps['runInThread']>[1]
    },
    signal: AbortSignal,
  ): ReturnType<StagePageDeps['runInThread']>
  createScheduledRun(input: { flowId: string; startKey: string }): Promise<{
    runId: string
    stages: Array<{ id: string; kind: StageKind }>
  }>
}

export function createActivities(deps: ActivityDeps): FlowActivities & {
  createScheduledRun: ActivityDeps['createScheduledRun']
} {
  const stageDeps: StagePageDeps = {
    ...deps,
    runInThread: async (run, input, signal) => {
      const { version } = await deps.registryOf(run.registryVersion)
      return deps.runInThread({ scope: scopeOf(run), registryVersion: version, input }, signal)
    },
  }

  const load = async ({
    runId,
    stageId,
  }: StageRef): Promise<{ run: RunDocument; stage: Stage; registry: NodeRegistry }> => {
    const run = await deps.runs.find(runId)
    const stage = run?.plan.stages.find((candidate) => candidate.id === stageId)
    if (!run || !stage)
      throw new RejectedError('unknown_run', 'The run is no longer stored. Start it again.')
    return { run, stage, registry: await deps.registryOf(run.registryVersion) }
  }

  const toolsFor = (
    { run, registry: { types } }: { run: RunDocument; registry: NodeRegistry },
    signal: AbortSignal,
  ): HopTools =>
    createTools({
      scope: scopeOf(run),
      types,
      signal,
      servicesFor: (nodeId) => deps.servicesFor(run, nodeId),
      gate: deps.gate,
    })

  /** Runs `work` with a heartbeat and a signal that a pause or a cancel aborts. */
  const watched = async (
    runId: string,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<LeaseResult> => {
    const watch = watchControl({
      cancelled: Context.current().cancellationSignal,
      heartbeat: () => Context.current().heartbeat(),
      control: () => deps.runs.control(runId),
    })
    try {
      await work(watch.signal)
      return 'done'
    } catch (error) {
      if (error instanceof InterruptedError || watch.signal.aborted) return 'interrupted'
      throw error
    } finally {
      watch.stop()
    }
  }

  return wrapAll({
    createScheduledRun: deps.createScheduledRun,

    async beginRun({ runId }) {
      await deps.runs.setState(runId, 'running')
      return (await deps.runs.control(runId)) ?? 'go'
    },

    async openStage(ref) {
      const loaded = await load(ref)
      const { run, stage } = loaded
      if (stage.kind === 'live') return openLive(run, stage)
      const sources = await stageSources(run, stage, {
        ...deps,
        tools: toolsFor(loaded, Context.current().cancellationSignal),
      })
      await deps.runs.openStage(run._id, stage.id, sources)
      return { pages: sources.length }
    },

    async runStagePages(lease: PageLease) {
      const loaded = await load(lease)
      const { run, stage } = loaded
      return watched(run._id, async (signal) => {
        const tools = toolsFor(loaded, signal)
        const open = await deps.runs.openPages(run._id, stage.id, lease.from, lease.to)
        for (const { pageNo, from } of open) {
          if (signal.aborted) throw new InterruptedError()
          if (from) await runStagePage({ run, stage, pageNo, tools, signal, from }, stageDeps)
        }
      })
    },

    async runDatasetStage(ref) {
      const loaded = await load(ref)
      const { run, stage } = loaded
      return watched(run._id, (signal) =>
        runDatasetStage(
          {
            run,
            stage,
            tools: toolsFor(loaded, signal),
            signal,
            generation: `${activityInfo().attempt}-${Date.now().toString(36)}`,
            heartbeat: () => Context.current().heartbeat(),
          },
          deps,
        ),
      )
    },

    async retryWaiting({ lease, ...ref }) {
      const loaded = await load(ref)
      const { run, stage } = loaded
      const { runId, stageId } = ref
      await watched(runId, async (signal) => {
        const inbox = await takeRetried({ runId, stageId, lease }, deps.parked)
        if (!inbox) return
        const input = {
          run,
          stage,
          pageNo: retryPageNo(lease),
          tools: toolsFor(loaded, signal),
          signal,
        }
        const counts = await runItems(input, { inbox }, stageDeps)
        await deps.runs.commitPage(runId, stageId, input.pageNo, settleRetried(counts, inbox))
        await deps.parked.releaseLease(runId, stageId, lease)
      })
      return deps.parked
        .due(runId, stageId)
        .then(({ waiting, nextInMs }) => ({ waiting, nextInMs }))
    },

    async runLivePart({ part, ...ref }) {
      const { run, stage, registry } = await load(ref)
      return watched(run._id, (signal) =>
        runLive(
          {
            run,
            stage,
            part,
            signal,
            toolsFor: (asOf) => toolsFor({ run: asOf, registry }, signal),
          },
          { ...stageDeps, ...deps.live },
        ),
      )
    },

    async closeStage({ runId, stageId }) {
      await deps.runs.closeStage(runId, stageId)
    },

    async recordState({ runId, state }) {
      await deps.runs.setState(runId, state)
    },

    async endRun({ runId, state, failure }) {
      if (state === 'cancelled') await deps.parked.dropWaiting(runId)
      if (failure?.stageId !== undefined) await deps.runs.failStage(runId, failure.stageId)
      const failedSome = state === 'completed' && (await hasFailures(runId))
      await deps.runs.finish(runId, failedSome ? 'completed_with_errors' : state, failure)
    },
  })

  /** An upgraded or restarted run goes on where the one before it stopped. */
  async function openLive(run: RunDocument, stage: Stage): Promise<{ pages: number }> {
    const { places, from } = run.live ?? { places: [], from: run.startedAt }
    const pages = places.length || LIVE_PARTS
    for (let part = 0; part < pages; part++)
      await deps.live.livePages.open({
        runId: run._id,
        stageId: stage.id,
        part,
        place: places[part] ?? { kind: 'scan', from },
      })
    await deps.runs.markOpen(run._id, stage.id, pages)
    return { pages }
  }

  async function hasFailures(runId: string): Promise<boolean> {
    const run = await deps.runs.find(runId)
    const counts: StageCounts = {}
    for (const stage of Object.values(run?.counts ?? {})) addCounts(counts, stage)
    return Object.values(counts).some((node) => failedTotal(node) > 0)
  }
}

/** Errors cross to the workflow with their code and node; the rest of their insides stays here. */
function wrapAll<Activities extends object>(activities: Activities): Activities {
  const wrapped = Object.entries(activities).map(([name, activity]) => [
    name,
    async (...args: unknown[]) => {
      try {
        return await (activity as (...args: unknown[]) => Promise<unknown>)(...args)
      } catch (error) {
        throw toFailure(error)
      }
    },
  ])
  return Object.fromEntries(wrapped) as Activities
}

function toFailure(error: unknown): unknown {
  if (error instanceof RejectedError) {
    const details = { code: error.code, ...(error.nodeId ? { nodeId: error.nodeId } : {}) }
    return ApplicationFailure.create({
      type: 'RejectedError',
      message: error.message,
      details: [details],
      nonRetryable: true,
    })
  }
  if (error instanceof RetryableError)
    return ApplicationFailure.create({
      type: 'RetryableError',
      message: error.message,
      details: [{ code: error.code }],
      ...(error.afterMs === undefined ? {} : { nextRetryDelay: error.afterMs }),
    })
  return error
}
