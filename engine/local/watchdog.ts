/**
 * Heddle's side of bin/watchdog.mjs: one small process that ends everything Heddle started if Heddle
 * is killed outright. It notices because the pipe between them closes.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { projectRoot } from './home.ts'

export interface Watchdog {
  watch: (pid: number) => void
  unwatch: (pid: number) => void
  close: () => void
}

export function startWatchdog(graceMs = 10_000): Watchdog {
  const watched = new Set<number>()
  let closed = false
  let dog = start()

  function start(): ChildProcess {
    const child = spawn(
      process.execPath,
      [join(projectRoot, 'bin/watchdog.mjs'), String(graceMs)],
      {
        stdio: ['pipe', 'ignore', 'ignore'],
        // A group of its own: Ctrl-C in the terminal must not end it before the others.
        detached: true,
      },
    )
    child.unref()
    child.stdin?.on('error', () => undefined)
    child.once('exit', () => {
      if (closed) return
      dog = start()
      for (const pid of watched) tell(`+${pid}`)
    })
    return child
  }

  const tell = (line: string) => dog.stdin?.write(`${line}\n`)
  return {
    watch: (pid) => {
      watched.add(pid)
      tell(`+${pid}`)
    },
    unwatch: (pid) => {
      watched.delete(pid)
      tell(`-${pid}`)
    },
    close: () => {
      closed = true
      dog.stdin?.end()
    },
  }
}
