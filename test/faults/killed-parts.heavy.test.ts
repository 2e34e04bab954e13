/** Promises: parts of the running product are killed outright while runs send records. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openFaultProduct, type FaultProduct, type Part } from './support/fault-product.ts'
import { seeded } from '../support/random.ts'
import { until } from '../support/until.ts'

const RECORDS = 4_000
/** Most milliseconds from the part's return to the next record at the sink. */
const RESUME_MS = 15_000
const PAGE = 5_000

describe('runs whose parts are killed', () => {
  let product: FaultProduct
  let first = 0
  beforeAll(async () => {
    product = await openFaultProduct()
  }, 300_000)
  afterAll(() => product?.stop())

  /** One run; the part is killed at a chance moment while records are sent. */
  async function runThrough(part: Part, chance: () => number) {
    const from = first
    first += RECORDS
    const sent = product.sink.effects.length
    const runId = await product.startRun(from, RECORDS)
    const mark = sent + 1 + Math.floor(chance() * RECORDS * 0.8)
    await until(() => product.sink.effects.length >= mark, Boolean, 60_000)
    const killedAt = product.sink.effects.length
    const back = await product.kill(part)
    const over = product.ended(runId)
    await until(
      () => product.sink.effects.length > killedAt + 200,
      Boolean,
      RESUME_MS + 30_000,
    ).catch(async (error: unknown) => {
      // A kill near the end may leave fewer records than that to be sent.
      if ((await Promise.race([over, sleep(1)])) === undefined) throw error
    })
    const resumedMs = Math.max(0, Date.now() - back)
    return { run: await over, from, resumedMs }
  }

  it.each<[Part, number]>([
    ['worker', 25],
    ['MongoDB', 5],
    ['Temporal', 5],
  ])(
    'lose nothing and repeat nothing: %s × %i',
    async (part, kills) => {
      const chance = seeded(`kill -9 ${part}`)
      const slowest: number[] = []
      const before = product.sink.attempts.size
      const repeatsBefore = repeats(product.sink.attempts)
      for (let k = 0; k < kills; k++) {
        const { run, from, resumedMs } = await runThrough(part, chance)
        slowest.push(resumedMs)
        expect(run.state).toBe('completed')
        expect(run.counts['send']).toMatchObject({ in: RECORDS, out: { delivered: RECORDS } })
        const mine = product.sink.effects.filter((i) => i >= from && i < from + RECORDS)
        expect(mine.length).toBe(RECORDS)
        expect(new Set(mine).size).toBe(RECORDS)
      }
      const repeated = repeats(product.sink.attempts) - repeatsBefore
      console.log(
        `${part}: ${kills} kills, slowest return to work ${Math.max(...slowest)} ms, requests repeated under the same key ${repeated}`,
      )
      expect(product.sink.attempts.size - before).toBe(kills * RECORDS)
      expect(Math.max(...slowest)).toBeLessThanOrEqual(RESUME_MS)
      expect(repeated).toBeLessThanOrEqual(kills * PAGE)
    },
    900_000,
  )
})

const repeats = (attempts: ReadonlyMap<string, number>): number =>
  [...attempts.values()].reduce((total, n) => total + n - 1, 0)
