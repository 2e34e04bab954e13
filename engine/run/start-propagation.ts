/** Wakes the workflow that tells recipients of refusals, or starts it: one for the workspace. */
import type { Client } from '@temporalio/client'

export async function startPropagation(client: Client, taskQueue: string): Promise<void> {
  await client.workflow.signalWithStart('propagateConsent', {
    workflowId: `propagate-consent-${taskQueue}`,
    taskQueue,
    signal: 'changed',
  })
}
