/**
 * Keeps one child process running: waits until it is ready, checks its health, starts it again with
 * growing pauses when it ends or stops answering, and stops it cleanly. Databases, server and worker
 * all run under it.
 */
import { type RunningChild, type RunOptions, startChild, untilAborted } from './running-child.ts'

export interface ChildOptions extends RunOptions {
  /** For messages: "MongoDB". */
  name: string
  /** Asked until it says true after each start; then, as the health check, every few seconds. */
  isReady: () => Promise<boolean>
  /** Restart after it ended or stopped answering; true if left out. */
  restart?: boolean
  onEvent?: (event: ChildEvent) => void
  timing?: Partial<ChildTiming>
}

export interface ChildTiming {
  startTimeoutMs: number
  readyPollMs: number
  healthEveryMs: number
  /** An answer that takes longer is none. */
  answerMs: number
  /** So many failed health checks in a row mean that it does not answer. */
  failedChecks: number
  firstPauseMs: number
  longestPauseMs: number
  /** How long it may take to end after SIGTERM. */
  graceMs: number
}

export type ChildEvent = { name: string; pid: number } & (
  | { kind: 'started' }
  | { kind: 'ready'; restarts: number }
  | { kind: 'unresponsive' }
  | { kind: 'exited'; code: number | null; signal: string | null }
  | { kind: 'restarting'; inMs: number }
)

export interface SupervisedChild {
  name: string
  /** The process that runs now; undefined between two. */
  pid: () => number | undefined
  isUp: () => boolean
  /** Resolves when it is ready for the first time; rejects when it ends or is too slow before. */
  ready: Promise<void>
  /** Resolves when it has ended and will not be started again. */
  ended: Promise<void>
  send: (message: object) => void
  stop: () => Promise<void>
}

const defaultTiming: ChildTiming = {
  startTimeoutMs: 60_000,
  readyPollMs: 50,
  healthEveryMs: 5000,
  answerMs: 5000,
  failedChecks: 3,
  firstPauseMs: 250,
  longestPauseMs: 15_000,
  graceMs: 15_000,
}

type Outcome = 'ready' | 'over' | 'late'

export function superviseChild(options: ChildOptions): SupervisedChild {
  const { name } = options
  const timing = { ...defaultTiming, ...options.timing }
  const stopping = new AbortController()
  let current: RunningChild | undefined
  let up = false
  let setReady = () => {}
  let setFailed: (reason: Error) => void = () => {}
  const ready = new Promise<void>((resolve, reject) => {
    setReady = resolve
    setFailed = reject
  })
  // Its caller may only look at `ended`; a rejection nobody waits for must not end the process.
  ready.catch(() => undefined)

  async function superviseUntilStopped(): Promise<void> {
    let failures = 0
    for (let restarts = 0; !stopping.signal.aborted; restarts++) {
      const child = startChild(options)
      current = child
      options.onEvent?.({ kind: 'started', name, pid: child.pid })
      const outcome = await runOnce(child, restarts)
      current = undefined
      options.onEvent?.({ kind: 'exited', name, pid: child.pid, ...child.exitStatus() })
      if (stopping.signal.aborted) break
      if (restarts === 0 && outcome !== 'ready') return setFailed(notReady(child, outcome))
      if (options.restart === false) return
      failures = outcome === 'ready' ? 0 : failures + 1
      await pauseBeforeRestart(child.pid, failures)
    }
    setFailed(new Error(`${name} was stopped before it was ready.`))
  }

  /** From start to end of one process; says how far it came. */
  async function runOnce(child: RunningChild, restarts: number): Promise<Outcome> {
    const over = AbortSignal.any([stopping.signal, child.over])
    const outcome = await waitUntilReady(over)
    if (outcome === 'ready') {
      up = true
      options.onEvent?.({ kind: 'ready', name, pid: child.pid, restarts })
      setReady()
      await watchHealth(over)
      up = false
      if (!over.aborted) options.onEvent?.({ kind: 'unresponsive', name, pid: child.pid })
    }
    await child.end(stopping.signal.aborted ? timing.graceMs : 0)
    return outcome
  }

  async function waitUntilReady(over: AbortSignal): Promise<Outcome> {
    const deadline = Date.now() + timing.startTimeoutMs
    while (!over.aborted && Date.now() < deadline) {
      if ((await answers(over)) && !over.aborted) return 'ready'
      await untilAborted(over, timing.readyPollMs)
    }
    return over.aborted ? 'over' : 'late'
  }

  async function watchHealth(over: AbortSignal): Promise<void> {
    let failed = 0
    while (!over.aborted && failed < timing.failedChecks) {
      await untilAborted(over, timing.healthEveryMs)
      if (!over.aborted) failed = (await answers(over)) ? 0 : failed + 1
    }
  }

  async function answers(over: AbortSignal): Promise<boolean> {
    const answered = new AbortController()
    const tooLate = untilAborted(AbortSignal.any([over, answered.signal]), timing.answerMs)
    const answer = options.isReady().catch(() => false)
    const result = await Promise.race([answer, tooLate.then(() => false)])
    answered.abort()
    return result
  }

  async function pauseBeforeRestart(pid: number, failures: number): Promise<void> {
    const inMs = Math.min(timing.firstPauseMs * 2 ** failures, timing.longestPauseMs)
    options.onEvent?.({ kind: 'restarting', name, pid, inMs })
    await untilAborted(stopping.signal, inMs)
  }

  function notReady(child: RunningChild, outcome: Outcome): Error {
    const { code, signal } = child.exitStatus()
    const what =
      outcome === 'late'
        ? `was not ready after ${timing.startTimeoutMs / 1000} s`
        : `ended before it was ready (${signal ?? `exit code ${code}`})`
    const said = child.lastOutput()
    return new Error(`${name} ${what}. ${said ? `It said last:\n${said}` : 'It said nothing.'}`)
  }

  const ended = superviseUntilStopped()
  return {
    name,
    pid: () => current?.pid,
    isUp: () => up,
    ready,
    ended,
    send: (message) => current?.send(message),
    stop: async () => {
      stopping.abort()
      await ended
    },
  }
}
