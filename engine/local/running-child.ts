/** One run of a child process: its output, its end, and how it is made to end. */
import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { lastLines, rotateLog } from './log-file.ts'
import type { Watchdog } from './watchdog.ts'

export interface RunOptions {
  command: string
  args: string[]
  cwd?: string
  env?: NodeJS.ProcessEnv
  /** Standard output and error go to this file; without it, to `onLine`. */
  logFile?: string
  onLine?: (line: string) => void
  /** Given: the child has a message channel (`process.send`), and its messages arrive here. */
  onMessage?: (message: unknown) => void
  watchdog?: Watchdog
}

export interface ExitStatus {
  code: number | null
  signal: string | null
}

export interface RunningChild {
  /** 0 when it could not be started. */
  pid: number
  /** Aborted when the process has ended. */
  over: AbortSignal
  exitStatus: () => ExitStatus
  lastOutput: () => string
  send: (message: object) => void
  /** SIGTERM, then SIGKILL after the grace; resolves when the process has ended. */
  end: (graceMs: number) => Promise<void>
}

const keptLines = 15

export function startChild(options: RunOptions): RunningChild {
  const { watchdog, logFile } = options
  const over = new AbortController()
  let status: ExitStatus = { code: null, signal: null }
  const recent: string[] = []

  const child = spawnChild(options)
  const pid = child.pid ?? 0
  if (pid) watchdog?.watch(pid)
  const finish = (ended: ExitStatus) => {
    status = ended
    if (pid) watchdog?.unwatch(pid)
    over.abort()
  }
  child.once('exit', (code, signal) => finish({ code, signal }))
  child.once('error', (error) => {
    recent.push(error.message)
    if (!pid) finish({ code: null, signal: null })
  })
  if (options.onMessage) child.on('message', options.onMessage)
  for (const output of [child.stdout, child.stderr]) {
    if (!output) continue
    createInterface({ input: output }).on('line', (line) => {
      recent.push(line)
      if (recent.length > keptLines) recent.shift()
      options.onLine?.(line)
    })
  }

  return {
    pid,
    over: over.signal,
    exitStatus: () => status,
    lastOutput: () => (logFile && pid ? lastLines(logFile, keptLines) : recent.join('\n')),
    send: (message) => {
      if (child.connected) child.send(message, () => undefined)
    },
    end: async (graceMs) => {
      if (graceMs > 0 && !over.signal.aborted) {
        signalGroup(pid, 'SIGTERM')
        await untilAborted(over.signal, graceMs)
      }
      if (!over.signal.aborted) {
        signalGroup(pid, 'SIGKILL')
        await untilAborted(over.signal, graceMs + 10_000)
      }
    },
  }
}

/** Waits for the signal, at most so long. */
export async function untilAborted(signal: AbortSignal, ms: number): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => undefined)
}

/** A group of its own, so that Ctrl-C reaches only Heddle, which then stops all in the right order. */
function spawnChild(options: RunOptions): ChildProcess {
  const { logFile, onMessage, command, args, cwd, env = process.env } = options
  if (logFile) rotateLog(logFile)
  const log = logFile ? openSync(logFile, 'a', 0o600) : undefined
  const output = log ?? 'pipe'
  const stdio: StdioOptions = ['ignore', output, output, ...(onMessage ? (['ipc'] as const) : [])]
  try {
    return spawn(command, args, { cwd, env, stdio, detached: process.platform !== 'win32' })
  } finally {
    if (log !== undefined) closeSync(log)
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    if (pid) process.kill(process.platform === 'win32' ? pid : -pid, signal)
  } catch {
    // It ended by itself in the meantime.
  }
}
