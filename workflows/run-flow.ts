/** Walks a plan, stage by stage, page by page. Knows ids and counts only, never a record. */
import {
  ActivityFailure,
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  proxyActivities,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow'
import type { FlowActivities, LeaseResult } from '../engine/contract/activities.ts'
import type { StageKind } from '../engine/contract/plan.ts'
import { cancelUpdate, pauseUpdate, resumeUpdate } from './messages.ts'
import {
  LEASES_PER_RUN,
  live,
  MAX_LEASE_PAGES,
  MAX_WAIT_MS,
  paging,
  quick,
  WINDOW,
} from './tuning.ts'

export interface RunFlowInput {
  runId: string
  stages: Array<{ id: string; kind: StageKind }>
  /** Where the run stands; carried over continue-as-new. Plain JSON. */
  position?: Position
}

interface Position {
  stage: number
  /** Pages of the open stage; absent until it is opened. */
  pages?: number
  nextPage: number
  retryLease: number
  paused: boolean
}

const { beginRun, openStage, closeStage, recordState, endRun } =
  proxyActivities<FlowActivities>(quick)
const { runStagePages, runDatasetStage, retryWaiting } = proxyActivities<FlowActivities>(paging)

export async function runFlow(input: RunFlowInput): Promise<void> {
  const { runId } = input
  const position: Position = input.position ?? {
    stage: 0,
    nextPage: 0,
    retryLease: 0,
    paused: false,
  }
  const control = listen(position, runId)
  try {
    if (!input.position) await begin(runId, position, control)
    control.begun = true
    await walkStages(input, position, control)
    await condition(allHandlersFinished)
    await endRun({ runId, state: control.cancelled ? 'cancelled' : 'completed' })
  } catch (error) {
    // As when a schedule starts anew and ends the earlier run.
    if (isCancellation(error)) return endCancelled(runId)
    if (!(error instanceof ActivityFailure)) throw error
    const stageId = input.stages[position.stage]?.id
    await endRun({ runId, state: 'failed', failure: explain(error, stageId) })
  }
}

/** What a person asked before there was a workflow to hear it. */
async function begin(runId: string, position: Position, control: Control): Promise<void> {
  const asked = await beginRun({ runId })
  if (asked === 'cancel') control.cancelled = true
  if (asked !== 'pause') return
  position.paused = true
  await recordState({ runId, state: 'paused' })
}

const endCancelled = (runId: string): Promise<void> =>
  CancellationScope.nonCancellable(() => endRun({ runId, state: 'cancelled' }))

interface Control {
  /** What was asked before has been read: from here on, updates alone decide. */
  begun: boolean
  cancelled: boolean
  /** Activities that may still send something. */
  inFlight: number
  leases: number
}

function listen(position: Position, runId: string): Control {
  const control: Control = { begun: false, cancelled: false, inFlight: 0, leases: 0 }
  const settled = () => control.begun && control.inFlight === 0
  setHandler(pauseUpdate, async () => {
    position.paused = true
    await condition(settled)
    if (!control.cancelled) await recordState({ runId, state: 'paused' })
  })
  setHandler(resumeUpdate, async () => {
    await condition(() => control.begun)
    await recordState({ runId, state: 'running' })
    position.paused = false
  })
  setHandler(cancelUpdate, async () => {
    control.cancelled = true
    await condition(settled)
  })
  return control
}

async function walkStages(input: RunFlowInput, position: Position, control: Control) {
  for (; position.stage < input.stages.length; position.stage++) {
    const stage = input.stages[position.stage]
    if (!stage || control.cancelled) return
    await runStage(input, stage, position, control)
    if (control.cancelled) return
    await closeStage({ runId: input.runId, stageId: stage.id })
    delete position.pages
    position.nextPage = 0
    position.retryLease = 0
  }
}

async function runStage(
  input: RunFlowInput,
  stage: RunFlowInput['stages'][number],
  position: Position,
  control: Control,
): Promise<void> {
  const ref = { runId: input.runId, stageId: stage.id }
  position.pages ??= (await openStage(ref)).pages
  if (stage.kind === 'live') return runLive(input, ref, position, control)
  if (stage.kind === 'dataset') {
    await untilDone(() => runDatasetStage(ref), position, control)
    return
  }
  await runPages(input, ref, position, control)
  await runRetries(input, ref, position, control)
}

/** One activity for each part, which ends only when the run is paused or stopped. */
async function runLive(
  input: RunFlowInput,
  ref: Ref,
  position: Position,
  control: Control,
): Promise<void> {
  const { runLivePart } = proxyActivities<FlowActivities>(live(workflowInfo().taskQueue))
  const scope = new CancellationScope()
  const work = async (part: number): Promise<void> => {
    for (;;) {
      await condition(() => !position.paused || control.cancelled)
      if (control.cancelled) return
      // Interrupted so often, all parts are begun anew together.
      if (++control.leases > LEASES_PER_RUN) return scope.cancel()
      await counted(() => runLivePart({ ...ref, part }), control)
    }
  }
  const parts = Array.from({ length: position.pages ?? 0 }, (_, part) => part)
  try {
    await scope.run(() => allSettledOrThrow(parts.map(work)))
  } catch (error) {
    if (!isCancellation(error) || control.leases <= LEASES_PER_RUN) throw error
  }
  if (!control.cancelled) await startAnew(input, position)
}

/** Repeats a lease that a pause interrupted, once the run goes on. */
async function untilDone(
  work: () => Promise<LeaseResult>,
  position: Position,
  control: Control,
): Promise<void> {
  for (;;) {
    await condition(() => !position.paused || control.cancelled)
    if (control.cancelled) return
    if ((await counted(work, control)) === 'done') return
  }
}

async function counted<Result>(work: () => Promise<Result>, control: Control): Promise<Result> {
  control.inFlight++
  try {
    return await work()
  } finally {
    control.inFlight--
  }
}

interface Ref {
  runId: string
  stageId: string
}

async function runPages(
  input: RunFlowInput,
  ref: Ref,
  position: Position,
  control: Control,
): Promise<void> {
  const pages = position.pages ?? 0
  const size = Math.min(MAX_LEASE_PAGES, Math.max(1, Math.ceil(pages / (WINDOW * 8))))
  const walkers = Array.from({ length: WINDOW }, async () => {
    while (position.nextPage < pages && control.leases < LEASES_PER_RUN && !control.cancelled) {
      const from = position.nextPage
      const to = Math.min(pages, from + size)
      position.nextPage = to
      control.leases++
      await untilDone(() => runStagePages({ ...ref, from, to }), position, control)
    }
  })
  await allSettledOrThrow(walkers)
  if (position.nextPage < pages && !control.cancelled) await startAnew(input, position)
}

/** Waits for every walker, so that no activity outlives a failed one. */
async function allSettledOrThrow(walkers: Array<Promise<void>>): Promise<void> {
  const outcomes = await Promise.allSettled(walkers)
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}

async function runRetries(
  input: RunFlowInput,
  ref: Ref,
  position: Position,
  control: Control,
): Promise<void> {
  for (;;) {
    await condition(() => !position.paused || control.cancelled)
    if (control.cancelled) return
    const lease = ++position.retryLease
    const due = await counted(() => retryWaiting({ ...ref, lease }), control)
    control.leases++
    if (due.waiting === 0) return
    if (control.leases >= LEASES_PER_RUN) await startAnew(input, position)
    if (due.nextInMs > 0) await sleepUnlessCancelled(Math.min(due.nextInMs, MAX_WAIT_MS), control)
  }
}

async function sleepUnlessCancelled(ms: number, control: Control): Promise<void> {
  await Promise.race([sleep(ms), condition(() => control.cancelled)])
}

async function startAnew(input: RunFlowInput, position: Position): Promise<never> {
  await condition(allHandlersFinished)
  return continueAsNew<typeof runFlow>({ ...input, position })
}

function explain(error: ActivityFailure, stageId: string | undefined) {
  const cause = error.cause
  const [details] = cause instanceof ApplicationFailure ? (cause.details ?? []) : []
  const facts = (details ?? {}) as { code?: string; nodeId?: string }
  return {
    code: facts.code ?? 'step_failed',
    message: cause?.message ?? error.message,
    ...(facts.nodeId === undefined ? {} : { nodeId: facts.nodeId }),
    ...(stageId === undefined ? {} : { stageId }),
  }
}
