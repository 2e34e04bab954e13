/** The test button of a connection, against a real server on this machine. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Json } from '../contract/json.ts'
import { createEgress, type Egress } from '../egress/create-egress.ts'
import { createTestSender } from './send-test.ts'

let server: Server
let http: Egress
let url: string
let answer: (req: IncomingMessage, res: ServerResponse) => void
beforeAll(async () => {
  server = createServer((req, res) => answer(req, res))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  url = `http://127.0.0.1:${port}/hook?token=abc`
  http = createEgress({ allowAddresses: ['loopback'], allowPorts: [port], timeoutMs: 500 })
})
afterAll(async () => {
  await http.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const send = (
  settings: Record<string, Json> = { url },
  secrets: Record<string, string> = {},
  client: Egress = http,
) =>
  createTestSender({
    connections: { read: async () => ({ name: 'CRM', settings, secrets }) },
    http: client,
  })('any')

it('signs the message as the flow would, so that the receiver can check it', async () => {
  const signing_secret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`
  let received: unknown
  answer = (req, res) => {
    void text(req).then((body) => {
      received = new Webhook(signing_secret).verify(body, req.headers as Record<string, string>)
      res.writeHead(req.headers.authorization === 'Bearer t' ? 204 : 401).end()
    })
  }
  const result = await send({ url }, { signing_secret, authorization: 'Bearer t' })
  expect(result).toEqual({ ok: true, message: 'The receiver answered 204.' })
  expect(received).toMatchObject({ type: 'heddle.test' })
})

it.each<[what: string, answer: typeof answer, said: RegExp]>([
  ['refuses it', (_req, res) => res.writeHead(403).end('token=abc'), /answered 403/],
  ['is broken', (_req, res) => res.writeHead(500).end(), /answered 500/],
  ['leads on', (_req, res) => res.writeHead(302, { location: '/other' }).end(), /answered 302/],
  ['hangs up', (req) => req.socket.destroy(), /closed or refused the connection/],
  ['says nothing', () => undefined, /did not answer in time/],
])('says so when the receiver %s, without its secrets', async (_what, given, said) => {
  answer = given
  const result = await send()
  expect(result).toMatchObject({ ok: false, message: expect.stringMatching(said) as string })
  expect(result.message).not.toContain('abc')
})

it('says what to do when there is no address, or one inside', async () => {
  expect(await send({})).toMatchObject({
    ok: false,
    message: expect.stringContaining('no address') as string,
  })
  const strict = createEgress()
  const inside = await send({ url: 'http://127.0.0.1:8080/' }, {}, strict)
  await strict.close()
  expect(inside).toMatchObject({
    ok: false,
    message: expect.stringContaining('not a public address') as string,
  })
})
