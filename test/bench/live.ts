/** How soon an event that was acknowledged is on its profile, and how fast a backlog is worked off. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench } from './bench.ts'
import { percentile, withLive } from './support/live.ts'

const WARM_UP = 200
const IDLE_EVENTS = 100
const LOAD_PER_SECOND = 1_000
const LOAD_SECONDS = 20
const TICK_MS = 50
const BATCH = 500

const range = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from + i)

/** One event at a time, with pauses. */
export const liveIdle: Bench = {
  name: 'live-idle',
  run: ({ say }) =>
    withLive(async ({ send, delays }) => {
      await send(range(0, WARM_UP))
      const warm = await delays(WARM_UP)
      for (let i = 0; i < IDLE_EVENTS; i++) {
        await send([WARM_UP + i])
        await sleep(100)
      }
      const all = await delays(WARM_UP + IDLE_EVENTS)
      const value = percentile(all.slice(warm.length), 95)
      say(`live-idle: median ${Math.round(percentile(all.slice(warm.length), 50))} ms`)
      return { value, unit: 'ms p95', limit: 300, compares: 'value', bar: 300, better: 'less' }
    }),
}

/** A thousand events a second, spread evenly. */
export const liveLoad: Bench = {
  name: 'live-load',
  run: ({ say }) =>
    withLive(async ({ send, delays }) => {
      await send(range(0, WARM_UP))
      await delays(WARM_UP)
      const perTick = (LOAD_PER_SECOND * TICK_MS) / 1_000
      const ticks = (LOAD_SECONDS * 1_000) / TICK_MS
      const sending: Array<Promise<void>> = []
      const started = performance.now()
      for (let tick = 0; tick < ticks; tick++) {
        sending.push(send(range(WARM_UP + tick * perTick, perTick)))
        await sleep(Math.max(0, started + (tick + 1) * TICK_MS - performance.now()))
      }
      await Promise.all(sending)
      const all = (await delays(WARM_UP + ticks * perTick)).slice(WARM_UP)
      say(`live-load: median ${Math.round(percentile(all, 50))} ms`)
      const value = percentile(all, 95)
      return { value, unit: 'ms p95', limit: 1_000, compares: 'value', bar: 1_000, better: 'less' }
    }),
}

/** Events that waited while the flow was paused. */
export const liveCatchUp: Bench = {
  name: 'live-catch-up',
  run: ({ events }) =>
    withLive(async ({ runner, send, delays, arrived }) => {
      const count = Math.min(events, 200_000)
      await send(range(0, WARM_UP))
      await delays(WARM_UP)
      const run = await runner.liveRun()
      await runner.pause(run)
      for (let from = WARM_UP; from < count; from += BATCH)
        await send(range(from, Math.min(BATCH, count - from)))
      const before = arrived()
      const started = performance.now()
      await runner.resume(run)
      await delays(count)
      const value = (count - before) / ((performance.now() - started) / 1_000)
      return {
        value,
        unit: 'events/s',
        limit: 15_000,
        compares: 'value',
        bar: 15_000,
        better: 'more',
      }
    }),
}
