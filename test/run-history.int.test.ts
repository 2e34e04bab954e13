/** Promise A-5: a run's history holds ids and counts, and stays small. */
import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import proto from '@temporalio/proto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { chainOf } from './histories/play.ts'
import { chain } from './support/chain.ts'
import { startTestEngine, type TestEngine } from './support/test-engine.ts'

const RECORDS = 100_000
const { History, HistoryEvent } = proto.temporal.api.history.v1

let engine: TestEngine
beforeAll(async () => {
  engine = await startTestEngine()
})
afterAll(() => engine?.stop())

it('keeps the history of 100,000 records small and free of people', async () => {
  const canary = `canary-${randomBytes(6).toString('hex')}`
  const { runId, counts } = await runWith(canary)
  expect(counts['file']?.out).toEqual({ delivered: RECORDS })
  for (const history of await chainOf(engine.client, `run-${runId}`)) {
    const bytes = Buffer.from(History.encode(history).finish())
    const events = history.events ?? []
    expect(events.length).toBeLessThanOrEqual(2_000)
    expect(bytes.length).toBeLessThanOrEqual(1024 * 1024)
    const largest = Math.max(...events.map((event) => HistoryEvent.encode(event).finish().length))
    expect(largest).toBeLessThanOrEqual(16 * 1024)
    expect(bytes.includes(canary)).toBe(false)
  }
}, 120_000)

async function runWith(canary: string) {
  const line = (i: number) => JSON.stringify({ email: `${canary}-${i}@example.com`, ok: 'yes', i })
  const file = await engine.dataPlane.uploads.store({
    name: 'people.ndjson',
    stream: Readable.from(lines(line)),
    by: 'test',
  })
  const purposes = ['email_marketing']
  const graph = chain([
    ['read', 'ndjson_file', { origin: { kind: 'upload', file: { id: file.id, name: file.name } } }],
    ['same', 'deduplicate', { fields: ['email'] }],
    [
      'agreed',
      'consent_filter',
      {
        purposes,
        lookAt: 'record',
        fields: [{ purpose: 'email_marketing', field: 'ok', granted: 'yes' }],
      },
    ],
    ['file', 'file_export', { format: 'ndjson', purposes }],
  ])
  const { id } = await engine.start(graph)
  const { counts } = await engine.finished(id)
  return { runId: id, counts }
}

function* lines(line: (i: number) => string): Generator<string> {
  for (let i = 0; i < RECORDS; i += 1_000)
    yield Array.from({ length: 1_000 }, (_, k) => line(i + k) + '\n').join('')
}
