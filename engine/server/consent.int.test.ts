/** Consent over the API and the preference page, on a real server and database. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ProfileView } from '../contract/api/profiles.ts'
import { consentRecordSchema } from '../contract/consent-record.ts'
import { createConsentStore } from '../store/consents.ts'
import { createPreferenceLinks } from '../store/preference-links.ts'
import { SECRETS_KEY, startTestServer, type TestServer } from './test-support.ts'

const PERSON: ProfileView = {
  id: 'p1',
  label: 'Ada',
  identifiers: [{ type: 'email', value: 'ada@example.com' }],
  updatedAt: '2026-01-01T00:00:00.000Z',
  masked: false,
  createdAt: '2026-01-01T00:00:00.000Z',
  traits: {},
  consent: {},
  audiences: [],
  events: [],
  disclosures: [],
}
let server: TestServer
let officer: string
let woken = 0

beforeAll(async () => {
  server = await startTestServer({
    profiles: {
      search: async () => ({ items: [] }),
      read: async (id) => (id === 'p1' ? PERSON : undefined),
      idOf: async (_type, value) => (value === 'anonymous-1' ? 'p1' : undefined),
    },
    propagations: { start: () => void woken++, ofProfile: async () => [] },
  })
  officer = await server.addToken(['privacy_officer'])
})
afterAll(() => server.close())
beforeEach(async () => {
  await server.database.collection('consents').deleteMany({})
  await server.database.collection('profiles').deleteMany({})
  await server.database.collection('policies').deleteMany({})
})

const json = async <Answer>(answer: Response): Promise<Answer> => (await answer.json()) as Answer
const stored = async (purpose: string) => {
  const found = await createConsentStore(server.database).standing(['p1'])
  return found.get('p1')?.consent[purpose]
}
const say = (body: object) =>
  server.call('POST', '/api/profiles/p1/consents', { token: officer, body })

test('records a choice once, wakes those who tell recipients, and shows the history', async () => {
  const body = { purpose: 'ads', state: 'withdrawn', key: 'form-00001', noticeVersion: '3' }
  const before = woken
  expect((await say(body)).status).toBe(200)
  expect((await say(body)).status).toBe(200)
  expect(woken).toBeGreaterThan(before)
  expect((await stored('ads'))?.state).toBe('withdrawn')
  const history = await json<{ items: object[] }>(
    await server.call('GET', '/api/profiles/p1/consents', { token: officer }),
  )
  expect(history.items).toMatchObject([{ purpose: 'ads', state: 'withdrawn', noticeVersion: '3' }])
})

test('refuses a purpose there is not, and dates nothing in the future', async () => {
  expect((await say({ purpose: 'fun', state: 'granted' })).status).toBe(422)
  await say({ purpose: 'ads', state: 'granted', at: '2050-01-01T00:00:00Z' })
  expect(Date.parse((await stored('ads'))?.at ?? '')).toBeLessThanOrEqual(Date.now())
})

test('restricts all use, and lifts it again', async () => {
  await say({ purpose: 'ads', state: 'granted' })
  await say({ purpose: '*', state: 'denied', restriction: true })
  expect((await stored('ads'))?.kind).toBe('restriction')
  await say({ purpose: '*', state: 'granted', restriction: true })
  expect((await stored('ads'))?.state).toBe('granted')
})

test('gives receipts that hold all the standard asks for', async () => {
  await say({ purpose: 'ads', state: 'granted' })
  await say({ purpose: 'analytics', state: 'denied' })
  const { items } = await json<{ items: unknown[] }>(
    await server.call('GET', '/api/profiles/p1/receipts', { token: officer }),
  )
  expect(items).toHaveLength(2)
  for (const item of items) consentRecordSchema.parse(item)
})

test('keeps every version of the policy, and refuses a stale change', async () => {
  const read = await json<{ policy: Record<string, unknown> & { version: number } }>(
    await server.call('GET', '/api/privacy/policy', { token: officer }),
  )
  const { version, changedAt: _, changedBy: __, ...policy } = read.policy
  const write = (base: number) =>
    server.call('PUT', '/api/privacy/policy', { token: officer, body: { base, policy } })
  expect((await json<{ version: number }>(await write(version))).version).toBe(1)
  const stale = await write(version)
  expect(stale.status).toBe(409)
  expect((await write(1)).status).toBe(200)
  const versions = await json<{ items: Array<{ version: number }> }>(
    await server.call('GET', '/api/privacy/policy/versions', { token: officer }),
  )
  expect(versions.items.map((one) => one.version)).toEqual([2, 1])
  const audit = await json<{ items: Array<{ action: string }> }>(
    await server.call('GET', '/api/audit', { token: officer }),
  )
  expect(audit.items.map(({ action }) => action)).toContain('policyWrite')
})

const link = async (): Promise<string> => {
  const answer = await server.call('POST', '/api/profiles/p1/preference-link', { token: officer })
  return new URL((await json<{ url: string }>(answer)).url).pathname
}
const sendForm = (path: string, form: Record<string, string>) =>
  fetch(server.url + path, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(form),
    headers: { Origin: server.url },
  })

test('shows a person their choices by a signed link, and takes changes without script', async () => {
  const path = await link()
  const page = await server.call('GET', path)
  expect(page.headers.get('content-type')).toContain('text/html')
  const html = await page.text()
  expect(html).toContain('Your privacy choices')
  expect(html).not.toContain('<script')
  const saved = await sendForm(path, { do: 'save', p_ads: 'yes', p_analytics: 'no' })
  expect(saved.status).toBe(303)
  expect(await stored('ads')).toMatchObject({
    state: 'granted',
    method: 'preference_page',
    noticeVersion: 'policy version 0',
    language: 'en',
  })
  expect((await stored('analytics'))?.state).toBe('denied')
  const again = await (await server.call('GET', saved.headers.get('location') ?? '')).text()
  expect(again).toContain('already hold')
  expect(again).toMatch(/name="p_ads" value="yes" checked/)
  await sendForm(path, { do: 'refuse' })
  expect((await stored('ads'))?.state).toBe('withdrawn')
  expect((await stored('sharing'))?.state).toBe('denied')
})

test('speaks Chinese to those who ask for it', async () => {
  const path = await link()
  const page = await server.call('GET', path, { headers: { 'Accept-Language': 'zh-CN,zh;q=0.9' } })
  expect(await page.text()).toContain('您的隐私选择')
  expect(await (await server.call('GET', `${path}?lang=zh-CN`)).text()).toContain('lang="zh-CN"')
})

test('opens nothing by a link that was changed or is too old', async () => {
  const path = await link()
  const at = path.length - 3
  const changed = path.slice(0, at) + (path[at] === 'A' ? 'B' : 'A') + path.slice(at + 1)
  const [id = '', hours = '', signature = ''] = path.split('/').at(-1)?.split('.') ?? []
  const other = Buffer.from('p2').toString('base64url')
  const old = createPreferenceLinks(SECRETS_KEY, server.url).make('p1', 0)
  for (const bad of [
    changed,
    `/preferences/${other}.${hours}.${signature}`,
    `/preferences/${id}.zzzzzz.${signature}`,
    `/preferences/${id}`,
    new URL(old.url).pathname,
  ]) {
    expect((await server.call('GET', bad)).status, bad).toBe(410)
    expect((await sendForm(bad, { p_ads: 'yes' })).status, bad).toBe(410)
  }
  expect(await stored('ads')).toBeUndefined()
})

test('escapes the texts of the policy', async () => {
  const { policy } = await json<{ policy: Record<string, unknown> }>(
    await server.call('GET', '/api/privacy/policy', { token: officer }),
  )
  const { version: _, changedAt: __, changedBy: ___, ...rest } = policy
  const texts = [{ purpose: 'ads', language: 'en', title: '<img src=x onerror=1>', text: '"&' }]
  await server.call('PUT', '/api/privacy/policy', {
    token: officer,
    body: { base: 0, policy: { ...rest, texts } },
  })
  const html = await (await server.call('GET', await link())).text()
  expect(html).toContain('&lt;img src=x onerror=1&gt;')
  expect(html).not.toContain('<img')
})

test('takes no form from another site, and keeps links out of the audit', async () => {
  const path = await link()
  const cross = await fetch(server.url + path, {
    method: 'POST',
    body: new URLSearchParams({ p_ads: 'yes' }),
    headers: { Origin: 'https://elsewhere.example' },
  })
  expect(cross.status).toBe(403)
  await sendForm(path, { p_ads: 'yes' })
  const audit = await (await server.call('GET', '/api/audit', { token: officer })).text()
  expect(audit).toContain('preferenceSave')
  expect(audit).not.toContain(path.split('/').at(-1) ?? '')
})

test('tells that GPC is honoured, and whether a signal was seen and kept', async () => {
  const support = await server.call('GET', '/.well-known/gpc.json')
  expect(await support.json()).toMatchObject({ gpc: true })
  const ask = async (headers: Record<string, string>, query = '') =>
    (await server.call('GET', `/api/privacy/signal${query}`, { headers })).json()
  expect(await ask({ 'Sec-GPC': '1' })).toEqual({ signal: true, kept: false, purposes: [] })
  expect(await ask({ 'Sec-GPC': '0' })).toMatchObject({ signal: false })
  await createConsentStore(server.database).append([
    {
      key: 'gpc1',
      profileId: 'p1',
      purpose: 'ads',
      state: 'denied',
      kind: 'gpc',
      at: '2026-01-01T00:00:00.000Z',
    },
  ])
  const kept = await ask({}, '?anonymousId=anonymous-1')
  expect(kept).toEqual({ signal: false, kept: true, purposes: ['ads'] })
})
