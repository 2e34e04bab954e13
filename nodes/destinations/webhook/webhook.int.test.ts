/** The webhook against a real receiver, real deliveries and real limits. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { InterruptedError, RejectedError } from '../../../engine/contract/error.ts'
import type { Services } from '../../../engine/contract/services.ts'
import { createDeliveryStore } from '../../../engine/store/deliveries.ts'
import { createLimits } from '../../../engine/store/limits.ts'
import { itemsOf, testContext } from '../../../test/support/node-context.ts'
import { ownHttp } from '../../../test/support/own-http.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import { webhook } from './webhook.ts'

interface Received {
  headers: IncomingMessage['headers']
  body: string
}
type Answer = (received: Received, response: ServerResponse) => void

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
let database: TestDatabase
let server: Server
let url: string
let received: Received[] = []
let answer: Answer

const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const one = { headers: request.headers, body: await text(request) }
  received.push(one)
  answer(one, response)
}

beforeAll(async () => {
  database = await testDatabase()
  server = createServer((request, response) => void receive(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
})
afterAll(async () => {
  server?.close()
  await database?.close()
})

const status =
  (code: number, headers: Record<string, string> = {}, body = ''): Answer =>
  (_, response) =>
    void response.writeHead(code, headers).end(body)

let runId = ''
beforeEach(async () => {
  await database.database.db.collection('rate_limits').deleteMany({})
  received = []
  answer = status(200)
  runId = `run-${Math.round(performance.now() * 1_000)}`
})

const services = (): Partial<Services> => ({
  http: ownHttp,
  limits: createLimits(database.database),
  deliveries: createDeliveryStore(database.database).service({
    runId,
    flowId: 'flow',
    flowVersion: 1,
    nodeId: 'step',
  }),
  connections: {
    read: async () => ({ name: 'CRM', settings: { url }, secrets: { signing_secret: SECRET } }),
  },
})

const PEOPLE = itemsOf([
  { profileId: 'p1', email: 'ada@example.com', n: 1 },
  { profileId: 'p2', email: 'bob@example.com', n: 2 },
  { profileId: 'p3', email: 'cy@example.com', n: 3 },
])

const send = async (config = {}, items = PEOPLE, signal = new AbortController().signal) => {
  const parsed = webhook.parse({
    target: { kind: 'url', url },
    purposes: ['email_marketing'],
    ratePerSecond: 0,
    ...config,
  })
  return parsed.run?.(items, testContext(services(), { runId, signal })) ?? []
}
const kinds = async (verdicts: ReturnType<typeof send>) =>
  (await verdicts).map((verdict) =>
    verdict.kind === 'out' ? verdict.port : 'code' in verdict ? verdict.code : verdict.kind,
  )

describe('webhook', () => {
  it('sends each record once, also when the page is repeated', async () => {
    expect(await kinds(send())).toEqual(['delivered', 'delivered', 'delivered'])
    expect(await kinds(send())).toEqual(['delivered', 'delivered', 'delivered'])
    expect(received).toHaveLength(3)
    expect(new Set(received.map(({ headers }) => headers['idempotency-key']))).toEqual(
      new Set(PEOPLE.map(({ id }) => `${runId}:step:${id}`)),
    )
  })

  it('keeps who received which fields', async () => {
    await send({ body: 'fields', fields: ['email'] })
    const rows = await createDeliveryStore(database.database).ofProfile('p1', 10)
    expect(rows.find((row) => row.runId === runId)).toMatchObject({
      fields: ['email'],
      purposes: ['email_marketing'],
      recipient: new URL(url).host,
    })
  })

  it('signs so that a Standard Webhooks library agrees', async () => {
    const target = { kind: 'connection', connection: 'c1' }
    await send({ target, signature: 'standard' })
    const [first] = received
    const headers = first?.headers as Record<string, string>
    expect(new Webhook(SECRET).verify(first?.body ?? '', headers)).toHaveProperty('email')
    expect(() => new Webhook(SECRET).verify('{"n":9}', headers)).toThrow()
  })

  it('fills a template, keeping numbers numbers', async () => {
    const template = '{"contact": {"mail": "{email}", "n": "{n}", "text": "No. {n}"}}'
    await send({ body: 'template', template }, PEOPLE.slice(0, 1))
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({
      contact: { mail: 'ada@example.com', n: 1, text: 'No. 1' },
    })
  })

  it.each([
    [401, 'webhook_unauthorised'],
    [404, 'webhook_not_found'],
    [410, 'webhook_disabled'],
    [302, 'webhook_moved'],
  ])('stops on %s, naming what to do', async (code, reason) => {
    answer = status(code, code === 302 ? { location: '/other' } : {})
    const error: unknown = await send().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(RejectedError)
    expect(error).toMatchObject({
      code: reason,
      message: expect.stringContaining('The step') as string,
    })
  })

  it('parks a refused record with its status and delivers the others', async () => {
    answer = ({ body }, response) => response.writeHead(body.includes('bob') ? 422 : 200).end()
    const verdicts = await send()
    expect(verdicts[1]).toEqual({
      kind: 'fail',
      code: 'refused_by_receiver',
      detail: 'Status 422.',
    })
    expect(await kinds(Promise.resolve(verdicts))).toEqual([
      'delivered',
      'refused_by_receiver',
      'delivered',
    ])
  })

  it('finds the one record that spoils a batch', async () => {
    answer = ({ body }, response) => response.writeHead(body.includes('bob') ? 400 : 200).end()
    expect(await kinds(send({ send: 'batch' }))).toEqual([
      'delivered',
      'refused_by_receiver',
      'delivered',
    ])
  })

  it('takes the results of a batch one by one', async () => {
    answer = ({ body }, response) => {
      const { items } = JSON.parse(body) as { items: Array<{ id: string }> }
      const results = items.slice(0, 2).map(({ id }, i) => ({ id, status: i === 0 ? 200 : 422 }))
      response.writeHead(200).end(JSON.stringify({ results }))
    }
    expect(await kinds(send({ send: 'batch' }))).toEqual([
      'delivered',
      'refused_by_receiver',
      'receiver_busy',
    ])
  })

  it('waits as long as the receiver asks', async () => {
    answer = status(503, { 'retry-after': '120' })
    const first = (await send({}, PEOPLE.slice(0, 1)))[0]
    expect(first).toMatchObject({ kind: 'retry', code: 'receiver_busy', afterMs: 120_000 })
  })

  it('waits longer each time, then gives up', async () => {
    answer = status(500)
    const tried = itemsOf([{ n: 1 }]).map((item) => ({ ...item, attempt: 6 }))
    const later = (await send({}, tried))[0]
    expect(later).toMatchObject({ kind: 'retry' })
    expect(later?.kind === 'retry' ? later.afterMs : 0).toBeGreaterThan(60_000)
    expect(await kinds(send({ maxAttempts: 7 }, tried))).toEqual(['gave_up'])
  })

  it('tries again when nobody answers', async () => {
    answer = (_, response) => response.destroy()
    expect(await kinds(send({}, PEOPLE.slice(0, 1)))).toEqual(['receiver_busy'])
  })

  it('makes no call after the run was stopped, and keeps what was sent before', async () => {
    const control = new AbortController()
    answer = (_, response) => {
      response.writeHead(200).end()
      setTimeout(() => control.abort(), 20)
    }
    const many = itemsOf(Array.from({ length: 50 }, (_, n) => ({ n })))
    const slow = { concurrency: 1, ratePerSecond: 20 }
    await expect(send(slow, many, control.signal)).rejects.toThrow(InterruptedError)
    const sent = received.length
    expect(sent).toBeLessThan(5)
    answer = status(200)
    await send({}, many)
    expect(received.length - sent).toBeGreaterThanOrEqual(50 - sent)
    expect(new Set(received.map(({ body }) => body)).size).toBe(50)
  })

  it.each([
    [{ purposes: [] }, 'Choose what the data is used for.'],
    [{ target: { kind: 'url', url: 'ftp://x' } }, 'Enter an address that begins with https://.'],
    [{ signature: 'standard' }, 'A signature needs a connection'],
    [{ body: 'template', template: '{oops' }, 'The template is not valid JSON.'],
    [{ headers: [{ name: 'Authorization', value: 'x' }] }, 'belongs into the connection'],
  ])('says what is wrong with %j', (config, message) => {
    const good = { target: { kind: 'url', url: 'https://example.com' }, purposes: ['ads'] }
    expect(() => webhook.parse({ ...good, ...config })).toThrow(message)
  })
})
