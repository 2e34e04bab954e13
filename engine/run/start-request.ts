/** Starts the workflow of a request, or wakes it after somebody decided. */
import type { Client } from '@temporalio/client'

export async function startRequest(
  client: Client,
  taskQueue: string,
  requestId: string,
): Promise<void> {
  await client.workflow.signalWithStart('answerRequest', {
    workflowId: `request-${requestId}`,
    taskQueue,
    args: [{ requestId }],
    signal: 'changed',
  })
}
