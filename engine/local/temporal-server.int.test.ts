import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { cacheFolder } from './cache-folder.ts'
import { findTemporal } from './find-temporal.ts'
import { anyFreePort, loopback } from './free-port.ts'
import { type Home, openHome } from './home.ts'
import { processIdentity } from './process-identity.ts'
import { type LocalTemporal, startTemporalServer } from './temporal-server.ts'
import { startWatchdog, type Watchdog } from './watchdog.ts'

let home: Home
let watchdog: Watchdog
const running: LocalTemporal[] = []

beforeEach(async () => {
  home = await openHome(await mkdtemp(join(tmpdir(), 'heddle-temporal-')))
  watchdog = startWatchdog()
})

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()))
  watchdog.close()
  await rm(home.root, { recursive: true, force: true })
})

async function start(port?: number): Promise<LocalTemporal> {
  const { TEMPORAL_ADDRESS: _elsewhere, ...env } = process.env
  const found = await findTemporal({ env, cache: cacheFolder(), report: () => {} })
  if (found.kind !== 'binary') throw new Error('This test needs a Temporal server of its own.')
  const server = await startTemporalServer({
    binary: found.path,
    home,
    port: port ?? (await anyFreePort()),
    uiPort: await anyFreePort(),
    watchdog,
    timing: { healthEveryMs: 300 },
  })
  running.push(server)
  return server
}

async function withClient<T>(address: string, act: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address })
  try {
    return await act(new Client({ connection }))
  } finally {
    await connection.close()
  }
}

/** No worker is needed to see that the server holds a run. */
const startRun = (address: string, workflowId: string) =>
  withClient(address, (client) =>
    client.workflow.start('nothing', { workflowId, taskQueue: 'nobody', args: [] }),
  )

const statusOf = (address: string, workflowId: string) =>
  withClient(
    address,
    async (client) => (await client.workflow.getHandle(workflowId).describe()).status.name,
  )

it('serves its Web UI', async () => {
  const { uiUrl } = await start()
  const response = await fetch(uiUrl ?? '')
  expect(response.status).toBe(200)
  expect(await response.text()).toContain('<html')
})

it('comes back on the same port after kill -9 with every run it had accepted', async () => {
  const server = await start()
  const ids = Array.from({ length: 10 }, () => randomUUID())
  for (const id of ids) await startRun(server.address, id)
  // At once after the last answer: what was answered must be on disk.
  const killed = server.pid() ?? 0
  process.kill(killed, 'SIGKILL')
  while (server.pid() === killed || !server.isUp()) await wait(20)
  for (const id of ids) expect(await statusOf(server.address, id)).toBe('RUNNING')
})

it('keeps its runs from one start to the next', async () => {
  const first = await start()
  await startRun(first.address, 'kept')
  await first.stop()
  const second = await start(first.port)
  expect(second.address).toBe(first.address)
  expect(await statusOf(second.address, 'kept')).toBe('RUNNING')
})

it('takes another port when its own is taken', async () => {
  const port = await anyFreePort()
  const foreign = createServer()
  await new Promise<void>((resolve) => foreign.listen(port, loopback, resolve))
  const server = await start(port)
  foreign.close()
  expect(server.port).not.toBe(port)
  await startRun(server.address, 'works')
})

it('leaves no process when stopped', async () => {
  const server = await start()
  const pid = server.pid() ?? 0
  await server.stop()
  expect(await processIdentity(pid)).toBeUndefined()
})
