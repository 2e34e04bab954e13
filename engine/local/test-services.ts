/**
 * One MongoDB and one Temporal for a whole test run: vitest's global set-up starts them, test files take
 * a database and a task queue of their own. HEDDLE_TEST_MONGODB_URI and HEDDLE_TEST_TEMPORAL_ADDRESS
 * name services that run already.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cacheFolder } from './cache-folder.ts'
import { findMongod } from './find-mongod.ts'
import type { FindContext } from './find-step.ts'
import { findTemporal } from './find-temporal.ts'
import { anyFreePort } from './free-port.ts'
import { type Home, openHome } from './home.ts'
import { startMongod } from './mongod.ts'
import { startTemporalServer } from './temporal-server.ts'
import { startWatchdog, type Watchdog } from './watchdog.ts'

export interface TestServices {
  mongoUri: string
  temporalAddress: string
  stop: () => Promise<void>
}

interface Service {
  address: string
  stop: () => Promise<void>
}

export async function startTestServices(): Promise<TestServices> {
  const root = await mkdtemp(join(tmpdir(), 'heddle-test-'))
  const home = await openHome(root)
  const watchdog = startWatchdog()
  const starting = [startTestMongo(home, watchdog), startTestTemporal(home, watchdog)] as const
  const stop = async () => {
    for (const result of await Promise.allSettled(starting))
      if (result.status === 'fulfilled') await result.value.stop()
    watchdog.close()
    await rm(root, { recursive: true, force: true })
  }
  try {
    const [mongo, temporal] = await Promise.all(starting)
    return { mongoUri: mongo.address, temporalAddress: temporal.address, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startTestMongo(home: Home, watchdog: Watchdog): Promise<Service> {
  const found = await findMongod(contextFor('MONGODB_URI', 'HEDDLE_TEST_MONGODB_URI'))
  if (found.kind === 'address') return running(found.address)
  const port = await anyFreePort()
  const { uri, stop } = await startMongod({
    binary: found.path,
    home,
    port,
    watchdog,
    testCommands: true,
  })
  return { address: uri, stop }
}

async function startTestTemporal(home: Home, watchdog: Watchdog): Promise<Service> {
  const found = await findTemporal(contextFor('TEMPORAL_ADDRESS', 'HEDDLE_TEST_TEMPORAL_ADDRESS'))
  if (found.kind === 'address') return running(found.address)
  const port = await anyFreePort()
  return startTemporalServer({ binary: found.path, home, port, watchdog, inMemory: true })
}

function running(address: string): Service {
  return { address, stop: async () => undefined }
}

/** A test never touches the service a developer set for their own work, only one named for tests. */
function contextFor(variable: string, testVariable: string): FindContext {
  return {
    env: { ...process.env, [variable]: process.env[testVariable] },
    cache: cacheFolder(),
    report: (line) => console.error(line),
  }
}
