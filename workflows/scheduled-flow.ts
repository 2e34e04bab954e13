/** What a schedule starts: makes the run in the store, then walks it as any other. */
import { executeChild, proxyActivities, workflowInfo } from '@temporalio/workflow'
import { runFlow, type RunFlowInput } from './run-flow.ts'
import { quick } from './tuning.ts'

interface ScheduleActivities {
  /** Makes the run of a published flow; the same start makes the same run. */
  createScheduledRun(input: { flowId: string; startKey: string }): Promise<RunFlowInput>
}

const { createScheduledRun } = proxyActivities<ScheduleActivities>(quick)

export async function scheduledFlow(input: { flowId: string }): Promise<void> {
  const startKey = workflowInfo().workflowId
  const run = await createScheduledRun({ flowId: input.flowId, startKey })
  await executeChild(runFlow, { workflowId: `run-${run.runId}`, args: [run] })
}
