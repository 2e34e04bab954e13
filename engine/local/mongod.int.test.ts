import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { MongoClient } from 'mongodb'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { cacheFolder } from './cache-folder.ts'
import { findMongod } from './find-mongod.ts'
import { anyFreePort, loopback } from './free-port.ts'
import { type Home, openHome } from './home.ts'
import { type LocalMongod, startMongod } from './mongod.ts'
import { processIdentity } from './process-identity.ts'
import { startWatchdog, type Watchdog } from './watchdog.ts'

let home: Home
let watchdog: Watchdog
const running: LocalMongod[] = []

beforeEach(async () => {
  home = await openHome(await mkdtemp(join(tmpdir(), 'heddle-mongod-')))
  watchdog = startWatchdog()
})

afterEach(async () => {
  await Promise.all(running.splice(0).map((mongod) => mongod.stop()))
  watchdog.close()
  await rm(home.root, { recursive: true, force: true })
})

async function start(port?: number): Promise<LocalMongod> {
  const { MONGODB_URI: _elsewhere, ...env } = process.env
  const found = await findMongod({ env, cache: cacheFolder(), report: () => {} })
  if (found.kind !== 'binary') throw new Error('This test needs a mongod of its own.')
  const timing = { healthEveryMs: 300 }
  const mongod = await startMongod({
    binary: found.path,
    home,
    port: port ?? (await anyFreePort()),
    watchdog,
    timing,
  })
  running.push(mongod)
  return mongod
}

async function withDatabase<T>(uri: string, act: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 15_000 })
  try {
    return await act(client)
  } finally {
    await client.close()
  }
}

const insert = (uri: string, name: string) =>
  withDatabase(uri, (client) => client.db('test').collection('kept').insertOne({ name }))

const names = (uri: string) =>
  withDatabase(uri, async (client) => {
    const kept = await client.db('test').collection('kept').find().sort({ _id: 1 }).toArray()
    return kept.map((document) => document['name'] as string)
  })

it('gives transactions and change streams to one who signs in', async () => {
  const { uri } = await start()
  await withDatabase(uri, async (client) => {
    const kept = client.db('test').collection('kept')
    await kept.insertOne({ name: 'first' })
    const changes = kept.watch()
    const next = changes.next()
    await client.withSession((session) =>
      session.withTransaction(() => kept.insertOne({ name: 'second' }, { session })),
    )
    expect(await next).toMatchObject({ operationType: 'insert', fullDocument: { name: 'second' } })
    await changes.close()
  })
})

it.each([
  ['no password', (uri: string) => uri.replace(/heddle:[^@]+@/, '')],
  ['a wrong password', (uri: string) => uri.replace(/heddle:[^@]+@/, 'heddle:wrong@')],
])('refuses one with %s', async (_what, changed) => {
  const { uri } = await start()
  await expect(names(changed(uri))).rejects.toThrow(/authenticat/i)
})

it('keeps its secrets readable by their owner only, and out of the log', async () => {
  const { uri } = await start()
  for (const name of ['mongo.key', 'mongo.password'])
    expect((await stat(join(home.secrets, name))).mode & 0o777).toBe(0o600)
  const password = /heddle:([^@]+)@/.exec(uri)?.[1] ?? 'missing'
  expect(await readFile(join(home.logs, 'mongod.log'), 'utf8')).not.toContain(password)
})

it('comes back on the same port with its data after kill -9', async () => {
  const mongod = await start()
  await insert(mongod.uri, 'before')
  const killed = mongod.pid() ?? 0
  process.kill(killed, 'SIGKILL')
  while (mongod.pid() === killed || !mongod.isUp()) await wait(20)
  await insert(mongod.uri, 'after')
  expect(await names(mongod.uri)).toEqual(['before', 'after'])
})

it('is started again when it runs but does not answer', async () => {
  const mongod = await start()
  const frozen = mongod.pid() ?? 0
  process.kill(frozen, 'SIGSTOP')
  while (mongod.pid() === frozen || !mongod.isUp()) await wait(20)
  await insert(mongod.uri, 'after')
  expect(await processIdentity(frozen)).toBeUndefined()
})

it('keeps its data and password from one start to the next', async () => {
  const first = await start()
  await insert(first.uri, 'kept')
  await first.stop()
  const second = await start(first.port)
  expect(second.uri).toBe(first.uri)
  expect(await names(second.uri)).toEqual(['kept'])
})

it('moves to another port with its data when its own is taken', async () => {
  const first = await start()
  await insert(first.uri, 'kept')
  await first.stop()
  const foreign = createServer()
  await new Promise<void>((resolve) => foreign.listen(first.port, loopback, resolve))
  const second = await start(first.port)
  foreign.close()
  expect(second.port).not.toBe(first.port)
  expect(await names(second.uri)).toEqual(['kept'])
})

it('leaves no process when stopped', async () => {
  const mongod = await start()
  const pid = mongod.pid() ?? 0
  await mongod.stop()
  expect(await processIdentity(pid)).toBeUndefined()
})
