/** Promise E-4: while fifty dry runs of runaway formulas go on, every other call is answered as before. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { nodeTypes } from '../../nodes/index.ts'
import { analyseFlow } from '../flow/analyse-flow.ts'
import { createRegistry } from '../run/registry.ts'
import { createJudge } from '../worker/judge-apart.ts'
import { createThreadPool, type ThreadPool } from '../worker/thread-pool.ts'
import { createDryRuns, type DryRunsInput } from './dry-runs.ts'
import { startTestServer, type TestServer } from './test-support.ts'

const registry = createRegistry(nodeTypes)
const rows = Buffer.from(
  `{"list":[${Array.from({ length: 3_000 }, (_, i) => i).join()}]}\n`.repeat(20),
)

const HOSTILE = [
  'list.map(a, list.map(b, list.map(c, c))).size()',
  'list.exists(a, list.all(b, list.exists(c, c < 0 && b > a)))',
  'list.filter(a, list.filter(b, list.exists(c, c == -1)).size() > 0)',
  'text(list).split("").exists(a, text(list).split("").exists(b, a + b == "no"))',
  'list.map(a, text(list).matches("(.*1){5}[^0-9]$"))',
]

let folder: string
let threads: ThreadPool
let server: TestServer
let token: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'heddle-previews-'))
  threads = createThreadPool({ nodeTypesFolder: folder, threads: 1 })
  const files = {
    list: async () => [{ id: 'f', name: 'f.ndjson', bytes: rows.length }],
    read: async (_id: string, start: number, end: number) => rows.subarray(start, end),
  }
  const previewServices = () => ({ files })
  const deliveries = { answersOf: async () => [] }
  server = await startTestServer({
    dryRuns: createDryRuns({
      dataPlane: { previewServices, deliveries } as unknown as DryRunsInput['dataPlane'],
      types: () => registry.types,
      analyse: (graph) => analyseFlow(graph, registry.types),
      judgeApart: createJudge({ threads, registry: () => registry }),
    }),
  })
  token = await server.addToken(['owner'])
})
afterAll(async () => {
  await threads.close()
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

function graphWith(formula: string) {
  const node = (id: string, type: string, config: unknown) => ({
    ...{ id, type, version: 1, name: id === 'f' ? 'Discount' : '', config },
    position: { x: 0, y: 0 },
  })
  return {
    schemaVersion: 1,
    nodes: [
      node('s', 'ndjson_file', { origin: { kind: 'upload', file: { id: 'f', name: 'f' } } }),
      node('f', 'formula', { to: 'made', formula }),
    ],
    wires: [{ id: 'w', from: { node: 's', port: 'out' }, to: { node: 'f', port: 'in' } }],
    settings: {},
  }
}

const preview = async (formula: string) => {
  const body = { graph: graphWith(formula), rows: 20 }
  const answer = await server.call('POST', '/api/flows/preview', { token, body })
  return { status: answer.status, body: (await answer.json()) as { error?: { message: string } } }
}

/** The 99th percentile of calls made one after another, in milliseconds. */
async function p99(until: () => boolean, least = 100): Promise<number> {
  const times: number[] = []
  while (times.length < least || !until()) {
    const started = performance.now()
    expect((await server.call('GET', '/api/flows', { token })).status).toBe(200)
    times.push(performance.now() - started)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  times.sort((a, b) => a - b)
  return times[Math.floor(times.length * 0.99)] ?? 0
}

it('answers other calls as fast while fifty hostile dry runs go on', { retry: 2 }, async () => {
  expect((await preview('list.size()')).status).toBe(200)
  await p99(() => true)
  const calm = await p99(() => true)
  let open = 50
  const hostile = Array.from({ length: open }, async (_, i) => {
    const answer = await preview(HOSTILE[i % HOSTILE.length] ?? '').finally(() => open--)
    expect(answer.body.error?.message).toContain('"Discount"')
    expect(answer.status).toBeLessThan(500)
  })
  const busy = await p99(() => open === 0)
  await Promise.all(hostile)
  console.log(`p99 of GET /api/flows: ${calm.toFixed(1)} ms alone, ${busy.toFixed(1)} ms beside`)
  // Both cores are at work for the dry runs meanwhile: what counts is that no call waits for one.
  expect(busy).toBeLessThan(Math.max(150, calm * 3))
})
