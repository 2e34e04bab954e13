/** Runs a command to its end and gives back what it printed; a command that makes no progress is ended. */
import { spawn } from 'node:child_process'
import { folderSize } from './folder-size.ts'

export interface Command {
  command: string
  args: string[]
  cwd?: string
  env?: NodeJS.ProcessEnv
  timeoutMs: number
  /** Ends the command when it printed nothing and `grows` did not grow for so long. */
  stallMs?: number
  /** The folder whose growth counts as progress. */
  grows?: string
  /** Called about every five seconds. */
  onProgress?: (progress: Progress) => void
}

export interface Progress {
  seconds: number
  bytes: number
}

export interface CommandResult {
  ok: boolean
  output: string
  /** Why it failed, in one line. */
  reason: string
}

const tickMs = 1000
const reportEveryMs = 5000
const keptOutput = 20_000

export function runCommand(options: Command): Promise<CommandResult> {
  const started = Date.now()
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  })
  let output = ''
  let ended = ''
  let lastProgress = started
  let lastReport = started
  let bytes = 0

  const collect = (chunk: Buffer) => {
    lastProgress = Date.now()
    output = (output + chunk.toString()).slice(-keptOutput)
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)

  const endBecause = (reason: string) => {
    ended = reason
    killGroup(child.pid)
  }
  const tick = async () => {
    const now = Date.now()
    if (options.grows) {
      const size = await folderSize(options.grows)
      if (size !== bytes) lastProgress = now
      bytes = size
    }
    if (now - started > options.timeoutMs)
      endBecause(`took more than ${seconds(options.timeoutMs)}`)
    else if (options.stallMs && now - lastProgress > options.stallMs)
      endBecause(`made no progress for ${seconds(options.stallMs)}`)
    else if (now - lastReport >= reportEveryMs) {
      lastReport = now
      options.onProgress?.({ seconds: Math.round((now - started) / 1000), bytes })
    }
  }
  const timer = setInterval(() => void tick(), tickMs)
  const endWithUs = () => killGroup(child.pid)
  process.once('exit', endWithUs)

  return new Promise((resolve) => {
    const finish = (result: CommandResult) => {
      clearInterval(timer)
      process.off('exit', endWithUs)
      resolve(result)
    }
    child.on('error', (error) => finish({ ok: false, output, reason: error.message }))
    child.on('close', (code) => {
      const ok = code === 0 && ended === ''
      finish({ ok, output, reason: ok ? '' : ended || lastLine(output) || `ended with ${code}` })
    })
  })
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL')
  } catch {
    // It ended by itself in the meantime.
  }
}

function lastLine(output: string): string {
  const lines = output.trim().split('\n')
  return (lines.at(-1) ?? '').trim().slice(0, 300)
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`
}
