/** A real server on a port and a real database, with stand-ins for the engine only. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import pino from 'pino'
import { testDatabase } from '../../test/support/test-database.ts'
import type { UserRole } from '../contract/api/route.ts'
import type { RunView } from '../contract/run.ts'
import { createSessionStore } from '../store/sessions.ts'
import { createTokenStore } from '../store/tokens.ts'
import { createUserStore } from '../store/users.ts'
import { createApp } from './app.ts'
import { createCollect } from './collect/create-collect.ts'
import { hashPassword } from './auth/passwords.ts'
import type { ServerOptions, ServerParts } from './parts.ts'

export const SECRETS_KEY = Buffer.alloc(32, 7)
export const PASSWORD = 'correct horse battery staple'

export type TestServer = Awaited<ReturnType<typeof startTestServer>>

export async function startTestServer(
  replace: Partial<ServerParts> = {},
  options: Partial<ServerOptions> = {},
) {
  const { database, close } = await testDatabase()
  const logged: string[] = []
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const parts: ServerParts = {
    ...idleParts(),
    database,
    collect: createCollect({ database }),
    secretsKey: SECRETS_KEY,
    ...replace,
  }
  const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) })
  const app = createApp(parts, {
    version: '0.0.0',
    publicUrl: url,
    editorFolder: tmpdir(),
    log,
    ...options,
  })
  server.on('request', (req, res) => void app(req, res))

  const users = createUserStore(database)
  const sessions = createSessionStore(database)
  const cookieName = `heddle_session_${port}`

  return {
    url,
    database,
    parts,
    logged,
    cookieName,
    users,
    sessions,
    /** A user with a password, signed in by a cookie. */
    async addUser(email: string, roles: UserRole[], password?: string) {
      const user = await users.invite({ name: 'Test Person', email, roles })
      await database
        .collection('users')
        .updateOne(
          { email },
          { $set: { password: password === undefined ? 'none' : await hashPassword(password) } },
        )
      return { id: user._id, cookie: `${cookieName}=${await sessions.open(user._id)}` }
    },
    async addToken(roles: UserRole[]): Promise<string> {
      return (await createTokenStore(database).create({ name: roles.join('-'), roles })).token
    },
    call: (method: string, path: string, { token, cookie, body, headers }: CallInput = {}) =>
      fetch(url + path, {
        method,
        headers: {
          ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
          ...(cookie === undefined ? {} : { Cookie: cookie, Origin: url }),
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined
          ? {}
          : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await close()
    },
  }
}

export interface CallInput {
  token?: string
  cookie?: string
  /** A text is sent as it is. */
  body?: unknown
  headers?: Record<string, string>
}

export const testRun = (change: Partial<RunView> = {}): RunView => ({
  id: 'run1',
  flowId: 'flow1',
  flowName: 'Flow',
  flowVersion: 1,
  state: 'running',
  startedAt: '2026-01-01T00:00:00.000Z',
  startedBy: 'Test Person',
  trigger: 'person',
  stages: {},
  counts: {},
  read: 0,
  ...change,
})

/** An engine in which nothing runs and nobody is known. */
function idleParts(): Omit<ServerParts, 'collect' | 'database' | 'secretsKey'> {
  const empty = async () => ({ items: [] })
  const nothing = async () => undefined
  const run = async () => testRun()
  return {
    registry: {
      catalog: () => [],
      broken: () => [],
      version: () => 'built-in',
      watches: false,
      onChange: () => () => undefined,
    },
    analyse: () => ({ problems: [], shapes: {}, arrives: {} }),
    dryRuns: {
      preview: async () => ({ counts: {}, rows: {}, fates: {}, payloads: {}, sampled: 0 }),
      estimate: async () => ({ wires: {}, ends: {}, exact: true, read: 0, of: 0, tookMs: 0 }),
      follow: async () => ({ found: 0, steps: [], profiles: [] }),
      test: async () => [],
    },
    runs: {
      start: run,
      read: nothing,
      list: empty,
      async *watch() {},
      pause: run,
      resume: run,
      cancel: run,
      retry: run,
      files: async () => [],
      openFile: nothing,
      graphOf: async () => ({ schemaVersion: 1, nodes: [], wires: [], settings: {} }),
    },
    schedules: { sync: nothing, remove: nothing },
    deadLetters: { list: empty, rerun: run, discard: async () => 0 },
    files: {
      async store({ name, stream }) {
        let bytes = 0
        for await (const chunk of stream) bytes += (chunk as Buffer).length
        return {
          id: 'file1',
          name,
          bytes,
          uploadedAt: '2026-01-01T00:00:00.000Z',
          detected: { format: 'csv', encoding: 'utf-8', columns: [] },
        }
      },
      list: empty,
      read: nothing,
      remove: async () => false,
    },
    profiles: { search: empty, read: nothing, idOf: nothing },
    propagations: { start: () => undefined, ofProfile: async () => [] },
    requests: {
      create: async () => {
        throw new Error('This test has no requests.')
      },
      list: empty,
      read: nothing,
      act: nothing,
      answer: nothing,
      find: nothing,
      lift: async () => 0,
    },
    audiences: { list: empty },
    sample: {
      state: async () => ({ state: 'absent' as const }),
      load: async () => ({ state: 'loading' as const }),
    },
    sendTest: async () => ({ ok: true, message: 'Received.' }),
    health: async () => ({ ok: true, parts: { mongodb: 'up' as const, temporal: 'up' as const } }),
  }
}
