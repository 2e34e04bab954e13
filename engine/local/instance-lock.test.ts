import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runningInstance, takeInstanceLock } from './instance-lock.ts'
import { processIdentity } from './process-identity.ts'

let home: string

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'heddle-lock-'))
})

afterEach(() => rm(home, { recursive: true, force: true }))

const leftBy = (pid: number, identity: string) =>
  writeFile(
    join(home, 'instance.json'),
    JSON.stringify({ pid, identity, startedAt: '2026-01-01T00:00:00Z', address: 'http://old' }),
  )

describe('takeInstanceLock', () => {
  it('refuses a second start and names the address of the first', async () => {
    const lock = await takeInstanceLock(home)
    await lock.setAddress('http://127.0.0.1:4000')
    await expect(takeInstanceLock(home)).rejects.toThrow('at http://127.0.0.1:4000')
  })

  it('says that the first is still starting while it has no address', async () => {
    await takeInstanceLock(home)
    await expect(takeInstanceLock(home)).rejects.toThrow('is still starting')
  })

  it('can be taken again after release', async () => {
    await (await takeInstanceLock(home)).release()
    await takeInstanceLock(home)
  })

  it('takes over from a process that was killed', async () => {
    const child = spawn(process.execPath, ['-e', ''])
    const identity = (await processIdentity(child.pid ?? 0)) ?? ''
    await once(child, 'exit')
    await leftBy(child.pid ?? 0, identity)
    await takeInstanceLock(home)
    expect((await runningInstance(home))?.pid).toBe(process.pid)
  })

  it('is not fooled by a later process with the same number', async () => {
    await leftBy(process.pid, 'an earlier start')
    await takeInstanceLock(home)
    expect((await runningInstance(home))?.address).toBe('')
  })

  it('takes over a file that was never filled', async () => {
    await writeFile(join(home, 'instance.json'), '')
    await takeInstanceLock(home)
  })

  it('lets one of many through when all find a stale lock', async () => {
    await leftBy(process.pid, 'an earlier start')
    const results = await Promise.allSettled(
      Array.from({ length: 5 }, () => takeInstanceLock(home)),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })
})
