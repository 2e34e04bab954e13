/** Starts Temporal's development server: durable in an SQLite file, with its Web UI. */
import { join } from 'node:path'
import { Connection } from '@temporalio/client'
import { type ChildEvent, type ChildTiming, superviseChild } from './child-process.ts'
import { loopback, nextFreePort } from './free-port.ts'
import type { Home } from './home.ts'
import type { Watchdog } from './watchdog.ts'

export interface TemporalServerOptions {
  binary: string
  home: Home
  /** Used if free, else the next free one. */
  port: number
  /** The Web UI's port; none: no Web UI. */
  uiPort?: number
  /** Keeps all in memory: for tests, which throw it away. */
  inMemory?: boolean
  restart?: boolean
  watchdog?: Watchdog
  onEvent?: (event: ChildEvent) => void
  timing?: Partial<ChildTiming>
}

export interface LocalTemporal {
  address: string
  port: number
  uiPort?: number
  uiUrl?: string
  pid: () => number | undefined
  isUp: () => boolean
  stop: () => Promise<void>
}

const connectMs = 2000
const portTries = 3

export async function startTemporalServer(options: TemporalServerOptions): Promise<LocalTemporal> {
  for (let attempt = 1; ; attempt++) {
    const port = await nextFreePort(options.port)
    const uiPort = options.uiPort && (await nextFreePort(options.uiPort, [port]))
    try {
      return await startOnPorts(options, port, uiPort)
    } catch (error) {
      const clash = error instanceof Error && /address already in use/i.test(error.message)
      if (!clash || attempt === portTries) throw error
    }
  }
}

async function startOnPorts(
  options: TemporalServerOptions,
  port: number,
  uiPort: number | undefined,
): Promise<LocalTemporal> {
  const { home, binary, restart, watchdog, onEvent, timing } = options
  const address = `${loopback}:${port}`
  const child = superviseChild({
    name: 'Temporal',
    command: binary,
    args: [
      ...['server', 'start-dev', '--ip', loopback, '--port', String(port)],
      ...(uiPort ? ['--ui-port', String(uiPort)] : ['--headless']),
      ...(options.inMemory ? [] : ['--db-filename', join(home.temporalData, 'temporal.sqlite')]),
      ...(options.inMemory ? [] : durableAndFast),
      // An activity goes back with the answer that asked for it: half the time between two steps.
      ...['--dynamic-config-value', 'system.enableActivityEagerExecution=true'],
      ...['--log-level', 'warn', '--disable-config-file', '--disable-config-env'],
    ],
    logFile: join(home.logs, 'temporal.log'),
    isReady: () => answers(address),
    ...(restart === undefined ? {} : { restart }),
    ...(watchdog ? { watchdog } : {}),
    ...(onEvent ? { onEvent } : {}),
    ...(timing ? { timing } : {}),
  })
  try {
    await child.ready
  } catch (error) {
    await child.stop()
    throw error
  }
  const ui = uiPort ? { uiPort, uiUrl: `http://${loopback}:${uiPort}` } : {}
  return { address, port, ...ui, pid: child.pid, isUp: child.isUp, stop: child.stop }
}

/**
 * A write-ahead log without a wait for the disk at each commit: what is committed outlives a kill of
 * the server; only a crash of the whole machine can take the last moments.
 */
const durableAndFast = [
  ...['--sqlite-pragma', 'journal_mode=wal'],
  ...['--sqlite-pragma', 'synchronous=normal'],
]

/** The port opens before the namespace is there; a worker needs both. */
async function answers(address: string): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: connectMs })
  try {
    await connection.withDeadline(Date.now() + connectMs, () =>
      connection.workflowService.describeNamespace({ namespace: 'default' }),
    )
    return true
  } finally {
    await connection.close()
  }
}
