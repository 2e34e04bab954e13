/** Files at web addresses, from a real server on this machine through the real egress client. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { detectFile } from '../../nodes/lib/detect-file.ts'
import { nodeTypes } from '../../nodes/index.ts'
import { testDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { RejectedError, RetryableError } from '../contract/error.ts'
import type { FilesService } from '../contract/services.ts'
import { createEgress, type Egress } from '../egress/create-egress.ts'
import { previewFlow } from '../run/preview.ts'
import { createFetchedFiles } from './fetched-files.ts'
import { createSourceFiles } from './source-files.ts'
import { createUploadStore } from './uploads.ts'

const CSV = 'name,age\nAda,36\nTim,12\n'
type Answer = (req: IncomingMessage, res: ServerResponse) => void

let database: TestDatabase
let server: Server
let url: string
let http: Egress
let files: FilesService
let previewFiles: FilesService
let answer: Answer
let asked: IncomingMessage[]

beforeAll(async () => {
  database = await testDatabase()
  server = createServer((req, res) => {
    asked.push(req)
    answer(req, res)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  url = `http://127.0.0.1:${port}/people.csv`
  http = createEgress({
    allowAddresses: ['loopback'],
    allowPorts: [80, port],
    maxDownloadBytes: 200_000,
    timeoutMs: 1_000,
    followRedirects: 3,
  })
  const uploads = createUploadStore(database.database, detectFile)
  const fetched = createFetchedFiles({ database: database.database, uploads, http })
  files = createSourceFiles({ uploads, fetched, importFolders: [] })
  previewFiles = createSourceFiles({ uploads, fetched, importFolders: [], freshMs: 60_000 })
})
beforeEach(async () => {
  asked = []
  answer = (_req, res) => res.end(CSV)
  for (const name of ['files', 'fetched_files'] as const)
    await database.database.collection(name).deleteMany({})
  for (const name of ['uploads.files', 'uploads.chunks'])
    await database.database.db.collection(name).deleteMany({})
})
afterAll(async () => {
  await http.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await database.close()
})

const list = (from: FilesService = files, address = url) => from.list({ kind: 'url', url: address })
async function read(from: FilesService = files): Promise<string> {
  const [file] = await list(from)
  return Buffer.from(await files.read(file?.id ?? '', 0, file?.bytes ?? 0)).toString()
}
const stored = () => database.database.db.collection('uploads.files').countDocuments()
const chunks = () => database.database.db.collection('uploads.chunks').countDocuments()

it.each<[what: string, answer: Answer]>([
  ['with its length', (_req, res) => res.writeHead(200, { 'content-length': CSV.length }).end(CSV)],
  [
    'in pieces without a length',
    (_req, res) => {
      res.write(CSV.slice(0, 10))
      setTimeout(() => res.end(CSV.slice(10)), 50)
    },
  ],
  ['gzipped', (_req, res) => res.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(CSV))],
  [
    'behind redirects',
    (req, res) =>
      req.url === '/people.csv'
        ? res.writeHead(302, { location: '/moved.csv' }).end()
        : res.end(CSV),
  ],
])('reads a file %s', async (_what, given) => {
  answer = given
  expect(await read()).toBe(CSV)
})

it.each<[what: string, answer: Answer, error: object]>([
  [
    'is not there',
    (_req, res) => res.writeHead(404).end('No such file: secret'),
    {
      name: 'RejectedError',
      code: 'url_not_readable',
      message: expect.stringContaining('404') as string,
    },
  ],
  ['is not offered', (_req, res) => res.writeHead(204).end(), { code: 'url_not_readable' }],
  ['wants a password', (_req, res) => res.writeHead(401).end(), { code: 'url_not_readable' }],
  ['comes later', (_req, res) => res.writeHead(503).end(), { name: 'RetryableError' }],
  ['is asked for too often', (_req, res) => res.writeHead(429).end(), { name: 'RetryableError' }],
  [
    'is too large, and says so',
    (_req, res) => res.writeHead(200, { 'content-length': 300_000 }).end('x'.repeat(300_000)),
    { name: 'RejectedError', code: 'url_too_large' },
  ],
  [
    'is too large once unpacked',
    (_req, res) =>
      res.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(5_000_000))),
    { name: 'RejectedError', code: 'url_too_large' },
  ],
  [
    'never ends',
    (_req, res) => {
      const timer = setInterval(() => res.write('x'), 50)
      res.on('close', () => clearInterval(timer))
    },
    { name: 'RetryableError', code: 'egress_timeout' },
  ],
  [
    'breaks off',
    (_req, res) => {
      res.writeHead(200, { 'content-length': 1_000 }).write('name')
      setTimeout(() => res.destroy(), 50)
    },
    { name: 'RetryableError' },
  ],
  [
    'leads on without end',
    (_req, res) => res.writeHead(302, { location: '/people.csv' }).end(),
    { code: 'egress_bad_redirect' },
  ],
  [
    'leads to an address inside',
    (_req, res) => res.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
    { code: 'egress_blocked_address' },
  ],
  [
    'leads to a file of the machine',
    (_req, res) => res.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    { name: 'EgressRefusal' },
  ],
])('refuses a file that %s, and keeps nothing of it', async (_what, given, expected) => {
  answer = given
  const error: unknown = await list().then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  const { name: _name, ...rest } = expected as { name?: string }
  expect(error).toMatchObject(rest)
  if (_name === 'RetryableError') expect(error).toBeInstanceOf(RetryableError)
  else expect(error).toBeInstanceOf(RejectedError)
  expect((error as Error).message).not.toMatch(/secret|people\.csv/)
  expect(await database.database.collection('files').countDocuments()).toBe(0)
  expect(await chunks()).toBe(0)
})

it.each([
  ['etag', 'if-none-match', '"v1"'],
  ['last-modified', 'if-modified-since', 'Tue, 24 Nov 2026 05:00:00 GMT'],
])('stores a file once while its %s is the same', async (header, condition, value) => {
  answer = (req, res) =>
    req.headers[condition] === value
      ? res.writeHead(304).end()
      : res.writeHead(200, { [header]: value }).end(CSV)
  for (let i = 0; i < 5; i++) expect(await read()).toBe(CSV)
  expect(asked.map(({ headers }) => headers[condition])).toEqual([
    undefined,
    ...Array<string>(4).fill(value),
  ])
  expect(await stored()).toBe(1)
})

it('reads a changed file anew, while who reads the earlier one goes on with it', async () => {
  answer = (_req, res) => res.writeHead(200, { etag: '"v1"' }).end(CSV)
  const [before] = await list()
  answer = (_req, res) => res.writeHead(200, { etag: '"v2"' }).end('name\nEva\n')
  expect(await read()).toBe('name\nEva\n')
  const still = await files.read(before?.id ?? '', 0, before?.bytes ?? 0)
  expect(Buffer.from(still).toString()).toBe(CSV)
})

it('asks once for dry runs that follow one another, and again for a run', async () => {
  for (let i = 0; i < 5; i++) await list(previewFiles)
  expect(asked).toHaveLength(1)
  expect(await stored()).toBe(1)
  await list(files)
  expect(asked).toHaveLength(2)
})

it('fetches again when the stored file was deleted', async () => {
  await list()
  await database.database.collection('files').deleteMany({})
  expect(await read(previewFiles)).toBe(CSV)
})

it.each([
  ['csv_file', CSV],
  ['ndjson_file', '{"name":"Ada","age":36}\n{"name":"Tim","age":12}\n'],
])('gives the records of a %s step', async (type, text) => {
  answer = (_req, res) => res.end(text)
  const config = { origin: { kind: 'url' as const, url } }
  const node = { id: 'read', type, version: 1, name: '', config, position: { x: 0, y: 0 } }
  const preview = await previewFlow({
    graph: { schemaVersion: 1, nodes: [node], wires: [], settings: {} },
    types: new Map(nodeTypes.map((nodeType) => [nodeType.type, nodeType])),
    services: { files: previewFiles },
    rows: 10,
    now: '2026-01-15T00:00:00.000Z',
  })
  expect(preview.rows['read']?.map((row) => row['name'])).toEqual(['Ada', 'Tim'])
})
