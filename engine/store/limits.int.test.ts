/** Promise B-5: a limit holds across workers, each with a connection of its own. */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { testDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { connectDatabase, type Database } from './database.ts'
import { createLimits } from './limits.ts'

const WORKERS = 4
const PER_SECOND = 50
const CALLS = 300
const MOST_IN_A_SECOND = 55

describe('a rate limit', () => {
  let first: TestDatabase
  const workers: Database[] = []
  beforeAll(async () => {
    first = await testDatabase()
    for (let i = 0; i < WORKERS; i++)
      workers.push(await connectDatabase({ uri: inject('mongoUri'), database: first.name }))
  })
  afterAll(async () => {
    for (const worker of workers) await worker.close()
    await first?.close()
  })

  it(`lets ${WORKERS} workers make ${PER_SECOND} calls a second, all together`, async () => {
    const { signal } = new AbortController()
    const times: number[] = []
    const work = async (database: Database): Promise<void> => {
      const limits = createLimits(database)
      for (let i = 0; i < CALLS / WORKERS; i++) {
        await limits.take('receiver', 1, PER_SECOND, signal)
        times.push(performance.now())
      }
    }
    await Promise.all(workers.map(work))
    const most = times.map((at) => times.filter((t) => t >= at && t < at + 1_000).length)
    expect(Math.max(...most)).toBeLessThanOrEqual(MOST_IN_A_SECOND)
    const seconds = (Math.max(...times) - Math.min(...times)) / 1_000
    // Not slower than it must be, by much.
    expect(seconds).toBeLessThan((CALLS / PER_SECOND) * 1.5)
  })

  it('is heeded by all when a receiver asks for a pause', async () => {
    const { signal } = new AbortController()
    const [one, other] = workers.map(createLimits)
    await one?.take('pausing', 1, PER_SECOND, signal)
    await one?.pause('pausing', 1_000)
    const asked = performance.now()
    await other?.take('pausing', 1, PER_SECOND, signal)
    expect(performance.now() - asked).toBeGreaterThan(900)
  })
})
