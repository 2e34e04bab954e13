import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { createConnectionStore, type ConnectionStore } from './connections.ts'
import { createSecrets } from './secrets.ts'

const KEY = Buffer.alloc(32, 5)
let own: TestDatabase
let connections: ConnectionStore
beforeAll(async () => {
  own = await testDatabase()
  connections = createConnectionStore(own.database, createSecrets(KEY))
})
afterAll(() => own.close())

const hook = (url: string, secrets: Record<string, string> = {}) => ({
  name: 'Shop',
  kind: 'webhook' as const,
  settings: { url },
  secrets,
})

test('never shows a secret again, nor stores it readable', async () => {
  const made = await connections.create(hook('https://a.example/x', { key: 'whsec_abc' }))
  expect(made.secrets).toEqual(['key'])
  expect(JSON.stringify(await connections.list())).not.toContain('whsec_abc')
  const stored = await own.database.collection('connections').find().toArray()
  expect(JSON.stringify(stored)).not.toContain('whsec_abc')
  expect((await connections.read(made.id)).secrets).toEqual({ key: 'whsec_abc' })
})

test('changes only the secrets given, and takes emptied ones away', async () => {
  const { id } = await connections.create(hook('https://a.example', { a: '1', b: '2', c: '3' }))
  await connections.update(id, hook('https://a.example/other', { b: 'new', c: '' }))
  expect((await connections.read(id)).secrets).toEqual({ a: '1', b: 'new' })
})

test('lets no stored secret follow the connection to another receiver', async () => {
  const { id } = await connections.create(hook('https://a.example', { key: '1' }))
  await expect(connections.update(id, hook('https://evil.example'))).rejects.toMatchObject({
    code: 'secrets_needed_again',
  })
  await connections.update(id, hook('https://b.example', { key: '2' }))
  expect((await connections.read(id)).secrets).toEqual({ key: '2' })
})

test('uses no secret that was copied from another connection', async () => {
  const one = await connections.create(hook('https://a.example', { key: 'one' }))
  const two = await connections.create(hook('https://b.example', { key: 'two' }))
  const rows = own.database.collection<{ _id: string; secrets: unknown }>('connections')
  const stolen = await rows.findOne({ _id: one.id })
  await rows.updateOne({ _id: two.id }, { $set: { secrets: stolen?.secrets } })
  await expect(connections.read(two.id)).rejects.toMatchObject({ code: 'secret_was_changed' })
})
