/** Hostile inputs: operators where texts are due, arrays for scalars, shapes that bite parsers. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes, type RouteId } from '../contract/api.ts'
import { type Route } from '../contract/api/route.ts'
import { refuseHostileShape } from './read-input.ts'
import { startTestServer, type TestServer } from './test-support.ts'

let server: TestServer
let token: string
beforeAll(async () => {
  server = await startTestServer({}, { uploadLimit: 1_000 })
  token = await server.addToken(['owner'])
})
afterAll(() => server.close())

const OPERATORS = [
  { $ne: null },
  { $gt: '' },
  { $regex: '^' },
  { $where: 'sleep(9999)' },
  { $expr: { $eq: [1, 1] } },
  { $in: ['a'] },
  { $exists: true },
  { $not: { $eq: 'a' } },
  { $type: 2 },
  { $function: { body: 'return true', args: [], lang: 'js' } },
  { $or: [{}] },
  ['a', 'b'],
]

const graph = {
  schemaVersion: 1,
  nodes: [
    { id: 'a', type: 'csv_file', version: 1, name: 'A', config: {}, position: { x: 0, y: 0 } },
  ],
  wires: [{ id: 'w', from: { node: 'a', port: 'out' }, to: { node: 'b', port: 'in' } }],
  settings: { defaultRegion: 'GB', schedule: { cron: '0 6 * * *', timezone: 'UTC' } },
}

/** A good body for each route that takes one; a new route must be added here. */
const BODIES: Record<RouteWithBody, unknown> = {
  sessionOpen: { email: 'a@example.com', password: 'x' },
  sessionClaim: {
    token: 'x'.repeat(20),
    name: 'A',
    email: 'a@example.com',
    password: 'longenough',
  },
  sessionUpdate: { name: 'A', locale: 'en' },
  userInvite: { name: 'A', email: 'a@example.com', roles: ['marketer'] },
  userUpdate: { roles: ['marketer'] },
  tokenCreate: { name: 'A', roles: ['marketer'] },
  purposesWrite: { purposes: [{ key: 'ads', name: 'Ads', description: 'x' }] },
  flowCreate: { name: 'A', graph },
  flowWrite: { base: 1, name: 'A', graph },
  flowAnalyse: { graph },
  flowPreview: { graph },
  flowPreviewReveal: { graph, reason: 'asked' },
  flowEstimate: { graph },
  flowFollow: { graph, person: 'a@example.com' },
  flowTest: { graph },
  blockSave: { name: 'A', steps: { nodes: graph.nodes, wires: graph.wires } },
  flowPublish: { base: 1, note: 'x' },
  flowRun: { version: 1 },
  deadLetterRerun: { run: 'a', node: 'b', ids: ['c'] },
  deadLetterDiscard: { ids: ['c'] },
  mergeUndo: { reason: 'Two people' },
  profileReveal: { reason: 'asked' },
  connectionCreate: { name: 'A', kind: 'webhook', secrets: { key: 'x' } },
  connectionUpdate: { name: 'A', kind: 'webhook', secrets: { key: 'x' } },
  policyWrite: {
    base: 0,
    policy: { rules: [{ purpose: 'ads', region: '*', basis: 'consent' }], storage: 'EU' },
  },
  consentRecord: { purpose: 'ads', state: 'granted', proof: 'form 7' },
  profileIdOf: { type: 'email', value: 'a@example.com' },
  sourceCreate: { name: 'A' },
  sourceChange: { name: 'A', allowedOrigins: ['https://shop.example.com'] },
  sourceRotate: { now: true },
  requestCreate: { kind: 'access', identifiers: [{ type: 'email', value: 'ada@example.com' }] },
  retentionWrite: { rules: [{ what: 'events', days: 30, source: 'Shop' }] },
  requestAct: { ids: ['request1'], action: 'approve' },
  findMyData: { type: 'email', value: 'ada@example.com' },
  suppressionLift: { identifiers: [{ type: 'email', value: 'ada@example.com' }] },
  refusedRetry: { changes: { event: 'A' } },
}
type RouteWithBody = {
  [Id in RouteId]: (typeof routes)[Id] extends { formBody: true }
    ? never
    : (typeof routes)[Id] extends { body: unknown }
      ? Id
      : never
}[RouteId]

/** Copies of `value`, each with one text replaced by `by`. */
function* replaceTexts(value: unknown, by: unknown): Generator<unknown> {
  if (typeof value === 'string') yield by
  if (Array.isArray(value))
    for (const [i, child] of value.entries())
      for (const changed of replaceTexts(child, by)) yield value.with(i, changed)
  else if (typeof value === 'object' && value !== null)
    for (const [key, child] of Object.entries(value))
      for (const changed of replaceTexts(child, by)) yield { ...value, [key]: changed }
}

const send = (id: RouteId, body: unknown) => {
  const route: Route = routes[id]
  return server.call(route.method, route.path.replace(/:\w+/g, 'nothing'), { token, body })
}

test.each(Object.entries(BODIES))('%s takes no operator for a text', async (id, good) => {
  const bodies = OPERATORS.flatMap((operator) => [...replaceTexts(good, operator)])
  for (const body of bodies) {
    const answer = await send(id as RouteId, body)
    expect(answer.status, JSON.stringify(body)).toBe(400)
    const { error } = (await answer.json()) as { error: { fields: Array<{ path: string }> } }
    expect(error.fields[0]?.path).not.toBe('')
  }
})

test('takes no operator, list or unknown name in a query', async () => {
  for (const [id, route] of Object.entries(routes) as Array<[RouteId, Route]>) {
    if (route.method !== 'GET' || id === 'health' || id === 'openapi') continue
    const path = route.path.replace(':version', '1').replace(/:\w+/g, 'nothing')
    for (const query of [
      'limit[$ne]=1',
      'limit=1&limit=2',
      'limit[0]=1',
      '$where=1',
      'limit=-1',
      'limit=1e9',
      '__proto__=1',
      'sort=name',
    ])
      expect(
        (await server.call('GET', `${path}?${query}`, { token })).status,
        `${id} ${query}`,
      ).toBe(400)
  }
})

test.each(['draftVersion', 'workspaceId', '_id', 'roles', 'consent'])(
  'refuses %s where it is not due (mass assignment)',
  async (key) => {
    const answer = await send('sessionUpdate', { name: 'A', [key]: 'x' })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { fields: [{ path: key }] } })
  },
)

test('refuses bodies that bite parsers', async () => {
  const bodies: Array<[string, number]> = [
    [`{"name":"A","__proto__":{"polluted":true}}`, 400],
    [`{"name":"A","constructor":{"prototype":{}}}`, 400],
    [`{"name":"A","a\\u0000b":1}`, 400],
    [`{"name":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 400],
    [`{"name":"A`, 400],
    [`{"name":"${'x'.repeat(3_000_000)}"}`, 413],
    ['"text"', 400],
  ]
  for (const [body, status] of bodies)
    expect(
      (await server.call('POST', '/api/flows', { token, body })).status,
      body.slice(0, 40),
    ).toBe(status)
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

test('goes by the content type', async () => {
  const form = { 'Content-Type': 'multipart/form-data; boundary=x' }
  const body = '{"name":"A"}'
  const as = (headers: Record<string, string>) =>
    server.call('POST', '/api/flows', { token, body, headers })
  expect((await as(form)).status).toBe(415)
  expect((await as({ 'Content-Type': 'text/plain' })).status).toBe(415)
  expect((await as({ 'Content-Encoding': 'gzip' })).status).toBe(415)
  const upload = await server.call('POST', '/api/files?name=a.csv', { token, body, headers: form })
  expect(upload.status).toBe(415)
})

test('streams uploads up to the limit and cleans their names', async () => {
  const upload = (bytes: number, name: string) =>
    server.call('POST', `/api/files?name=${encodeURIComponent(name)}`, {
      token,
      body: 'x'.repeat(bytes),
      headers: { 'Content-Type': 'application/octet-stream' },
    })
  const stored = await upload(1_000, '../../etc/pass\r\nwd.csv')
  expect(stored.status).toBe(200)
  expect(await stored.json()).toMatchObject({ bytes: 1_000, name: '.._.._etc_pass__wd.csv' })
  expect((await upload(1_001, 'a.csv')).status).toBe(413)
  const stream = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(600)),
  })
  const endless = fetch(`${server.url}/api/files?name=a.csv`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}` },
    body: stream,
    duplex: 'half',
  })
  expect(
    await endless.then(
      (answer) => answer.status,
      () => 413,
    ),
  ).toBe(413)
})

test('counts keys and depth before anything else looks', () => {
  const deep = JSON.parse('[['.repeat(30) + ']]'.repeat(30)) as unknown
  expect(() => refuseHostileShape(deep)).toThrow(/nested/)
  const wide = Object.fromEntries(Array.from({ length: 200_001 }, (_, i) => [`k${i}`, 1]))
  expect(() => refuseHostileShape(wide)).toThrow(/too many/)
  expect(() => refuseHostileShape({ fine: [{ also: 'fine' }] })).not.toThrow()
})
