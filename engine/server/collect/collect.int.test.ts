/** The collect endpoints on a real server and database, with the official clients as they are. */
import { gzipSync } from 'node:zlib'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Analytics } from '@segment/analytics-node'
import RudderAnalytics from '@rudderstack/rudder-sdk-node'
import { jitsuAnalytics } from '@jitsu/js'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { testDatabase, type TestDatabase } from '../../../test/support/test-database.ts'
import type { Fields } from '../../contract/json.ts'
import type { IncomingEvent } from '../../store/incoming-events.ts'
import { createSourceStore } from '../../store/sources.ts'
import { createCollect } from './create-collect.ts'

let database: TestDatabase
let server: Server
let url = ''
let writeKey = ''
/** Statuses answered instead, one for each of the next requests. */
const script: number[] = []

beforeAll(async () => {
  database = await testDatabase()
  writeKey = (await createSourceStore(database.database).keyFor('Shop', 'test')).key
  const collect = createCollect({ database: database.database })
  server = createServer((req, res) => {
    const status = script.shift()
    if (status !== undefined) {
      req.resume()
      res.writeHead(status, { 'Retry-After': '0' }).end()
    } else if (!collect.handle(req, res)) res.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await database.close()
})
beforeEach(async () => {
  await database.database.collection('incoming_events').deleteMany({})
  await database.database.collection('refused_events').deleteMany({})
})

const stored = async (): Promise<Fields[]> =>
  (
    await database.database
      .collection<IncomingEvent>('incoming_events')
      .find()
      .sort({ at: 1 })
      .toArray()
  ).map(({ body }) => JSON.parse(body) as Fields)

const untilStored = async (count: number): Promise<Fields[]> => {
  for (let tries = 0; tries < 200; tries++) {
    const found = await stored()
    if (found.length >= count) return found
    await sleep(50)
  }
  return stored()
}

const basic = () => ({ Authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}` })
const post = (path: string, body: unknown, headers: Record<string, string> = basic()) =>
  fetch(url + path, {
    method: 'POST',
    headers,
    body: body instanceof Buffer ? new Uint8Array(body) : JSON.stringify(body),
  })
const track = (id: string, more: Fields = {}): Fields => ({
  type: 'track',
  event: 'Order Completed',
  userId: 'u1',
  messageId: id,
  ...more,
})
const TYPES = ['alias', 'group', 'identify', 'page', 'screen', 'track']
const typesOf = (events: Fields[]) => events.map(({ type }) => type).sort()

describe('official clients', () => {
  it('takes six calls of @segment/analytics-node, after 500, 429 and 503, each once', async () => {
    script.push(500, 429, 503)
    const client = new Analytics({ writeKey, host: url, flushAt: 6, maxRetries: 5 })
    client.identify({ userId: 'u1', traits: { email: 'ada@example.com' } })
    client.track({ userId: 'u1', event: 'Order Completed', properties: { revenue: 5 } })
    client.page({ userId: 'u1', name: 'Home' })
    client.screen({ userId: 'u1', name: 'Start' })
    client.group({ userId: 'u1', groupId: 'g1' })
    client.alias({ userId: 'u1', previousId: 'a1' })
    await client.closeAndFlush()
    expect(typesOf(await untilStored(6))).toEqual(TYPES)
  })

  it('takes six calls of @rudderstack/rudder-sdk-node: gzip under a form content type', async () => {
    const client = new RudderAnalytics(writeKey, { dataPlaneUrl: url, flushAt: 6, gzip: true })
    client.identify({ userId: 'u1', traits: { email: 'ada@example.com' } })
    client.track({ userId: 'u1', event: 'Order Completed' })
    client.page({ userId: 'u1', name: 'Home' })
    client.screen({ userId: 'u1', name: 'Start' })
    client.group({ userId: 'u1', groupId: 'g1' })
    client.alias({ userId: 'u1', previousId: 'a1' })
    expect(typesOf(await untilStored(6))).toEqual(TYPES)
  })

  it('takes the calls of @jitsu/js, whose key is in a header', async () => {
    const client = jitsuAnalytics({ host: url, writeKey: `${writeKey}:secret`, s2s: true })
    await client.identify('u1', { email: 'ada@example.com' })
    await client.track('Order Completed', { revenue: 5 })
    await client.page({ name: 'Home' })
    await client.group('g1', { name: 'Acme' })
    expect(typesOf(await untilStored(4))).toEqual(['group', 'identify', 'page', 'track'])
  })
})

describe('the wire', () => {
  it.each([
    ['Basic', '/v1/track', () => basic(), {}],
    ['the body', '/v1/track', () => ({}), 'body'],
    ['a header', '/api/s/track', () => ({ 'X-Write-Key': `${writeKey}:secret` }), {}],
    ['the whole Authorization', '/api/public/apps/track', () => ({ Authorization: writeKey }), {}],
    ['the query', '/beacon/v1/batch', () => ({ 'Content-Type': 'text/plain' }), 'query'],
  ] as const)('takes the write key in %s', async (_where, path, headers, form) => {
    const event = { ...track(path), ...(form === 'body' ? { writeKey } : {}) }
    const body = path.endsWith('batch') ? { batch: [event] } : event
    const query = form === 'query' ? `?writeKey=${writeKey}` : ''
    const answer = await post(path + query, body, headers())
    expect(answer.status).toBe(path.includes('public') ? 204 : 200)
    expect(await stored()).toHaveLength(1)
  })

  it('refuses one event of a batch and keeps the others', async () => {
    const big = track('big', { properties: { text: 'x'.repeat(33 * 1024) } })
    const nobody = { type: 'track', event: 'A', messageId: 'n' }
    const answer = await post('/v1/batch', { batch: [track('1'), big, nobody, track('2')] })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({
      success: true,
      refused: [
        { index: 1, code: 'too_large' },
        { index: 2, code: 'no_identity' },
      ],
    })
    expect((await stored()).map(({ messageId }) => messageId)).toEqual(['1', '2'])
    const refused = await database.database.collection('refused_events').find().toArray()
    expect(refused.map((row) => (row as { code?: string }).code).sort()).toEqual([
      'no_identity',
      'too_large',
    ])
  })

  it('answers 401 for an unknown key only, and 400, 413 and 405 for what cannot be read', async () => {
    const wrong = { Authorization: `Basic ${Buffer.from('wk_no:').toString('base64')}` }
    expect((await post('/v1/track', track('1'), wrong)).status).toBe(401)
    expect((await post('/v1/track', Buffer.from('{"a'))).status).toBe(400)
    expect((await post('/v1/batch', { batch: [] })).status).toBe(400)
    expect((await post('/v1/track', track('1', { a: 'x'.repeat(600_000) }))).status).toBe(413)
    const bomb = gzipSync(Buffer.alloc(50_000_000, 32))
    expect((await post('/v1/batch', bomb)).status).toBe(413)
    expect((await fetch(`${url}/v1/track`)).status).toBe(405)
    expect(await stored()).toHaveLength(0)
  })

  it('takes null for absent, keeps unknown keys, and corrects a wrong clock', async () => {
    const before = Date.now()
    await post('/v1/batch', {
      sentAt: '2020-01-01T00:01:00.000Z',
      context: { ip: '1.2.3.4' },
      batch: [
        {
          ...track('1', { userId: null, anonymousId: 'a', channel: 'server' }),
          timestamp: '2020-01-01T00:00:00+00:00',
        },
      ],
    })
    const [event] = await stored()
    expect(event).toMatchObject({ channel: 'server', context: { ip: '1.2.3.4' } })
    expect(event).not.toHaveProperty('userId')
    expect(event?.['originalTimestamp']).toBe('2020-01-01T00:00:00+00:00')
    const at = Date.parse(event?.['timestamp'] as string)
    expect(Math.abs(at - (before - 60_000))).toBeLessThan(5_000)
  })

  it('stores a message sent again once, also when both come at the same time', async () => {
    const batch = Array.from({ length: 50 }, (_, i) => track(`m${i % 10}`))
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => post('/v1/batch', { batch })),
    )
    expect(answers.every(({ status }) => status === 200)).toBe(true)
    expect(await stored()).toHaveLength(10)
  })

  it('lets browsers of other sites in, and answers a pixel with an image', async () => {
    const preflight = await fetch(`${url}/v1/t`, {
      method: 'OPTIONS',
      headers: { Origin: 'https://shop.example.com', 'Access-Control-Request-Method': 'POST' },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://shop.example.com')
    expect(preflight.headers.get('access-control-allow-headers')).toContain('Authorization')
    const data = Buffer.from(JSON.stringify({ ...track('p'), writeKey })).toString('base64')
    const pixel = await fetch(`${url}/v1/pixel/track?data=${encodeURIComponent(data)}`)
    expect(pixel.headers.get('content-type')).toBe('image/gif')
    expect(await stored()).toHaveLength(1)
    const settings = await fetch(`${url}/v1/projects/${writeKey}/settings`)
    expect(await settings.json()).toMatchObject({
      integrations: { 'Segment.io': { apiKey: writeKey } },
    })
  })

  it('keeps Sec-GPC on the event', async () => {
    await post('/v1/track', track('g'), { ...basic(), 'Sec-GPC': '1' })
    expect((await stored())[0]).toMatchObject({ secGpc: true })
  })
})

describe('a source', () => {
  it('warns or refuses by its tracking plan, limits its rate, and can be switched off', async () => {
    const sources = createSourceStore(database.database)
    const { id, keys } = await sources.create({ name: 'Planned', by: 'test' })
    const headers = { 'X-Write-Key': keys[0]?.key ?? '' }
    const properties = [{ name: 'revenue', type: 'number' as const, required: true }]
    await sources.change(id, {
      ratePerSecond: 2,
      plan: {
        onBreach: 'refuse',
        onUnplanned: 'warn',
        events: [{ name: 'Order Completed', properties }],
      },
    })
    const bad = await post('/v1/track', track('1', { properties: { revenue: 'x' } }), headers)
    expect(bad.status).toBe(400)
    expect(await bad.json()).toMatchObject({ error: { code: 'against_plan' } })
    expect((await post('/v1/track', track('2', { event: 'Other' }), headers)).status).toBe(200)
    const limited = await post('/v1/track', track('3', { event: 'Other' }), headers)
    expect(limited.status).toBe(429)
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0)
    await sources.change(id, { disabled: true })
    await sleep(2_100)
    await post('/v1/track', track('4'), headers)
    await sleep(200)
    expect((await post('/v1/track', track('4'), headers)).status).toBe(404)
  })
})
