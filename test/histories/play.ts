/** Plays scenarios on a real Temporal and hands out the histories they leave. */
import { randomBytes } from 'node:crypto'
import type { Client } from '@temporalio/client'
import { NativeConnection, Worker } from '@temporalio/worker'
import proto, { type temporal } from '@temporalio/proto'
import { liveQueue } from '../../engine/contract/activities.ts'
import { calm, type Scenario } from './scenarios.ts'

export type History = temporal.api.history.v1.IHistory

export interface Played {
  workflowId: string
  /** One per run of the chain, in order. */
  histories: History[]
}

export interface PlayInput {
  client: Client
  temporalAddress: string
  /** Path of the workflows' bundle. */
  bundle: string
}

export async function play(scenario: Scenario, input: PlayInput): Promise<Played> {
  const connection = await NativeConnection.connect({ address: input.temporalAddress })
  const taskQueue = `histories-${randomBytes(6).toString('hex')}`
  const worker = await Worker.create({
    connection,
    taskQueue,
    workflowBundle: { codePath: input.bundle },
    activities: { ...calm(6), ...scenario.activities },
  })
  const liveWorker = await Worker.create({
    connection,
    taskQueue: liveQueue(taskQueue),
    activities: { ...calm(6), ...scenario.activities },
  })
  try {
    return await liveWorker.runUntil(
      worker.runUntil(follow(scenario, taskQueue, input.client)),
    )
  } finally {
    await connection.close()
  }
}

async function follow(scenario: Scenario, taskQueue: string, client: Client): Promise<Played> {
  const runId = randomBytes(6).toString('hex')
  const { stages, position } = scenario
  const run = { runId, stages, ...(position ? { position } : {}) }
  const handle = await client.workflow.start(scenario.workflow, {
    taskQueue,
    workflowId: `run-${runId}`,
    args: [argumentOf(scenario, run)],
  })
  await scenario.act?.(client.workflow.getHandle(handle.workflowId), client)
  await handle.result()
  return { workflowId: handle.workflowId, histories: await chainOf(client, handle.workflowId) }
}

function argumentOf({ workflow }: Scenario, run: object & { runId: string }): object {
  if (workflow === 'runFlow') return run
  return workflow === 'answerRequest' ? { requestId: run.runId } : { flowId: 'flow' }
}

/** The histories of a workflow's runs, from the first on: each continues the one before. */
export async function chainOf(client: Client, workflowId: string): Promise<History[]> {
  const latest = await client.workflow.getHandle(workflowId).fetchHistory()
  let next = latest.events?.[0]?.workflowExecutionStartedEventAttributes?.firstExecutionRunId
  const histories: History[] = []
  while (next) {
    const history: History = await client.workflow.getHandle(workflowId, next).fetchHistory()
    histories.push(history)
    next = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId
  }
  return histories
}

/** A recorded file's content: each history as Temporal's own bytes, in base64. */
interface Recorded {
  workflowId: string
  histories: string[]
}

const { History: Codec } = proto.temporal.api.history.v1

export const pack = (workflowId: string, histories: readonly History[]): Recorded => ({
  workflowId,
  histories: histories.map((history) =>
    Buffer.from(Codec.encode(history).finish()).toString('base64'),
  ),
})

export const unpack = ({ workflowId, histories }: Recorded) =>
  histories.map((bytes) => ({ workflowId, history: Codec.decode(Buffer.from(bytes, 'base64')) }))
