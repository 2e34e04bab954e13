/**
 * Everything one machine needs beside Heddle's own code: MongoDB and Temporal, found or fetched, started,
 * kept running, and stopped. Addresses that are given are used as they are, and nothing is started.
 */
import { cacheFolder } from './cache-folder.ts'
import {
  type ChildEvent,
  type ChildOptions,
  type SupervisedChild,
  superviseChild,
} from './child-process.ts'
import { findMongod } from './find-mongod.ts'
import type { FindContext, FoundAddress, FoundBinary, Report } from './find-step.ts'
import { findTemporal } from './find-temporal.ts'
import { type Home, openHome } from './home.ts'
import { takeInstanceLock } from './instance-lock.ts'
import { startMongod } from './mongod.ts'
import { openRunRecord, stopLeftovers } from './run-record.ts'
import { type Ports, readPorts, savePorts } from './saved-ports.ts'
import { startTemporalServer } from './temporal-server.ts'
import { startWatchdog, type Watchdog } from './watchdog.ts'

export interface StartLocalOptions {
  /** The home folder (see resolveHome). */
  home: string
  /** Wanted ports: `mongo`, `temporal`, `temporalUi`; else those used last, else the usual ones. */
  ports?: Ports
  report: Report
  env?: NodeJS.ProcessEnv
  onEvent?: (event: ChildEvent) => void
}

export interface LocalServices {
  home: Home
  /** With the password in it: for child processes and drivers, never for a log. */
  mongoUri: string
  temporalAddress: string
  temporalUiUrl?: string
  /** The processes that run now, by name. */
  pids: () => Record<string, number>
  /** False while something that was started here is down. */
  isUp: () => boolean
  /** Runs another part (server, worker) under the same care; it is stopped before the databases. */
  supervise: (child: ChildOptions) => SupervisedChild
  /** What a second start of this home is told. */
  setAddress: (address: string) => Promise<void>
  /** In the order opposite to starting; a second call waits for the first. */
  stop: () => Promise<void>
}

/** A started database: what it gives its users, and how it is looked after. */
interface Part {
  name: string
  address: string
  uiUrl?: string
  ports: Ports
  pid: () => number | undefined
  isUp: () => boolean
  stop: () => Promise<void>
}

type Found = FoundAddress | FoundBinary

interface Care {
  home: Home
  watchdog: Watchdog
  onEvent: (event: ChildEvent) => void
}

export const usualPorts: Ports = { mongo: 27117, temporal: 7233, temporalUi: 8233 }

/** Throws AlreadyRunningError when this home has a running instance. */
export async function startLocal(options: StartLocalOptions): Promise<LocalServices> {
  const home = await openHome(options.home)
  const lock = await takeInstanceLock(home.root)
  const undo = [lock.release]
  try {
    const { mongo, temporal, care } = await startDatabases({ options, home, undo })
    return services({ mongo, temporal, care, undo, setAddress: lock.setAddress })
  } catch (error) {
    await undoAll(undo)
    throw error
  }
}

interface Starting {
  options: StartLocalOptions
  home: Home
  /** How to stop what is started, in the order of starting. */
  undo: (() => Promise<void>)[]
}

async function startDatabases({ options, home, undo }: Starting) {
  const { report, env = process.env } = options
  const left = await stopLeftovers(home.root)
  if (left.length > 0) report(`Stopped what an earlier run left behind: ${left.join(', ')}.`)
  const context: FindContext = { env, cache: cacheFolder(env), report }
  const found = { mongo: await findMongod(context), temporal: await findTemporal(context) }

  const record = openRunRecord(home.root)
  const watchdog = startWatchdog()
  undo.push(record.close, async () => watchdog.close())
  const onEvent = (event: ChildEvent) => {
    record.note(event)
    tell(event, report)
    options.onEvent?.(event)
  }
  const care: Care = { home, watchdog, onEvent }
  const wanted = { ...usualPorts, ...(await readPorts(home.root)), ...options.ports }
  const [mongo, temporal] = await bothOrNone(
    mongoPart(found.mongo, wanted, care),
    temporalPart(found.temporal, wanted, care),
    undo,
  )
  await rememberPorts({ home, wanted, report, used: { ...mongo.ports, ...temporal.ports } })
  return { mongo, temporal, care }
}

async function mongoPart(found: Found, wanted: Ports, care: Care): Promise<Part> {
  if (found.kind === 'address') return elsewhere('MongoDB', found.address)
  const port = wanted['mongo'] ?? 0
  const started = await startMongod({ ...care, binary: found.path, port })
  return { name: 'MongoDB', address: started.uri, ports: { mongo: started.port }, ...live(started) }
}

async function temporalPart(found: Found, wanted: Ports, care: Care): Promise<Part> {
  if (found.kind === 'address') return elsewhere('Temporal', found.address)
  const started = await startTemporalServer({
    ...care,
    binary: found.path,
    port: wanted['temporal'] ?? 0,
    uiPort: wanted['temporalUi'] ?? 0,
  })
  const { address, uiUrl, port, uiPort } = started
  const ports = { temporal: port, ...(uiPort ? { temporalUi: uiPort } : {}) }
  return { name: 'Temporal', address, ...(uiUrl ? { uiUrl } : {}), ports, ...live(started) }
}

function live({ pid, isUp, stop }: Pick<Part, 'pid' | 'isUp' | 'stop'>) {
  return { pid, isUp, stop }
}

/** A service that was given: it is neither watched nor stopped. */
function elsewhere(name: string, address: string): Part {
  const nothing = async () => undefined
  return { name, address, ports: {}, pid: () => undefined, isUp: () => true, stop: nothing }
}

/** When one fails, the other may still be starting: it must be in `undo` before the failure is passed on. */
async function bothOrNone(
  first: Promise<Part>,
  second: Promise<Part>,
  undo: (() => Promise<void>)[],
): Promise<[Part, Part]> {
  const results = await Promise.allSettled([first, second])
  for (const result of results) if (result.status === 'fulfilled') undo.push(result.value.stop)
  return Promise.all([first, second])
}

interface UsedPorts {
  home: Home
  wanted: Ports
  used: Ports
  report: Report
}

async function rememberPorts({ home, wanted, used, report }: UsedPorts): Promise<void> {
  for (const [name, port] of Object.entries(used))
    if (wanted[name] !== port)
      report(`Port ${wanted[name]} is taken by another program; ${name} uses ${port}.`)
  await savePorts(home.root, used)
}

interface Started {
  mongo: Part
  temporal: Part
  care: Care
  undo: (() => Promise<void>)[]
  setAddress: (address: string) => Promise<void>
}

function services({ mongo, temporal, care, undo, setAddress }: Started): LocalServices {
  const parts: Pick<Part, 'name' | 'pid' | 'isUp'>[] = [mongo, temporal]
  let stopped: Promise<void> | undefined
  return {
    home: care.home,
    mongoUri: mongo.address,
    temporalAddress: temporal.address,
    ...(temporal.uiUrl ? { temporalUiUrl: temporal.uiUrl } : {}),
    pids: () =>
      Object.fromEntries(parts.flatMap(({ name, pid }) => (pid() ? [[name, pid() ?? 0]] : []))),
    isUp: () => parts.every((part) => part.isUp()),
    supervise: (child) => {
      const onEvent = (event: ChildEvent) => {
        care.onEvent(event)
        child.onEvent?.(event)
      }
      const supervised = superviseChild({ ...child, watchdog: care.watchdog, onEvent })
      parts.push(supervised)
      undo.push(supervised.stop)
      return supervised
    },
    setAddress,
    stop: () => (stopped ??= undoAll(undo)),
  }
}

/** One that cannot be stopped does not keep the others running. */
async function undoAll(undo: (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = []
  for (const step of undo.toReversed()) await step().catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}

/** Only what a user should know: an end that was not asked for, and the return. */
function tell(event: ChildEvent, report: Report): void {
  const { name } = event
  if (event.kind === 'unresponsive') report(`${name} does not answer; it is started again.`)
  if (event.kind === 'restarting') report(`${name} ended; it starts again in ${event.inMs} ms.`)
  if (event.kind === 'ready' && event.restarts > 0) report(`${name} is back.`)
}
