/** Runs as people handle them: start, pause, resume, cancel, retry. Temporal does the work. */
import { randomBytes } from 'node:crypto'
import { WorkflowIdReusePolicy, WorkflowNotFoundError, type Client } from '@temporalio/client'
import { RejectedError } from '../contract/error.ts'
import type { FlowGraph } from '../contract/flow.ts'
import { FINAL_STATES, type RunView } from '../contract/run.ts'
import { compilePlan } from '../flow/compile-plan.ts'
import type { NodeRegistry } from './registry.ts'
import { isDuplicate } from '../store/duplicate-keys.ts'
import type { LivePages } from '../store/live-pages.ts'
import type { ParkedStore } from '../store/parked.ts'
import type { RunDocument, RunStore } from '../store/runs.ts'

export interface RunnerDeps {
  runs: RunStore
  parked: ParkedStore
  livePages: Pick<LivePages, 'placesOf'>
  client: Client
  taskQueue: string
  /** The node types a run begins with, and keeps. */
  registry(): NodeRegistry
  now(): Date
}

export interface StartRunInput {
  flowId: string
  flowName: string
  flowVersion: number
  graph: FlowGraph
  startedBy: string
  trigger: RunView['trigger']
  /** Makes a repeated start harmless; random when absent. */
  runId?: string
  rerun?: NonNullable<RunDocument['rerun']>
  /** Of a live flow that never ran: since when events are taken. Default: now. */
  liveFrom?: Date
}

export const newRunId = (): string => randomBytes(9).toString('base64url').replace(/[-_]/g, 'x')
const workflowId = (runId: string): string => `run-${runId}`

export const workflowInput = (run: RunDocument) => ({
  runId: run._id,
  stages: run.plan.stages.map(({ id, kind }) => ({ id, kind })),
})

/** Stores the run with its frozen plan; the same id gives the same run. */
export async function createRun(
  { runs, registry, now }: Pick<RunnerDeps, 'runs' | 'registry' | 'now'>,
  input: StartRunInput & Pick<RunDocument, 'live'>,
): Promise<RunDocument> {
  const { flowId, flowVersion, graph } = input
  const { types, version: registryVersion } = registry()
  const plan = compilePlan({ flowId, flowVersion, graph, registry: types })
  const run: RunDocument = {
    _id: input.runId ?? newRunId(),
    flowId,
    flowName: input.flowName,
    flowVersion,
    state: 'starting',
    control: 'go',
    startedAt: now(),
    startedBy: input.startedBy,
    trigger: input.trigger,
    graph,
    plan,
    registryVersion,
    stages: Object.fromEntries(
      plan.stages.map(({ id }) => [id, { state: 'waiting', pages: 0, pagesDone: 0 }]),
    ),
    counts: {},
    ...(input.rerun ? { rerun: input.rerun } : {}),
    ...(input.live ? { live: input.live, openLive: true as const } : {}),
  }
  const known = await runs.find(run._id)
  if (known) return known
  await runs.insert(run)
  return run
}

/** A flow is live once at most: the store refuses the second. */
const onceLive = <Result>(work: Promise<Result>): Promise<Result> =>
  work.catch((error: unknown) => {
    if (!isDuplicate(error)) throw error
    throw new RejectedError(
      'already_live',
      'The flow is live already. Stop the run that goes on, then start again.',
    )
  })

export function createRunner(deps: RunnerDeps) {
  const { runs, client } = deps

  const isLive = ({ graph }: StartRunInput): boolean =>
    graph.nodes.some(({ type }) => deps.registry().types.get(type)?.live)

  /** A live flow has one run at most: a new one goes on where the one before it stopped. */
  const create = async (input: StartRunInput): Promise<RunDocument> => {
    if (input.rerun || !isLive(input)) return createRun(deps, input)
    const before = await runs.lastLive(input.flowId)
    if (before && !FINAL_STATES.has(before.state)) await stop(before._id)
    const places = before ? await deps.livePages.placesOf(before._id) : []
    const from = before?.live?.from ?? input.liveFrom ?? deps.now()
    const live = { from, places: places.length > 0 ? places : (before?.live?.places ?? []) }
    return onceLive(createRun(deps, { ...input, live }))
  }

  const launch = async (run: RunDocument): Promise<void> => {
    await client.workflow.start('runFlow', {
      taskQueue: deps.taskQueue,
      workflowId: workflowId(run._id),
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      args: [workflowInput(run)],
    })
  }

  const need = async (runId: string): Promise<RunDocument> => {
    const run = await runs.find(runId)
    if (!run) throw new RejectedError('unknown_run', 'There is no such run.')
    return run
  }

  const needOpen = async (runId: string): Promise<RunDocument> => {
    const run = await need(runId)
    if (FINAL_STATES.has(run.state))
      throw new RejectedError('run_is_over', 'The run is over already, so nothing was changed.')
    return run
  }

  const viewOf = async (runId: string): Promise<RunView> => runs.view(await need(runId))

  /** The mark reaches workers within a moment; the update answers when all of them have stopped. */
  const ask = async (runId: string, update: 'pause' | 'resume' | 'cancel'): Promise<void> => {
    try {
      await client.workflow.getHandle(workflowId(runId)).executeUpdate(update)
    } catch (error) {
      const run = await need(runId)
      if (!FINAL_STATES.has(run.state) && !(error instanceof WorkflowNotFoundError)) throw error
    }
  }

  const stop = async (runId: string): Promise<void> => {
    await runs.setControl(runId, 'cancel', 'cancelling')
    await ask(runId, 'cancel')
    await client.workflow
      .getHandle(workflowId(runId))
      .result()
      .catch(() => undefined)
  }

  return {
    create,
    viewOf,
    async start(input: StartRunInput): Promise<RunView> {
      const run = await create(input)
      await launch(run)
      return runs.view(run)
    },
    async pause(runId: string): Promise<RunView> {
      await needOpen(runId)
      await runs.setControl(runId, 'pause', 'pausing')
      await ask(runId, 'pause')
      return viewOf(runId)
    },
    async resume(runId: string): Promise<RunView> {
      await needOpen(runId)
      await runs.setControl(runId, 'go')
      await ask(runId, 'resume')
      return viewOf(runId)
    },
    async cancel(runId: string): Promise<RunView> {
      await needOpen(runId)
      await stop(runId)
      return viewOf(runId)
    },
    /** Goes on from the failed stage: finished stages and pages are kept as they are. */
    async retry(runId: string): Promise<RunView> {
      const run = await need(runId)
      if (run.state !== 'failed')
        throw new RejectedError('run_not_failed', 'Only a failed run can be retried.')
      const open = run.plan.stages.filter(({ id }) => run.stages[id]?.state !== 'done')
      const stages = open.map(({ id }) => id)
      await onceLive(runs.reopen(run, stages))
      const stage = run.plan.stages.findIndex(({ id }) => id === open[0]?.id)
      await client.workflow.start('runFlow', {
        taskQueue: deps.taskQueue,
        workflowId: workflowId(runId),
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
        args: [
          {
            ...workflowInput(run),
            position: { stage, nextPage: 0, retryLease: 0, paused: false },
          },
        ],
      })
      return viewOf(runId)
    },
    /** A new run of the same version that takes parked records up where they fell. */
    async rerunLetters(input: {
      run: string
      node?: string
      ids?: string[]
      by: string
    }): Promise<RunView> {
      const run = await need(input.run)
      const sources = new Set(run.plan.stages.flatMap((stage) => stage.sources))
      const parked = await deps.parked.lettersToRerun(input.run, input.node, input.ids)
      const again = parked.filter(({ nodeId }) => !sources.has(nodeId))
      if (again.length === 0)
        throw new RejectedError(
          'nothing_to_rerun',
          'None of these records can be tried again: they could not be read from their source. Correct the file and run the flow again.',
        )
      const letters: Record<string, string[]> = {}
      for (const { _id, nodeId } of again) (letters[nodeId] ??= []).push(_id)
      await deps.parked.setLetterState(
        again.map(({ _id }) => _id),
        'rerunning',
      )
      const started = await create({
        flowId: run.flowId,
        flowName: run.flowName,
        flowVersion: run.flowVersion,
        graph: run.graph,
        startedBy: input.by,
        trigger: 'retry',
        rerun: { of: run._id, letters },
      })
      await launch(started)
      return runs.view(started)
    },
  }
}

export type Runner = ReturnType<typeof createRunner>
