/** What the routes do, through the public door. */
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FlowView } from '../contract/api/flows.ts'
import type { ProfileView } from '../contract/api/profiles.ts'
import type { RunState, RunView } from '../contract/run.ts'
import { RetryableError } from '../contract/error.ts'
import { DEFAULT_PURPOSES } from '../store/settings.ts'
import type { ServerParts } from './parts.ts'
import { startTestServer, testRun, type TestServer } from './test-support.ts'

const PERSON: ProfileView = {
  id: 'p1',
  label: 'Anna Canary',
  identifiers: [{ type: 'email', value: 'anna.canary@example.com' }],
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  masked: false,
  traits: { first_name: { value: 'Anna Canary', source: 'crm', at: '2026-01-01' } },
  consent: {},
  audiences: [],
  events: [],
  disclosures: [],
}

const LETTER = {
  id: 'run1:node:source:1',
  runId: 'run1',
  flowId: 'flow1',
  nodeId: 'node',
  code: 'bad_email',
  attempts: 1,
  firstAt: '2026-01-01T00:00:00.000Z',
  lastAt: '2026-01-01T00:00:00.000Z',
  state: 'parked' as const,
  fields: { email: 'anna.canary@example.com' },
}

let server: TestServer
let owner: string
let problems: Array<{ code: 'cycle'; severity: 'error'; message: string; fix: string }> = []
let open: RunView[] = []
let down = false
beforeAll(async () => {
  const editorFolder = await mkdtemp(path.join(tmpdir(), 'heddle-editor-'))
  await mkdir(path.join(editorFolder, 'assets'))
  await writeFile(path.join(editorFolder, 'index.html'), '<p>editor</p>')
  await writeFile(path.join(editorFolder, 'assets', 'app-1a2b.js'), 'let a')
  const parts: Partial<ServerParts> = {
    analyse: () => ({ problems, shapes: {}, arrives: {} }),
    profiles: {
      search: async () => ({ items: [{ ...PERSON }] }),
      read: async (id) => (id === 'p1' ? PERSON : undefined),
      idOf: async (_type, value) => (value === 'anonymous-1' ? 'p1' : undefined),
    },
    deadLetters: {
      list: async () => ({ items: [LETTER] }),
      rerun: async () => testRun(),
      discard: async () => 1,
    },
    health: async () => ({ ok: !down, parts: { mongodb: 'up', temporal: down ? 'down' : 'up' } }),
  }
  server = await startTestServer(parts, { editorFolder })
  const { runs } = server.parts
  runs.list = async ({ state }) => ({ items: open.filter((run) => !state || run.state === state) })
  runs.start = async () => {
    throw new RetryableError('temporal_down', 'Temporal does not answer.', { afterMs: 2_500 })
  }
  runs.openFile = async () => ({
    name: 'out".csv',
    mediaType: 'text/csv',
    bytes: 5,
    stream: Readable.from([Buffer.from('hello')]),
  })
  owner = await server.addToken(['owner'])
})
afterAll(() => server.close())

const call = async <Body = Record<string, unknown>>(
  method: string,
  path: string,
  body?: unknown,
  token = owner,
) => {
  const answer = await server.call(method, path, { token, ...(body === undefined ? {} : { body }) })
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Body }
}
const lastAudit = async () =>
  (await call<{ items: Array<Record<string, unknown>> }>('GET', '/api/audit?limit=1')).body.items[0]

describe('flows', () => {
  const make = async () => (await call<FlowView>('POST', '/api/flows', { name: 'Welcome' })).body

  test('are made, saved, and refused with what is stored when the base is stale', async () => {
    const { id, draft } = await make()
    const save = (name: string) =>
      call<{ error: { code: string; current: FlowView } }>('PUT', `/api/flows/${id}/draft`, {
        base: 1,
        name,
        graph: draft,
      })
    expect((await save('First')).status).toBe(200)
    const late = await save('Second')
    expect(late.status).toBe(409)
    expect(late.body.error).toMatchObject({
      code: 'draft_is_stale',
      current: { name: 'First', draftVersion: 2 },
    })
  })

  test('are published only without errors', async () => {
    const { id } = await make()
    problems = [{ code: 'cycle', severity: 'error', message: 'A circle.', fix: 'Cut it.' }]
    const refused = await call('POST', `/api/flows/${id}/publish`, { base: 1 })
    expect(refused.status).toBe(422)
    expect(refused.body).toMatchObject({ error: { code: 'flow_has_problems', problems } })
    problems = []
    const published = await call('POST', `/api/flows/${id}/publish`, { base: 1 })
    expect(published.body).toMatchObject({ flowId: id, version: 1 })
    expect(await lastAudit()).toMatchObject({
      action: 'flowPublish',
      subject: id,
      who: 'token:owner',
      details: { version: 1 },
    })
  })

  test('do not run before they are published, and say when Temporal is down', async () => {
    const { id } = await make()
    expect((await call('POST', `/api/flows/${id}/runs`, {})).body).toMatchObject({
      error: { code: 'not_published' },
    })
    await call('POST', `/api/flows/${id}/publish`, { base: 1 })
    const later = await call('POST', `/api/flows/${id}/runs`, {})
    expect(later.status).toBe(503)
    expect(later.headers.get('retry-after')).toBe('3')
  })

  test('are not deleted while they run', async () => {
    const { id } = await make()
    open = [testRun({ state: 'paused' })]
    expect((await call('DELETE', `/api/flows/${id}`)).status).toBe(422)
    open = [testRun({ state: 'completed' })]
    expect((await call('DELETE', `/api/flows/${id}`)).status).toBe(200)
    expect((await call('GET', `/api/flows/${id}`)).status).toBe(404)
    open = []
  })
})

describe('people', () => {
  test('are masked for everyone', async () => {
    const found = await server.call('GET', '/api/profiles?search=anna', { token: owner })
    const read = await server.call('GET', '/api/profiles/p1', { token: owner })
    for (const text of [await found.text(), await read.text()]) expect(text).not.toMatch(/canary/i)
  })

  test('are shown in the clear for a reason, which the audit keeps', async () => {
    expect((await call('POST', '/api/profiles/p1/reveal', {})).status).toBe(400)
    const shown = await call('POST', '/api/profiles/p1/reveal', { reason: 'Access request 17' })
    expect(shown.body).toMatchObject({ label: 'Anna Canary', masked: false })
    expect(await lastAudit()).toMatchObject({
      action: 'profileReveal',
      subject: 'p1',
      details: { reason: 'Access request 17' },
    })
  })

  test('in parked records are masked for operators, and audited for marketers', async () => {
    const operator = await server.addToken(['operator'])
    const masked = await call('GET', '/api/dead-letters', undefined, operator)
    expect(JSON.stringify(masked.body)).not.toMatch(/canary/i)
    const marketer = await server.addToken(['marketer'])
    const clear = await call('GET', '/api/dead-letters?run=run1', undefined, marketer)
    expect(JSON.stringify(clear.body)).toMatch(/anna\.canary/)
    expect(await lastAudit()).toMatchObject({ action: 'deadLetterList', subject: 'run1' })
  })

  test('in files are handed out with an audit entry', async () => {
    const answer = await server.call('GET', '/api/runs/run1/files/node', { token: owner })
    expect(await answer.text()).toBe('hello')
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="out\\".csv"')
    expect(await lastAudit()).toMatchObject({
      action: 'runFileDownload',
      subject: 'run1',
      details: { nodeId: 'node', name: 'out".csv' },
    })
  })
})

test('health answers only when all parts are up', async () => {
  const up = await call('GET', '/api/health')
  expect(up.body).toEqual({
    ok: true,
    version: '0.0.0',
    parts: { mongodb: 'up', temporal: 'up' },
  })
  down = true
  const notYet = await call('GET', '/api/health')
  expect(notYet.status).toBe(503)
  expect(JSON.stringify(notYet.body)).toContain('temporal')
  down = false
})

test('an unexpected failure tells a reference and nothing else', async () => {
  server.parts.sample.state = async () => {
    throw new Error('secret anna.canary@example.com at /home/x')
  }
  const answer = await call<{ error: { message: string } }>('GET', '/api/sample')
  expect(answer.status).toBe(500)
  expect(JSON.stringify(answer.body)).not.toMatch(/canary|home/)
  const reference = /[0-9a-f-]{36}/.exec(answer.body.error.message)?.[0] ?? 'none'
  const log = server.logged.join('')
  expect(log).toContain(reference)
  expect(log).not.toMatch(/canary/)
})

test('purposes have defaults, and can be replaced', async () => {
  type Purposes = { purposes: Array<{ key: string }> }
  const keys = async () =>
    (await call<Purposes>('GET', '/api/catalog')).body.purposes.map(({ key }) => key)
  expect(await keys()).toEqual(DEFAULT_PURPOSES.map(({ key }) => key))
  const sms = { key: 'sms', name: 'Text messages' }
  expect((await call('PUT', '/api/purposes', { purposes: [sms, sms] })).status).toBe(422)
  expect((await call('PUT', '/api/purposes', { purposes: [sms] })).status).toBe(200)
  expect(await keys()).toEqual(['sms'])
})

describe('the editor', () => {
  test('is served at every address of its own; only hashed files are kept', async () => {
    const get = async (path: string) => {
      const answer = await server.call('GET', path)
      return [answer.status, await answer.text(), answer.headers.get('cache-control')]
    }
    const page = [200, '<p>editor</p>', 'no-cache']
    expect(await get('/')).toEqual(page)
    expect(await get('/flows/some-flow')).toEqual(page)
    expect(await get('/assets/app-1a2b.js')).toEqual([
      200,
      'let a',
      'public, max-age=31536000, immutable',
    ])
    expect((await get('/assets/none.js'))[0]).toBe(404)
    expect((await get('/assets/..%2f..%2findex.html'))[1]).not.toContain('editor')
    expect((await server.call('POST', '/flows')).status).toBe(405)
  })
})

test('every answer carries the security headers, and the API is never cached', async () => {
  for (const address of ['/api/health', '/api/nowhere', '/', '/flows/x', '/assets/none.js']) {
    const { headers } = await server.call('GET', address)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("script-src 'self';")
    expect(policy).not.toContain('unsafe-eval')
    expect(policy).toContain("frame-ancestors 'none'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('x-powered-by')).toBeNull()
    if (address.startsWith('/api')) expect(headers.get('cache-control')).toBe('no-store')
  }
})

describe('the events of a run', () => {
  const states = (text: string) =>
    [...text.matchAll(/^data: (.*)$/gm)].map(([, json = '']) => (JSON.parse(json) as RunView).state)

  test('begin with the run as it is, come at most four times a second, and end with it', async () => {
    const { runs } = server.parts
    runs.read = async () => testRun()
    runs.watch = async function* (_id, signal) {
      for (let i = 0; i < 60 && !signal.aborted; i++) {
        await new Promise((resolve) => setTimeout(resolve, 10))
        yield testRun({ state: 'running', flowVersion: i })
      }
      yield testRun({ state: 'completed' as RunState })
    }
    const answer = await server.call('GET', '/api/runs/run1/events', { token: owner })
    expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/)
    const seen = states(await answer.text())
    expect(seen[0]).toBe('running')
    expect(seen.at(-1)).toBe('completed')
    expect(seen.length).toBeGreaterThanOrEqual(3)
    expect(seen.length).toBeLessThanOrEqual(6)
  })

  test('are not asked for again once the run is over', async () => {
    server.parts.runs.read = async () => testRun({ state: 'failed' })
    const first = await server.call('GET', '/api/runs/run1/events', { token: owner })
    expect(await first.text()).toContain('id: over\ndata: ')
    const again = await server.call('GET', '/api/runs/run1/events', {
      token: owner,
      headers: { 'Last-Event-ID': 'over' },
    })
    expect(again.status).toBe(204)
  })

  test('stop being watched when the browser goes', async () => {
    const { runs } = server.parts
    runs.read = async () => testRun()
    const stopped = new Promise<void>((resolve) => {
      runs.watch = async function* (_id, signal) {
        yield testRun()
        await new Promise<void>((done) => signal.addEventListener('abort', () => done()))
        resolve()
      }
    })
    const leaving = new AbortController()
    const answer = await fetch(`${server.url}/api/runs/run1/events`, {
      headers: { Authorization: `Bearer ${owner}` },
      signal: leaving.signal,
    })
    expect(answer.status).toBe(200)
    leaving.abort()
    await stopped
  })
})
