/** The running product with its flow Collect, and events that are timed on their way to profiles. */
import type { ChangeStream } from 'mongodb'
import { anyFreePort } from '../../../engine/local/free-port.ts'
import { createSourceStore } from '../../../engine/store/sources.ts'
import { openRunner, startPart, withServices, type BenchRunner } from './product.ts'

export interface LiveBench {
  runner: BenchRunner
  /** Sends one track call for each number, in one request; answers when they are durable. */
  send(numbers: readonly number[]): Promise<void>
  /** Milliseconds from the answer to the event on its profile, once all of them are there. */
  delays(count: number): Promise<number[]>
  /** How many events are on profiles. */
  arrived(): number
}

const PATIENCE_MS = 120_000
const PEOPLE = 2_000

export const withLive = <Result>(work: (bench: LiveBench) => Promise<Result>): Promise<Result> =>
  withServices(async (services) => {
    const port = await anyFreePort()
    const runner = await openRunner(services)
    const worker = await startPart(services, ['worker'])
    const server = await startPart(services, ['server', '--port', String(port)])
    const seen = watchEvents(runner)
    try {
      const key = await writeKey(runner)
      return await work({ runner, ...timing(`http://127.0.0.1:${port}`, key, seen.at) })
    } finally {
      await seen.stream.close()
      await server.stop()
      await worker.stop()
      await runner.stop()
    }
  })

async function writeKey({ database }: BenchRunner): Promise<string> {
  const { key } = await createSourceStore(database).keyFor('Bench', 'bench')
  return key
}

/** When each event was written to its profile, by its number. */
function watchEvents({ database }: BenchRunner): { stream: ChangeStream; at: Map<number, number> } {
  const at = new Map<number, number>()
  const stream = database
    .collection<{ properties: { n: number } }>('events')
    .watch([{ $match: { operationType: 'insert' } }])
  stream.on('change', (change) => {
    if (change.operationType === 'insert')
      at.set(change.fullDocument.properties.n, performance.now())
  })
  stream.on('error', () => undefined)
  return { stream, at }
}

function timing(base: string, key: string, at: ReadonlyMap<number, number>) {
  const answered = new Map<number, number>()
  const authorization = `Basic ${Buffer.from(`${key}:`).toString('base64')}`
  return {
    arrived: () => at.size,
    async send(numbers: readonly number[]): Promise<void> {
      const batch = numbers.map((n) => ({
        type: 'track',
        userId: `user-${n % PEOPLE}`,
        event: 'Order Completed',
        messageId: `bench-${n}`,
        timestamp: new Date().toISOString(),
        properties: { n, total: n % 100 },
      }))
      const answer = await fetch(`${base}/v1/batch`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ batch }),
      })
      if (!answer.ok) throw new Error(`The events were not taken: ${answer.status}.`)
      const now = performance.now()
      for (const n of numbers) answered.set(n, now)
    },
    async delays(count: number): Promise<number[]> {
      const deadline = Date.now() + PATIENCE_MS
      while (at.size < count) {
        if (Date.now() > deadline) throw new Error(`Only ${at.size} of ${count} events arrived.`)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      return [...answered].map(([n, sent]) => Math.max(0, (at.get(n) ?? Infinity) - sent))
    },
  }
}

/** The value so many of a hundred do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0
}
