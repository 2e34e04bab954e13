/** Builds a worker from its parts and runs it until it is told to stop. */
import { nodeTypes } from '../../nodes/index.ts'
import { detectFile } from '../../nodes/lib/detect-file.ts'
import { importFolders, readExtensions, readKey } from '../cli/settings.ts'
import { RejectedError } from '../contract/error.ts'
import { stopWithParent } from '../local/stop-with-parent.ts'
import { loadRegistry } from '../run/registry.ts'
import { connectDatabase } from '../store/database.ts'
import { createIndexes } from '../store/indexes.ts'
import { createDataPlane } from './data-plane.ts'
import { startWorker } from './start-worker.ts'

export const TASK_QUEUE = 'heddle'

export interface WorkerMainInput {
  home: string
  mongoUri: string
  temporalAddress: string
}

const notOffered = (what: string) => async (): Promise<never> => {
  throw new RejectedError('not_offered', `${what} cannot be used in this version.`)
}

export async function openDataPlane({ home, mongoUri }: Omit<WorkerMainInput, 'temporalAddress'>) {
  const database = await connectDatabase({ uri: mongoUri })
  await createIndexes(database)
  const extensions = await readExtensions()
  const registry = await loadRegistry(nodeTypes, extensions)
  const dataPlane = createDataPlane({
    database,
    identityKey: await readKey(home, 'HEDDLE_IDENTITY_KEY', 'identity'),
    http: { request: notOffered('Outside addresses') },
    connections: { read: notOffered('Connections') },
    importFolders: importFolders(),
    detect: detectFile,
  })
  return { database, registry, extensions, dataPlane }
}

export async function runWorker(input: WorkerMainInput): Promise<void> {
  const { database, registry, extensions, dataPlane } = await openDataPlane(input)
  const worker = await startWorker({
    temporalAddress: input.temporalAddress,
    namespace: process.env['TEMPORAL_NAMESPACE'] ?? 'default',
    taskQueue: TASK_QUEUE,
    cacheFolder: `${input.home}/cache`,
    dataPlane,
    extensions,
    types: () => registry.types,
    registryVersion: () => registry.version,
    createScheduledRun: notOffered('Schedules'),
  })
  const stop = () => void worker.stop()
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  stopWithParent(stop)
  process.send?.({ ready: true })
  await worker.done
  await database.close()
}
