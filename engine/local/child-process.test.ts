import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import {
  type ChildEvent,
  type ChildOptions,
  type SupervisedChild,
  superviseChild,
} from './child-process.ts'
import { processIdentity } from './process-identity.ts'

const started: SupervisedChild[] = []

afterEach(() => Promise.all(started.splice(0).map((child) => child.stop())))

const quick = {
  firstPauseMs: 20,
  longestPauseMs: 80,
  healthEveryMs: 50,
  readyPollMs: 10,
  graceMs: 500,
}
const sleeper = 'setInterval(() => {}, 1000)'

function run(code: string, options: Partial<ChildOptions> = {}) {
  const events: ChildEvent[] = []
  const child = superviseChild({
    name: 'Part',
    command: process.execPath,
    args: ['-e', code],
    isReady: async () => true,
    onEvent: (event) => events.push(event),
    ...options,
    timing: { ...quick, ...options.timing },
  })
  started.push(child)
  const until = async (kind: ChildEvent['kind'], count = 1) => {
    while (events.filter((event) => event.kind === kind).length < count) await wait(5)
  }
  return { child, events, until }
}

const isRunning = async (pid: number) => (await processIdentity(pid)) !== undefined

describe('superviseChild', () => {
  it('is ready when the child says so', async () => {
    let asked = 0
    const { child } = run(sleeper, { isReady: async () => ++asked > 3 })
    await child.ready
    expect(asked).toBe(4)
    expect(child.isUp()).toBe(true)
  })

  it('starts the child again after a kill', async () => {
    const { child, until } = run(sleeper)
    await child.ready
    const first = child.pid() ?? 0
    process.kill(first, 'SIGKILL')
    await until('ready', 2)
    expect(child.pid()).not.toBe(first)
    expect(child.isUp()).toBe(true)
  })

  it('waits longer before each start that fails', async () => {
    let ready = true
    const { child, events, until } = run(sleeper, {
      isReady: async () => ready,
      timing: { startTimeoutMs: 30 },
    })
    await child.ready
    ready = false
    process.kill(child.pid() ?? 0, 'SIGKILL')
    await until('restarting', 4)
    const pauses = events.flatMap((event) => (event.kind === 'restarting' ? [event.inMs] : []))
    expect(pauses.slice(0, 4)).toEqual([20, 40, 80, 80])
  })

  it('starts a child again that runs but does not answer', async () => {
    let answer = true
    const { child, until } = run(sleeper, { isReady: async () => answer })
    await child.ready
    const first = child.pid() ?? 0
    answer = false
    await until('unresponsive')
    answer = true
    await until('ready', 2)
    expect(await isRunning(first)).toBe(false)
  })

  it('counts an answer that never comes as none', async () => {
    let hang = false
    const { child, until } = run(sleeper, {
      isReady: () => (hang ? new Promise(() => {}) : Promise.resolve(true)),
      timing: { answerMs: 20 },
    })
    await child.ready
    hang = true
    await until('unresponsive')
    hang = false
    await until('ready', 2)
  })

  it('fails with the child’s last words when it ends before it is ready', async () => {
    const { child } = run('console.error("no such port"); process.exit(2)', {
      isReady: async () => false,
    })
    await expect(child.ready).rejects.toThrow(
      /^Part ended before it was ready \(exit code 2\)\. It said last:\nno such port$/,
    )
  })

  it('fails when the child is not ready in time, and ends it', async () => {
    const { child, events } = run(sleeper, {
      isReady: async () => false,
      timing: { startTimeoutMs: 100 },
    })
    await expect(child.ready).rejects.toThrow('Part was not ready after 0.1 s')
    await child.ended
    expect(await isRunning(events[0]?.pid ?? 0)).toBe(false)
  })

  it('fails when the program is not there', async () => {
    const { child } = run('', { command: '/no/such/program', isReady: async () => false })
    await expect(child.ready).rejects.toThrow('ENOENT')
  })

  it('does not start it again when restarts are off', async () => {
    const { child } = run(sleeper, { restart: false })
    await child.ready
    process.kill(child.pid() ?? 0, 'SIGKILL')
    await child.ended
    expect(child.pid()).toBeUndefined()
  })

  it('lets a child end by itself when stopped', async () => {
    const lines: string[] = []
    const { child, until } = run(
      `process.on('SIGTERM', () => { console.log('bye'); process.exit(0) }); console.log('up'); ${sleeper}`,
      { isReady: async () => lines.includes('up'), onLine: (line) => lines.push(line) },
    )
    await child.ready
    await child.stop()
    await until('exited')
    while (!lines.includes('bye')) await wait(5)
  })

  it('kills a child that does not end when stopped', async () => {
    const lines: string[] = []
    const { child } = run(`process.on('SIGTERM', () => {}); console.log('up'); ${sleeper}`, {
      isReady: async () => lines.includes('up'),
      onLine: (line) => lines.push(line),
      timing: { graceMs: 100 },
    })
    await child.ready
    const pid = child.pid() ?? 0
    await child.stop()
    expect(await isRunning(pid)).toBe(false)
  })

  it('ends what the child itself started', async () => {
    const lines: string[] = []
    const { child } = run(
      `const c = require('child_process').spawn(process.execPath, ['-e', '${sleeper}']); console.log(c.pid); ${sleeper}`,
      { isReady: async () => lines.length > 0, onLine: (line) => lines.push(line) },
    )
    await child.ready
    await child.stop()
    while (await isRunning(Number(lines[0]))) await wait(5)
  })

  it('carries messages both ways', async () => {
    const messages: unknown[] = []
    const { child } = run(`process.on('message', (m) => process.send({ echo: m })); ${sleeper}`, {
      onMessage: (message) => messages.push(message),
    })
    await child.ready
    child.send({ hello: 1 })
    while (messages.length === 0) await wait(5)
    expect(messages).toEqual([{ echo: { hello: 1 } }])
  })
})
