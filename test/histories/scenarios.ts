/** What a run's workflow can go through, with activities that answer as told: for recorded histories
 *  and for the workflow's own tests. Temporal is the real one. */
import { ApplicationFailure } from '@temporalio/common'
import type { Client, WorkflowHandle } from '@temporalio/client'
import type { FlowActivities } from '../../engine/contract/activities.ts'
import type { StageKind } from '../../engine/contract/plan.ts'

export interface Scenario {
  name: string
  workflow: 'runFlow' | 'scheduledFlow' | 'answerRequest' | 'sweepRetention'
  stages: Array<{ id: string; kind: StageKind }>
  /** Answers that differ from those of a run in which all goes well. */
  activities?: Partial<FlowActivities> & Record<string, unknown>
  /** What people do while it runs. */
  act?: (handle: WorkflowHandle, client: Client) => Promise<void>
  /** Where the run goes on, as after a failed stage. */
  position?: { stage: number; nextPage: number; retryLease: number; paused: boolean }
}

const PAGES = [{ id: 's1', kind: 'pages' as const }]
const THREE = [...PAGES, { id: 's2', kind: 'dataset' as const }, { id: 's3', kind: 'pages' as const }]

/** A run over `pages` pages in which all goes well. */
export const calm = (pages: number): FlowActivities => ({
  beginRun: async () => 'go',
  openStage: async () => ({ pages }),
  runStagePages: async () => 'done',
  runDatasetStage: async () => 'done',
  retryWaiting: async () => ({ waiting: 0, nextInMs: 0 }),
  runLivePart: async () => 'interrupted',
  closeStage: async () => undefined,
  recordState: async () => undefined,
  endRun: async () => undefined,
})

const moment = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Fails `times`, then does as told. */
const failing = <Answer>(times: number, error: () => Error, answer: Answer) => {
  let left = times
  return async (): Promise<Answer> => {
    if (left-- > 0) throw error()
    return answer
  }
}

const rejected = () =>
  ApplicationFailure.nonRetryable('The file is gone. Upload it again.', 'RejectedError', {
    code: 'file_is_gone',
    nodeId: 'read',
  })

/** Waits until a person's wish reaches it, as pages in hand do. */
function interruptible(pages: number) {
  let slow = true
  return {
    activities: {
      openStage: async () => ({ pages }),
      runStagePages: async () => {
        if (!slow) return 'done' as const
        await moment(300)
        return 'interrupted' as const
      },
    },
    release: () => {
      slow = false
    },
  }
}

/** Waits for a person, then for a recipient that answers at the third attempt. */
function answeredRequest(): Scenario {
  let confirmed = false
  let open = 3
  return {
    name: 'request-answered',
    workflow: 'answerRequest',
    stages: [],
    activities: {
      lookAtRequest: async () => (confirmed ? 'go' : 'wait'),
      answerInStores: async () => ({ failed: 0 }),
      tellOfRequest: async () => ({ open: --open, nextInMs: open > 0 ? 200 : 0 }),
      closeRequest: async () => undefined,
    },
    async act(handle) {
      await moment(500)
      confirmed = true
      await handle.signal('changed')
    },
  }
}

export function listScenarios(): Scenario[] {
  const paused = interruptible(40)
  const cancelled = interruptible(40)
  return [
    { name: 'success', workflow: 'runFlow', stages: PAGES },
    { name: 'dataset-barrier', workflow: 'runFlow', stages: THREE },
    {
      name: 'page-retried',
      workflow: 'runFlow',
      stages: PAGES,
      activities: {
        runStagePages: failing(2, () => new Error('The database is away.'), 'done' as const),
      },
    },
    {
      name: 'waiting-items',
      workflow: 'runFlow',
      stages: PAGES,
      activities: {
        retryWaiting: async ({ lease }) => ({ waiting: lease < 4 ? 5 : 0, nextInMs: 200 }),
      },
    },
    {
      name: 'paused-and-resumed',
      workflow: 'runFlow',
      stages: PAGES,
      activities: paused.activities,
      async act(handle) {
        await moment(200)
        await handle.executeUpdate('pause')
        paused.release()
        await handle.executeUpdate('resume')
      },
    },
    {
      name: 'live-paused-resumed-stopped',
      workflow: 'runFlow',
      stages: [{ id: 's1', kind: 'live' }],
      activities: {
        openStage: async () => ({ pages: 2 }),
        runLivePart: async () => {
          await moment(300)
          return 'interrupted' as const
        },
      },
      async act(handle) {
        await moment(200)
        await handle.executeUpdate('pause')
        await handle.executeUpdate('resume')
        await moment(200)
        await handle.executeUpdate('cancel')
      },
    },
    {
      name: 'paused-before-it-began',
      workflow: 'runFlow',
      stages: PAGES,
      activities: { beginRun: async () => 'pause' },
      async act(handle) {
        await moment(500)
        await handle.executeUpdate('resume')
      },
    },
    {
      name: 'cancelled',
      workflow: 'runFlow',
      stages: THREE,
      activities: cancelled.activities,
      async act(handle) {
        await moment(200)
        await handle.executeUpdate('cancel')
      },
    },
    {
      name: 'ended-by-the-next-start',
      workflow: 'runFlow',
      stages: THREE,
      activities: interruptible(40).activities,
      async act(handle) {
        await moment(200)
        await handle.cancel()
      },
    },
    {
      name: 'failed',
      workflow: 'runFlow',
      stages: THREE,
      activities: { runDatasetStage: failing(99, rejected, 'done' as const) },
    },
    {
      name: 'gone-on-from-failed-stage',
      workflow: 'runFlow',
      stages: THREE,
      position: { stage: 1, nextPage: 0, retryLease: 0, paused: false },
    },
    {
      name: 'continued-as-new',
      workflow: 'runFlow',
      stages: PAGES,
      activities: { openStage: async () => ({ pages: 5_000 }) },
    },
    {
      name: 'scheduled',
      workflow: 'scheduledFlow',
      stages: PAGES,
      activities: {
        createScheduledRun: async ({ startKey }: { startKey: string }) => ({
          runId: startKey,
          stages: PAGES,
        }),
      },
    },
    answeredRequest(),
    {
      name: 'retention-swept',
      workflow: 'sweepRetention',
      stages: [],
      activities: { takeOutOld: async () => undefined },
    },
  ]
}
