/** The run a schedule starts: the flow's published version at that moment. */
import { createHash } from 'node:crypto'
import { RejectedError } from '../contract/error.ts'
import type { FlowStore } from '../store/flows.ts'
import type { RunStore } from '../store/runs.ts'
import type { NodeRegistry } from './registry.ts'
import { createRun, workflowInput } from './start-run.ts'

export interface ScheduledRunDeps {
  flows: Pick<FlowStore, 'read' | 'readVersion'>
  runs: RunStore
  registry(): NodeRegistry
}

/** The start's own id makes the run's, so that a repeated start is the same run. */
export async function createScheduledRun(
  { flowId, startKey }: { flowId: string; startKey: string },
  { flows, runs, registry }: ScheduledRunDeps,
) {
  const { published } = await flows.read(flowId)
  if (published === undefined)
    throw new RejectedError('flow_not_published', 'The flow is not published. Publish it first.')
  const { graph, name } = await flows.readVersion(flowId, published)
  const run = await createRun(
    { runs, registry, now: () => new Date() },
    {
      runId: createHash('sha256').update(startKey).digest('hex').slice(0, 12),
      flowId,
      flowName: name,
      flowVersion: published,
      graph,
      startedBy: 'Schedule',
      trigger: 'schedule',
    },
  )
  return workflowInput(run)
}
