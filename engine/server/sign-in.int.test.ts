/** Signing in, staying signed in, and being shut out. */
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSessionStore } from '../store/sessions.ts'
import { createLink, createOwnerLink } from './auth/links.ts'
import { PASSWORD, startTestServer, type TestServer } from './test-support.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const signIn = (email: string, password: string, headers: Record<string, string> = {}) =>
  server.call('POST', '/api/session', { body: { email, password }, headers })
const cookiesOf = (answer: Response) =>
  answer.headers
    .getSetCookie()
    .map((c) => c.split(';')[0])
    .join('; ')
const isSignedIn = async (cookie: string) =>
  (await server.call('GET', '/api/session', { cookie })).status === 200

describe('the first owner', () => {
  test('begins with a one-time link that works once', async () => {
    const link = await createOwnerLink(server.database, server.url)
    const body = {
      token: new URL(link ?? '').hash.slice(1),
      name: 'Ann Owner',
      email: 'Ann@example.com',
      password: PASSWORD,
    }
    const earlier = await server.call('POST', '/api/session/claim', {
      body: { ...body, password: 'password1234' },
    })
    expect(earlier.status, 'a weak password does not use the link up').toBe(422)
    const claimed = await server.call('POST', '/api/session/claim', { body })
    expect(claimed.status).toBe(200)
    expect(await claimed.json()).toMatchObject({ email: 'ann@example.com', roles: ['owner'] })
    expect(await isSignedIn(cookiesOf(claimed))).toBe(true)
    const again = await server.call('POST', '/api/session/claim', { body })
    expect(again.status).toBe(422)
    expect(await createOwnerLink(server.database, server.url)).toBeUndefined()
  })

  test('cannot be removed while there is no other', async () => {
    const { id, cookie } = await server.addUser('second@example.com', ['owner'])
    const [first] = (await server.users.list()).filter((user) => user.email === 'ann@example.com')
    const away = await server.call('PATCH', `/api/users/${first?._id}`, {
      cookie,
      body: { disabled: true },
    })
    expect(away.status).toBe(200)
    const last = await server.call('PATCH', `/api/users/${id}`, {
      cookie,
      body: { roles: ['marketer'] },
    })
    expect(last.status).toBe(422)
    expect(await last.json()).toMatchObject({ error: { code: 'last_owner' } })
  })
})

test('refuses a link that is too old, replaced, or for another address', async () => {
  const { id } = await server.addUser('late@example.com', ['marketer'])
  const use = async (link: string, email: string) => {
    const token = new URL(link).hash.slice(1)
    const body = { token, name: 'Late', email, password: PASSWORD }
    return (await server.call('POST', '/api/session/claim', { body })).status
  }
  const replaced = await createLink(server.users, id, server.url)
  const { link } = await createLink(server.users, id, server.url)
  expect(await use(replaced.link, 'late@example.com')).toBe(422)
  expect(await use(link, 'other@example.com')).toBe(422)
  await server.database
    .collection('users')
    .updateOne(
      { email: 'late@example.com' },
      { $set: { 'claim.expiresAt': new Date(Date.now() - 1) } },
    )
  expect(await use(link, 'late@example.com')).toBe(422)
})

describe('the cookie', () => {
  test('is hidden from scripts and other sites, and only its digest is kept', async () => {
    await server.addUser('flags@example.com', ['marketer'], PASSWORD)
    const answer = await signIn('flags@example.com', PASSWORD)
    const [cookie = ''] = answer.headers.getSetCookie()
    expect(cookie).toMatch(/; HttpOnly/)
    expect(cookie).toMatch(/; SameSite=Strict/)
    expect(cookie).toMatch(/; Path=\//)
    expect(cookie).not.toMatch(/Domain=/)
    const secret = cookie.split(';')[0]?.split('=')[1] ?? ''
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32)
    const stored = JSON.stringify(await server.database.collection('sessions').find().toArray())
    expect(stored).not.toContain(secret)
  })

  test('changes at sign-in, and the earlier one dies', async () => {
    const { cookie } = await server.addUser('rotate@example.com', ['marketer'], PASSWORD)
    const answer = await signIn('rotate@example.com', PASSWORD, {
      Cookie: cookie,
      Origin: server.url,
    })
    expect(answer.status).toBe(200)
    expect(await isSignedIn(cookie)).toBe(false)
    expect(await isSignedIn(cookiesOf(answer))).toBe(true)
  })

  test('dies at once when the user is disabled or signs out', async () => {
    const owner = await server.addUser('boss@example.com', ['owner'])
    const user = await server.addUser('leaver@example.com', ['marketer'])
    expect(await isSignedIn(user.cookie)).toBe(true)
    await server.call('PATCH', `/api/users/${user.id}`, {
      cookie: owner.cookie,
      body: { disabled: true },
    })
    expect(await isSignedIn(user.cookie)).toBe(false)
    await server.call('PATCH', `/api/users/${user.id}`, {
      cookie: owner.cookie,
      body: { disabled: false },
    })
    expect(await isSignedIn(user.cookie), 'stays dead').toBe(false)
    await server.call('DELETE', '/api/session', { cookie: owner.cookie })
    expect(await isSignedIn(owner.cookie)).toBe(false)
  })

  test('ends after 12 idle hours and after 7 days', async () => {
    let now = Date.UTC(2026, 0, 1)
    const sessions = createSessionStore(server.database, () => now)
    const hour = 3_600_000
    const idle = await sessions.open('u')
    now += 12 * hour - 1
    expect(await sessions.userOf(idle)).toBe('u')
    now += 12 * hour
    expect(await sessions.userOf(idle)).toBeUndefined()
    const busy = await sessions.open('u')
    for (let i = 0; i < 16; i++) {
      now += 10 * hour
      expect(await sessions.userOf(busy)).toBe('u')
    }
    now += 8 * hour
    expect(await sessions.userOf(busy)).toBeUndefined()
  })
})

describe('other sites', () => {
  const callFrom = async (headers: Record<string, string>) => {
    const { cookie } = await server.addUser(`csrf${Math.random()}@example.com`, ['marketer'])
    const answer = await fetch(`${server.url}/api/session`, {
      method: 'PATCH',
      headers: { Cookie: cookie, 'Content-Type': 'application/json', ...headers },
      body: '{"name":"A"}',
    })
    return answer.status
  }

  test.each([
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { Origin: 'http://127.0.0.1:1' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    {},
  ])('cannot change anything with the cookie: %o', async (headers) => {
    expect(await callFrom(headers as Record<string, string>)).toBe(403)
  })

  test('the editor itself can', async () => {
    expect(await callFrom({ Origin: server.url, 'Sec-Fetch-Site': 'same-origin' })).toBe(200)
    expect(await callFrom({ 'Sec-Fetch-Site': 'same-origin' })).toBe(200)
  })

  const statusFor = (host: string) =>
    new Promise<number>((resolve, reject) => {
      const { hostname, port } = new URL(server.url)
      const sent = request({ hostname, port, path: '/api/health', headers: { host } }, (answer) => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      })
      sent.on('error', reject)
      sent.end()
    })

  test.each([
    ['evil.example', 403],
    ['localhost.evil.example', 403],
    ['evil@localhost', 403],
    ['127.0.0.1.nip.io:80', 403],
    ['localhost', 200],
    ['127.0.0.1:7300', 200],
    ['[::1]:7300', 200],
  ])('cannot reach the server as %s (%i)', async (host, status) => {
    expect(await statusFor(host)).toBe(status)
  })
})

describe('guessing passwords', () => {
  test('is checked ten times a minute, and locks no known browser out', async () => {
    await server.addUser('target@example.com', ['marketer'], PASSWORD)
    const known = cookiesOf(await signIn('target@example.com', PASSWORD))
    const answers = await Promise.all(
      Array.from({ length: 25 }, () => signIn('Target@example.com', 'wrong password')),
    )
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 401).length).toBe(9)
    expect(statuses.filter((status) => status === 429).length).toBe(16)
    expect((await signIn('target@example.com', PASSWORD)).status).toBe(429)
    const own = await signIn('target@example.com', PASSWORD, { Cookie: known, Origin: server.url })
    expect(own.status).toBe(200)
  })

  test('tells nothing about who has an account, and logs no address', async () => {
    await server.database.collection('rate_limits').deleteMany({})
    await server.addUser('known@example.com', ['marketer'], PASSWORD)
    const known = await (await signIn('known@example.com', 'wrong password')).text()
    const unknown = await (await signIn('unknown@example.com', 'wrong password')).text()
    expect(known).toBe(unknown)
    expect(server.logged.join('')).not.toMatch(/@example/)
  })
})
