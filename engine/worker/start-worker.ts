/** A Temporal worker with the activities and the thread pool; several may run on one task queue. */
import { Context } from '@temporalio/activity'
import { Client } from '@temporalio/client'
import {
  Runtime,
  NativeConnection,
  Worker,
  makeTelemetryFilterString,
  DefaultLogger,
  type LogEntry,
} from '@temporalio/worker'
import { liveQueue, type RetentionActivities } from '../contract/activities.ts'
import {
  createRecipientsOf,
  createRequestActivities,
  type AnswerDeps,
} from '../run/answer-request.ts'
import { startPropagation } from '../run/start-propagation.ts'
import { tellRecipients, type TellDeps } from '../run/tell-recipients.ts'
import type { NodeRegistry } from '../run/registry.ts'
import { createRetentionStore } from '../store/retention.ts'
import { createActivities, type ActivityDeps } from './activities.ts'
import { workflowBundle } from './bundle.ts'
import type { DataPlane } from './data-plane.ts'
import { createThreadPool } from './thread-pool.ts'

export interface WorkerInput {
  temporalAddress: string
  namespace: string
  taskQueue: string
  /** Folder for the workflow bundle. */
  cacheFolder: string
  dataPlane: DataPlane
  /** Where the versions of engineers' own node types are kept. */
  nodeTypesFolder: string
  registryOf(version: string | undefined): Promise<NodeRegistry>
  createScheduledRun: ActivityDeps['createScheduledRun']
}

export interface RunningWorker {
  /** Finishes the pages in hand, then ends. */
  stop(): Promise<void>
  /** Settles when the worker ends by itself. */
  done: Promise<void>
}

const SHUTDOWN = { shutdownGraceTime: '30 s', shutdownForceTime: '40 s' } as const

/** Parts of live runs one worker takes; each waits for events most of the time. */
const LIVE_PARTS_HERE = 64

let installed = false

/** The SDK's own log lines are for its makers: only warnings are shown. */
function installRuntime(): void {
  if (installed) return
  installed = true
  Runtime.install({
    logger: new DefaultLogger('WARN', sayWarning),
    telemetryOptions: {
      logging: {
        filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }),
        forward: {},
      },
    },
    shutdownSignals: [],
  })
}

/** A worker of live parts has activities only, which is as it should be. */
function sayWarning({ level, message, meta }: LogEntry): void {
  if (!message.startsWith('No workflows registered'))
    console.warn(`[${level}] ${message}`, meta?.error ?? '')
}

export async function startWorker(input: WorkerInput): Promise<RunningWorker> {
  installRuntime()
  const connection = await NativeConnection.connect({ address: input.temporalAddress })
  const threads = createThreadPool({
    nodeTypesFolder: input.nodeTypesFolder,
    consent: input.dataPlane.gate.facts,
  })
  const { dataPlane } = input
  const client = new Client({ connection, namespace: input.namespace })
  const onRefusal = () => void startPropagation(client, input.taskQueue).catch(() => undefined)
  dataPlane.onRefusal(onRefusal)
  const activities = {
    ...createActivities({
      runs: dataPlane.runs,
      pages: dataPlane.pages,
      parked: dataPlane.parked,
      outputs: dataPlane.outputs,
      deliveries: dataPlane.deliveries,
      gate: dataPlane.gate,
      live: dataPlane,
      registryOf: input.registryOf,
      servicesFor: dataPlane.servicesFor,
      runInThread: threads.run,
      createScheduledRun: input.createScheduledRun,
    }),
    tellRecipients: () => tellRecipients(tellDeps(input), () => Context.current().heartbeat()),
    ...beating({
      takeOutOld: async () =>
        void (await createRetentionStore(dataPlane.database).sweep(Date.now())),
    } satisfies RetentionActivities),
    ...beating(createRequestActivities(answerDeps(input, onRefusal))),
  }
  const common = { connection, namespace: input.namespace, activities, ...SHUTDOWN }
  const worker = await Worker.create({
    ...common,
    taskQueue: input.taskQueue,
    workflowBundle: { codePath: await workflowBundle(input.cacheFolder) },
    maxCachedWorkflows: 200,
    maxConcurrentActivityTaskExecutions: 8,
  })
  const liveWorker = await Worker.create({
    ...common,
    taskQueue: liveQueue(input.taskQueue),
    maxConcurrentActivityTaskExecutions: LIVE_PARTS_HERE,
    // They never end by themselves: they are told at once.
    shutdownGraceTime: 0,
  })
  const done = Promise.all([worker.run(), liveWorker.run()]).then(() => undefined)
  return {
    done,
    async stop() {
      for (const one of [worker, liveWorker]) if (one.getState() === 'RUNNING') one.shutdown()
      await done.catch(() => undefined)
      await threads.close()
      await connection.close()
    },
  }
}

const tellDeps = ({ dataPlane, registryOf }: WorkerInput): TellDeps => ({
  propagations: dataPlane.propagations,
  readProfiles: dataPlane.profiles.read,
  graphOf: async ({ runId }) => (await dataPlane.runs.find(runId))?.graph,
  types: async () => (await registryOf(undefined)).types,
  services: {
    http: dataPlane.http,
    connections: dataPlane.connections,
    limits: dataPlane.limits,
  },
})

const answerDeps = (input: WorkerInput, onRefusal: () => void): AnswerDeps => {
  const { database, requests, personOf, suppressions, eraser, consents, profiles } = input.dataPlane
  const recipientsOf = createRecipientsOf(database)
  const own = { requests, personOf, suppressions, eraser, consents, profiles }
  return { ...tellDeps(input), ...own, recipientsOf, onRefusal }
}

const BEAT_MS = 5_000

/** Sweeps take long and their errors may quote what they found: the one beats, the other is not told. */
function beating<Activities extends object>(activities: Activities): Activities {
  const wrapped = Object.entries(activities).map(([name, activity]) => [
    name,
    async (...args: unknown[]) => {
      const context = Context.current()
      const timer = setInterval(() => context.heartbeat(), BEAT_MS)
      try {
        return await (activity as (...args: unknown[]) => Promise<unknown>)(...args)
      } catch {
        throw new Error('A step of privacy work did not succeed. It is tried again.')
      } finally {
        clearInterval(timer)
      }
    },
  ])
  return Object.fromEntries(wrapped) as Activities
}
