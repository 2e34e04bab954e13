/** Promise B-4, a receiver that often fails; parked records tried again; a failed run retried. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RejectedError } from '../engine/contract/error.ts'
import type { FlowGraph } from '../engine/contract/flow.ts'
import { chain, type Step } from './support/chain.ts'
import { ownHttp } from './support/own-http.ts'
import { startTestEngine, type TestEngine } from './support/test-engine.ts'

const RECORDS = 1_000
/** One of so many records fails the first time, loses its answer the first time, is refused for good. */
const FAILS = 10
const LOSES_ANSWER = 50
const REFUSED = 50

describe('a receiver that often fails', () => {
  let engine: TestEngine
  let server: Server
  let url = ''
  /** Times each record took effect: by its key, as a careful receiver counts. */
  const effects = new Map<number, number>()
  const taken = new Set<string>()
  const seen = new Set<string>()
  let refuses = true
  let connected = true

  /** Undefined: it takes effect, but the answer never comes. */
  const answerTo = (key: string, n: number): number | undefined => {
    if (refuses && n % REFUSED === 7) return 422
    const isFirst = !seen.has(key)
    seen.add(key)
    if (isFirst && n % FAILS === 3) return 503
    if (!taken.has(key)) effects.set(n, (effects.get(n) ?? 0) + 1)
    taken.add(key)
    return isFirst && n % LOSES_ANSWER === 11 ? undefined : 200
  }

  beforeAll(async () => {
    server = createServer((req, res) => {
      let body = ''
      req.on('data', (chunk) => (body += String(chunk)))
      req.on('end', () => {
        const { n } = JSON.parse(body) as { n: number }
        const status = answerTo(String(req.headers['idempotency-key']), n)
        if (status === undefined) req.socket.destroy()
        else res.writeHead(status).end('{}')
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
    engine = await startTestEngine({
      http: {
        ...ownHttp,
        download: async () => {
          throw new Error('This test has no downloads.')
        },
      },
      connections: {
        async read() {
          if (!connected)
            throw new RejectedError('unknown_connection', 'The connection was deleted.')
          return { name: 'CRM', settings: { url }, secrets: {} }
        },
      },
    })
  })
  afterAll(async () => {
    await engine?.stop()
    server?.closeAllConnections()
    server?.close()
  })

  async function sendFlow(records: number, middle: readonly Step[] = []): Promise<FlowGraph> {
    const lines = Array.from({ length: records }, (_, n) =>
      JSON.stringify({ n, ok: 'yes', email: `p${n}@example.com` }),
    )
    const stream = Readable.from([lines.join('\n')])
    const file = await engine.dataPlane.uploads.store({ name: 'r.ndjson', stream, by: 'test' })
    return chain([
      [
        'read',
        'ndjson_file',
        { origin: { kind: 'upload', file: { id: file.id, name: file.name } } },
      ],
      ...middle,
      [
        'consent',
        'consent_filter',
        {
          purposes: ['email_marketing'],
          lookAt: 'record',
          fields: [{ purpose: 'email_marketing', field: 'ok', granted: 'yes' }],
        },
      ],
      [
        'send',
        'webhook',
        {
          target: { kind: 'connection', connection: 'crm' },
          purposes: ['email_marketing'],
          ratePerSecond: 0,
        },
      ],
    ])
  }

  it('gets each record it takes once; what it refuses is parked, and goes out when tried again', async () => {
    const run = await engine.finished((await engine.start(await sendFlow(RECORDS))).id)
    const refused = RECORDS / REFUSED
    expect(run.state).toBe('completed_with_errors')
    expect(run.counts['send']).toMatchObject({
      in: RECORDS,
      out: { delivered: RECORDS - refused },
      failed: { refused_by_receiver: refused },
      waiting: 0,
    })
    expect(effects.size).toBe(RECORDS - refused)

    refuses = false
    const again = await engine.runner.rerunLetters({ run: run.id, by: 'test' })
    const ended = await engine.finished(again.id)
    expect(ended.counts['send']).toMatchObject({ in: refused, out: { delivered: refused } })
    expect(effects.size).toBe(RECORDS)
    expect(Math.max(...effects.values())).toBe(1)
    await expect(engine.runner.rerunLetters({ run: run.id, by: 'test' })).rejects.toMatchObject({
      code: 'nothing_to_rerun',
    })
    expect(Math.max(...effects.values())).toBe(1)
  })

  it('lets a failed run go on from the stage that failed, and repeats nothing before it', async () => {
    effects.clear()
    connected = false
    const once: Step = ['once', 'deduplicate', { fields: ['email'] }]
    const started = await engine.start(await sendFlow(40, [once]))
    const failed = await engine.finished(started.id)
    expect(failed.state).toBe('failed')
    expect(failed.failure).toMatchObject({ code: 'unknown_connection' })
    const pages = engine.database.collection<{ runId: string; stageId: string }>('run_pages')
    const before = await pages.find({ runId: started.id, stageId: 'read' }).toArray()
    connected = true
    await engine.runner.retry(started.id)
    const run = await engine.finished(started.id)
    expect(run).toMatchObject({ state: 'completed', read: 40 })
    expect(run.counts['send']).toMatchObject({ in: 40, out: { delivered: 40 } })
    expect(await pages.find({ runId: started.id, stageId: 'read' }).toArray()).toEqual(before)
    expect(effects.size).toBe(40)
    expect(Math.max(...effects.values())).toBe(1)
  })
})
