/** D-2: 1,000 people withdraw while a run sends 100,000 records; no send begins more than two seconds
 *  after a withdrawal was acknowledged. */
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { FlowGraph, FlowNode } from '../engine/contract/flow.ts'
import type { HttpRequest } from '../engine/contract/services.ts'
import { startTestEngine, type TestEngine } from './support/test-engine.ts'

const RECORDS = 100_000
const WITHDRAWALS = 1_000
const GRACE_MS = 2_000
/** So that all of them come while the run sends, however busy the machine is. */
const AT_ONCE = 10
const SEED = 20_261_124

let engine: TestEngine
/** By record: when the request that carried it began. */
const begun = new Map<number, number>()

const receive = async ({ body }: HttpRequest) => {
  const at = Date.now()
  const { items } = JSON.parse(body ?? '{}') as { items: Array<{ data: { n: number } }> }
  for (const { data } of items) begun.set(data.n, at)
  await sleep(60)
  return { status: 200, headers: {}, body: '', truncated: false }
}

beforeAll(async () => {
  engine = await startTestEngine({
    http: {
      request: receive,
      download: async () => {
        throw new Error('Nothing is downloaded here.')
      },
    },
  })
})
afterAll(() => engine?.stop())

const node = (id: string, type: string, config: FlowNode['config']): FlowNode => ({
  id,
  type,
  version: 1,
  name: id,
  config,
  position: { x: 0, y: 0 },
})
const graphOf = (nodes: FlowNode[]): FlowGraph => ({
  schemaVersion: 1,
  nodes,
  wires: nodes.slice(1).map(({ id }, i) => ({
    id: `w${i}`,
    from: { node: nodes[i]?.id ?? '', port: 'out' },
    to: { node: id, port: 'in' },
  })),
  settings: {},
})

/** Different records, the same ones every time. */
function chooseRecords(): number[] {
  const chosen = new Set<number>()
  let state = SEED
  while (chosen.size < WITHDRAWALS) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    chosen.add(Math.floor((state / 2 ** 32) * RECORDS))
  }
  return [...chosen]
}

it(`begins no send more than 2 s after a withdrawal (seed ${SEED})`, async () => {
  const lines = Array.from({ length: RECORDS }, (_, n) =>
    JSON.stringify({ n, user: `user-${n}`, ok: 'yes' }),
  )
  const stream = Readable.from([lines.join('\n')])
  const file = await engine.dataPlane.uploads.store({ name: 'all.ndjson', stream, by: 'test' })
  const source = node('read', 'ndjson_file', {
    origin: { kind: 'upload', file: { id: file.id, name: file.name } },
  })
  const match = node('match', 'identity_match', {
    identifiers: [{ type: 'user_id', field: 'user' }],
  })
  const record = node('record', 'record_consent', { stateField: 'ok', purpose: 'ads' })
  const consented = await engine.start(graphOf([source, match, record]))
  expect((await engine.finished(consented.id)).state).toBe('completed')

  const filter = node('filter', 'consent_filter', { purposes: ['ads'] })
  const hook = node('hook', 'webhook', {
    target: { kind: 'url', url: 'https://receiver.example/hook' },
    purposes: ['ads'],
    send: 'batch',
    batchSize: 20,
    ratePerSecond: 0,
  })
  const run = await engine.start(graphOf([source, match, filter, hook]))
  while (begun.size === 0) await sleep(20)

  const { identities, consents } = engine.dataPlane
  const acknowledged = new Map<number, number>()
  const chosen = chooseRecords()
  for (let first = 0; first < chosen.length; first += AT_ONCE) {
    const together = chosen.slice(first, first + AT_ONCE)
    const digests = together.map((n) => identities.digest({ type: 'user_id', value: `user-${n}` }))
    const owners = await identities.ownersOf(digests)
    await consents.append(
      together.map((n, i) => ({
        key: `withdrawal:${n}`,
        profileId: owners.get(digests[i] ?? '') ?? '',
        purpose: 'ads',
        state: 'withdrawn' as const,
        kind: 'explicit' as const,
        at: new Date().toISOString(),
      })),
    )
    for (const n of together) acknowledged.set(n, Date.now())
  }
  const lastWithdrawal = Date.now()
  const ended = await engine.finished(run.id)
  const counts = ended.counts['hook']
  const late = [...acknowledged].filter(([n, at]) => (begun.get(n) ?? 0) > at + GRACE_MS)
  const worst = Math.max(...[...acknowledged].map(([n, at]) => (begun.get(n) ?? 0) - at))
  const dropped = counts?.dropped['ads:withdrawn'] ?? 0
  const filtered = ended.counts['filter']?.dropped['ads:withdrawn'] ?? 0
  console.log(
    JSON.stringify({ sent: begun.size, dropped, filtered, late: late.length, worstMs: worst }),
  )
  expect(late).toEqual([])
  // The withdrawals came while the run was sending, and they were heeded at the last moment.
  expect([...begun.values()].some((at) => at > lastWithdrawal)).toBe(true)
  expect(dropped).toBeGreaterThan(0)
  expect(counts?.in).toBe(begun.size + dropped)
}, 900_000)
