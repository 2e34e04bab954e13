/** A worker on the real services for a test file, and a way to run a graph to its end. */
import { randomBytes } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { inject } from 'vitest'
import type { FlowGraph } from '../../engine/contract/flow.ts'
import type { RunView } from '../../engine/contract/run.ts'
import type { Services } from '../../engine/contract/services.ts'
import type { Egress } from '../../engine/egress/create-egress.ts'
import { createScheduledRun } from '../../engine/run/create-scheduled-run.ts'
import { createRegistry } from '../../engine/run/registry.ts'
import { createRunner } from '../../engine/run/start-run.ts'
import { createFlowStore } from '../../engine/store/flows.ts'
import { createDataPlane } from '../../engine/worker/data-plane.ts'
import { startWorker } from '../../engine/worker/start-worker.ts'
import { detectFile } from '../../nodes/lib/detect-file.ts'
import { nodeTypes } from '../../nodes/index.ts'
import { testDatabase } from './test-database.ts'

export interface TestEngineOptions {
  http?: Pick<Egress, 'request' | 'download'>
  connections?: Services['connections']
  now?: () => Date
}

const notHere = (name: string) => async (): Promise<never> => {
  throw new Error(`This test has no ${name}.`)
}

export async function startTestEngine(options: TestEngineOptions = {}) {
  const { database, close } = await testDatabase()
  const registry = createRegistry(nodeTypes)
  const types = () => registry.types
  const dataPlane = createDataPlane({
    database,
    identityKey: randomBytes(32),
    http: options.http ?? { request: notHere('network'), download: notHere('network') },
    connections: options.connections ?? { read: notHere('connections') },
    importFolders: [],
    detect: detectFile,
  })
  const temporalAddress = inject('temporalAddress')
  const connection = await Connection.connect({ address: temporalAddress })
  const client = new Client({ connection })
  const taskQueue = `test-${randomBytes(6).toString('hex')}`
  const cacheFolder = await mkdtemp(path.join(tmpdir(), 'heddle-test-bundle-'))
  const openWorker = () =>
    startWorker({
      temporalAddress,
      namespace: 'default',
      taskQueue,
      cacheFolder,
      dataPlane,
      nodeTypesFolder: path.join(tmpdir(), 'heddle-test-node-types'),
      registryOf: async () => registry,
      createScheduledRun: (start) =>
        createScheduledRun(start, {
          flows: createFlowStore(database),
          runs: dataPlane.runs,
          registry: () => registry,
        }),
    })
  let worker = await openWorker()
  const runner = createRunner({
    runs: dataPlane.runs,
    parked: dataPlane.parked,
    livePages: dataPlane.livePages,
    client,
    taskQueue,
    registry: () => registry,
    now: options.now ?? (() => new Date()),
  })
  const finished = async (runId: string): Promise<RunView> => {
    await client.workflow.getHandle(`run-${runId}`).result()
    return runner.viewOf(runId)
  }
  return {
    database,
    dataPlane,
    runner,
    client,
    taskQueue,
    types,
    finished,
    start: (graph: FlowGraph) =>
      runner.start({
        flowId: 'flow',
        flowName: 'Test flow',
        flowVersion: 1,
        graph,
        startedBy: 'test',
        trigger: 'api',
      }),
    /** Ends the worker and starts another, as an update or a crash does. */
    async restartWorker() {
      await worker.stop()
      worker = await openWorker()
    },
    async stop() {
      await worker.stop()
      await connection.close()
      await close()
    },
  }
}

export type TestEngine = Awaited<ReturnType<typeof startTestEngine>>
