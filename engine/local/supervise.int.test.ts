import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { anyFreePort, loopback } from './free-port.ts'
import { projectRoot } from './home.ts'
import { AlreadyRunningError, runningInstance } from './instance-lock.ts'
import { processIdentity } from './process-identity.ts'
import type { Ports } from './saved-ports.ts'
import { type LocalServices, startLocal } from './supervise.ts'

let home: string
let ports: Ports
let lines: string[]
const stops: (() => Promise<unknown>)[] = []

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'heddle-local-'))
  ports = {
    mongo: await anyFreePort(),
    temporal: await anyFreePort(),
    temporalUi: await anyFreePort(),
  }
  lines = []
})

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
  await rm(home, { recursive: true, force: true })
})

const { MONGODB_URI: _mongo, TEMPORAL_ADDRESS: _temporal, ...env } = process.env

async function start(options: { ports?: Ports; env?: NodeJS.ProcessEnv } = {}) {
  const report = (line: string) => lines.push(line)
  const services = await startLocal({ home, ports, report, env, ...options })
  stops.push(services.stop)
  return services
}

const sleeper = { command: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'] }

/** The same in a process of its own, which can be killed. */
async function startElsewhere(): Promise<{ parent: ChildProcess; pids: number[] }> {
  const module = pathToFileURL(fileURLToPath(new URL('./supervise.ts', import.meta.url))).href
  const script = `
    const { startLocal } = await import(${JSON.stringify(module)})
    const services = await startLocal(${JSON.stringify({ home, ports }).slice(
      0,
      -1,
    )}, report: () => {} })
    services.supervise({ name: 'Worker', ...${JSON.stringify(sleeper)}, isReady: async () => true })
    await new Promise((resolve) => setTimeout(resolve, 300))
    console.log(JSON.stringify(Object.values(services.pids())))
    setInterval(() => {}, 1000)`
  const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: projectRoot,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string]
  return { parent, pids: JSON.parse(line) as number[] }
}

const alive = async (pids: number[]) =>
  (await Promise.all(pids.map(processIdentity))).filter(Boolean).length

it('starts both databases and leaves nothing behind when stopped', async () => {
  const services = await start()
  const pids = Object.values(services.pids())
  expect(services.isUp()).toBe(true)
  expect(await alive(pids)).toBe(2)
  await services.stop()
  expect(await alive(pids)).toBe(0)
  expect(await runningInstance(home)).toBeUndefined()
})

it('refuses a second start with the address of the first, which goes on', async () => {
  const services = await start()
  await services.setAddress('http://127.0.0.1:4321')
  await expect(start()).rejects.toThrow('at http://127.0.0.1:4321')
  await expect(start()).rejects.toBeInstanceOf(AlreadyRunningError)
  expect(services.isUp()).toBe(true)
})

it('says when a part ended and when it is back', async () => {
  const services = await start()
  process.kill(services.pids()['Temporal'] ?? 0, 'SIGKILL')
  while (!lines.includes('Temporal is back.')) await wait(20)
  expect(lines.some((line) => line.startsWith('Temporal ended; it starts again'))).toBe(true)
})

it('stops a part of ours before the databases', async () => {
  const order: string[] = []
  const services = await startLocal({
    home,
    ports,
    env,
    report: () => {},
    onEvent: (event) => event.kind === 'exited' && order.push(event.name),
  })
  const worker = services.supervise({ name: 'Worker', ...sleeper, isReady: async () => true })
  await worker.ready
  await services.stop()
  expect(order).toEqual(['Worker', 'Temporal', 'MongoDB'])
})

it('leaves no orphan when it is killed outright', async () => {
  const { parent, pids } = await startElsewhere()
  expect(await alive(pids)).toBe(3)
  parent.kill('SIGKILL')
  await once(parent, 'exit')
  while ((await alive(pids)) > 0) await wait(50)
})

it('ends what is left when watchdog and parent were killed, then starts on the same ports', async () => {
  const { parent, pids } = await startElsewhere()
  await killWatchdogOf(parent.pid ?? 0)
  parent.kill('SIGKILL')
  await once(parent, 'exit')
  expect(await alive(pids)).toBe(3)
  const services = await start()
  expect(await alive(pids)).toBe(0)
  expect(services.temporalAddress).toBe(`${loopback}:${ports['temporal']}`)
  expect(lines[0]).toMatch(/^Stopped what an earlier run left behind: .*Worker/)
})

it('keeps the ports of the last start, and moves from one that is taken, saying so', async () => {
  const first = await start()
  await first.stop()
  const foreign = createServer()
  await new Promise<void>((resolve) => foreign.listen(ports['temporal'], loopback, resolve))
  const second: LocalServices = await start({ ports: {} })
  foreign.close()
  expect(second.mongoUri).toBe(first.mongoUri)
  expect(second.temporalAddress).not.toBe(first.temporalAddress)
  expect(lines).toContainEqual(
    expect.stringContaining('is taken by another program; temporal uses'),
  )
})

it('starts nothing where an address is given', async () => {
  const given = { ...env, MONGODB_URI: 'mongodb://db/', TEMPORAL_ADDRESS: 'flows:7233' }
  const services = await start({ env: given })
  expect(services).toMatchObject({ mongoUri: 'mongodb://db/', temporalAddress: 'flows:7233' })
  expect(services.pids()).toEqual({})
})

it('names the log’s last lines when a database cannot start, and stops the other', async () => {
  const broken = { ...env, HEDDLE_TEMPORAL: '/bin/false' }
  await expect(start({ env: broken })).rejects.toThrow('HEDDLE_TEMPORAL')
  expect(await runningInstance(home)).toBeUndefined()
})

/** SIGSTOP first, so that the parent cannot start another. */
async function killWatchdogOf(parent: number): Promise<void> {
  process.kill(parent, 'SIGSTOP')
  const children = await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8')
  for (const pid of children.trim().split(' ').map(Number)) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8')
    if (command.includes('watchdog.mjs')) process.kill(pid, 'SIGKILL')
  }
}
