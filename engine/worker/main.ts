/** Builds a worker from its parts and runs it until it is told to stop. */
import { nodeTypes } from '../../nodes/index.ts'
import { detectFile } from '../../nodes/lib/detect-file.ts'
import { egressSettings, importFolders, readExtensions, readKey } from '../cli/settings.ts'
import { createEgress } from '../egress/create-egress.ts'
import { stopWithParent } from '../local/stop-with-parent.ts'
import { openLiveRegistry } from '../run/live-registry.ts'
import { createScheduledRun } from '../run/create-scheduled-run.ts'
import { createConnectionStore } from '../store/connections.ts'
import { connectDatabase } from '../store/database.ts'
import { createFlowStore } from '../store/flows.ts'
import { createIndexes } from '../store/indexes.ts'
import { createPreferenceLinks } from '../store/preference-links.ts'
import { createSecrets } from '../store/secrets.ts'
import { createDataPlane, type DataPlaneInput } from './data-plane.ts'
import { startWorker } from './start-worker.ts'

export const TASK_QUEUE = 'heddle'

export interface WorkerMainInput {
  home: string
  mongoUri: string
  temporalAddress: string
  /** Engineers work on their node types: read them again whenever they change. */
  dev?: boolean
}

/** Files are large and often lie behind a redirect; each hop is checked like the first address. */
const DOWNLOADS = { timeoutMs: 600_000, followRedirects: 3 }

export const nodeTypesFolder = (home: string): string => `${home}/cache/node-types`

export async function openDataPlane({
  home,
  mongoUri,
  dev = false,
}: Omit<WorkerMainInput, 'temporalAddress'>) {
  const database = await connectDatabase({ uri: mongoUri })
  await createIndexes(database)
  const registry = await openLiveRegistry({
    builtIn: nodeTypes,
    extensions: readExtensions,
    cacheFolder: nodeTypesFolder(home),
    watch: dev,
  })
  const secretsKey = await readKey(home, 'HEDDLE_SECRET_KEY', 'secrets')
  const connections = createConnectionStore(database, createSecrets(secretsKey))
  const egress = createEgress(egressSettings())
  const downloads = createEgress({ ...egressSettings(), ...DOWNLOADS })
  const dataPlane = createDataPlane({
    database,
    identityKey: await readKey(home, 'HEDDLE_IDENTITY_KEY', 'identity'),
    http: { request: egress.request, download: downloads.download },
    connections,
    importFolders: importFolders(),
    detect: detectFile,
    ...preferenceLinks(secretsKey),
  })
  const close = async (): Promise<void> => {
    registry.close()
    await egress.close()
    await downloads.close()
    await database.close()
  }
  return { database, registry, dataPlane, secretsKey, connections, egress, close }
}

/** People outside need an address they can reach; without one there are no links in messages. */
function preferenceLinks(secretsKey: Buffer): Pick<DataPlaneInput, 'preferenceLink'> {
  const publicUrl = process.env['HEDDLE_PUBLIC_URL']
  if (publicUrl === undefined) return {}
  const links = createPreferenceLinks(secretsKey, publicUrl)
  return { preferenceLink: (profileId) => links.make(profileId, Date.now()).url }
}

export async function runWorker(input: WorkerMainInput): Promise<void> {
  const { database, registry, dataPlane, close } = await openDataPlane(input)
  const worker = await startWorker({
    temporalAddress: input.temporalAddress,
    namespace: process.env['TEMPORAL_NAMESPACE'] ?? 'default',
    taskQueue: TASK_QUEUE,
    cacheFolder: `${input.home}/cache`,
    dataPlane,
    nodeTypesFolder: nodeTypesFolder(input.home),
    registryOf: registry.of,
    createScheduledRun: (start) =>
      createScheduledRun(start, {
        flows: createFlowStore(database),
        runs: dataPlane.runs,
        registry: registry.current,
      }),
  })
  const stop = () => void worker.stop()
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  stopWithParent(stop)
  process.send?.({ ready: true })
  await worker.done
  await close()
}
