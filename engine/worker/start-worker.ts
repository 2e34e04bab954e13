/** A Temporal worker with the activities and the thread pool; several may run on one task queue. */
import { Context } from '@temporalio/activity'
import { Client } from '@temporalio/client'
import {
  Runtime,
  NativeConnection,
  Worker,
  makeTelemetryFilterString,
  DefaultLogger,
} from '@temporalio/worker'
import { startPropagation } from '../run/start-propagation.ts'
import { tellRecipients, type TellDeps } from '../run/tell-recipients.ts'
import type { NodeRegistry } from '../run/registry.ts'
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

let installed = false

/** The SDK's own log lines are for its makers: only warnings are shown. */
function installRuntime(): void {
  if (installed) return
  installed = true
  Runtime.install({
    logger: new DefaultLogger('WARN'),
    telemetryOptions: {
      logging: {
        filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }),
        forward: {},
      },
    },
    shutdownSignals: [],
  })
}

export async function startWorker(input: WorkerInput): Promise<RunningWorker> {
  installRuntime()
  const connection = await NativeConnection.connect({ address: input.temporalAddress })
  const threads = createThreadPool({ nodeTypesFolder: input.nodeTypesFolder })
  const { dataPlane } = input
  const worker = await Worker.create({
    connection,
    namespace: input.namespace,
    taskQueue: input.taskQueue,
    workflowBundle: { codePath: await workflowBundle(input.cacheFolder) },
    activities: {
      ...createActivities({
        runs: dataPlane.runs,
        pages: dataPlane.pages,
        parked: dataPlane.parked,
        outputs: dataPlane.outputs,
        deliveries: dataPlane.deliveries,
        gate: dataPlane.gate,
        registryOf: input.registryOf,
        servicesFor: dataPlane.servicesFor,
        runInThread: threads.run,
        createScheduledRun: input.createScheduledRun,
      }),
      tellRecipients: () => tellRecipients(tellDeps(input), () => Context.current().heartbeat()),
    },
    maxCachedWorkflows: 200,
    maxConcurrentActivityTaskExecutions: 8,
    shutdownGraceTime: '30 s',
    shutdownForceTime: '40 s',
  })
  const client = new Client({ connection, namespace: input.namespace })
  dataPlane.onRefusal(() => void startPropagation(client, input.taskQueue).catch(() => undefined))
  const done = worker.run()
  return {
    done,
    async stop() {
      if (worker.getState() === 'RUNNING') worker.shutdown()
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
