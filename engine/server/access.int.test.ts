/** Every route × every kind of caller: exactly the cells the route table declares are open. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../contract/api.ts'
import { userRoleSchema, type Route, type UserRole } from '../contract/api/route.ts'
import { startTestServer, type TestServer } from './test-support.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const table = Object.entries(routes) as Array<[string, Route]>
const pathOf = (route: Route) => route.path.replace(':version', '1').replace(/:\w+/g, 'nothing')
const mayCall = (route: Route, role: UserRole): boolean =>
  typeof route.access === 'string' || role === 'owner' || route.access.includes(role)

/** A body no schema takes: who is let in gets 400, and nothing is changed. */
const callWith = async (route: Route, headers: { token?: string; cookie?: string }) => {
  const body = route.method === 'GET' || route.rawBody ? {} : { body: { unknown: true } }
  const answer = await server.call(route.method, pathOf(route), { ...headers, ...body })
  await answer.body?.cancel()
  return answer.status
}

test.each(userRoleSchema.options)('lets the role %s do what the table says', async (role) => {
  const token = await server.addToken([role])
  const { cookie } = await server.addUser(`${role}@example.com`, [role])
  for (const [id, route] of table)
    for (const headers of [{ token }, { cookie }]) {
      const status = await callWith(route, headers)
      expect([401, 403].includes(status), `${id} for ${role}: ${status}`).toBe(
        !mayCall(route, role),
      )
      expect(status, `${id} for ${role}`).toBeLessThan(500)
      if (!mayCall(route, role)) expect(status, id).toBe(403)
    }
})

test('answers 401 to strangers, disabled users and wrong tokens on all but public routes', async () => {
  const disabled = await server.addUser('gone@example.com', ['owner'])
  await server.database
    .collection('users')
    .updateOne({ email: 'gone@example.com' }, { $set: { disabled: true } })
  const strangers = [
    {},
    { cookie: disabled.cookie },
    { cookie: `${server.cookieName}=${'A'.repeat(43)}` },
    { token: `hdl_${'A'.repeat(43)}` },
    { token: 'not-a-token' },
  ]
  for (const [id, route] of table)
    for (const headers of strangers) {
      const status = await callWith(route, headers)
      expect(status === 401, `${id}: ${status}`).toBe(route.access !== 'public')
    }
})

test('keeps the list of public routes short', () => {
  const open = table.filter(([, route]) => route.access === 'public').map(([id]) => id)
  expect(open).toEqual([
    'health',
    'openapi',
    'sessionOpen',
    'sessionClaim',
    'preferencePage',
    'preferenceSave',
    'gpcSupport',
    'signalRead',
  ])
})

test('answers unknown addresses and methods in JSON', async () => {
  const unknown = await server.call('GET', '/api/nowhere')
  expect(unknown.status).toBe(404)
  expect(await unknown.json()).toMatchObject({ error: { code: 'no_such_route' } })
  const method = await server.call('DELETE', '/api/flows')
  expect(method.status).toBe(405)
  expect(method.headers.get('allow')).toBe('GET, POST')
  expect((await server.call('OPTIONS', '/api/flows')).status).toBe(405)
  expect((await server.call('GET', '/api/flows/')).status).toBe(404)
})
