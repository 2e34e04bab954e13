/** Erased people are nowhere, and stay so, on the real database. */
import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { inflateSync } from 'node:zlib'
import { Binary, type Document } from 'mongodb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { detectFile } from '../../nodes/lib/detect-file.ts'
import { testDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import type { Identifier, Item } from '../contract/item.ts'
import { packItems, packText } from '../run/page-codec.ts'
import type { RunDocument } from './runs.ts'
import { createDataPlane, type DataPlane } from '../worker/data-plane.ts'
import { findPerson } from './find-person.ts'

const PEOPLE = 100
const NOW = '2026-05-01T00:00:00.000Z'

let test: TestDatabase
let plane: DataPlane

const notHere = async () => {
  throw new Error('This test has no network.')
}
beforeAll(async () => {
  test = await testDatabase()
  plane = createDataPlane({
    database: test.database,
    identityKey: randomBytes(32),
    http: { request: notHere, download: notHere },
    connections: { read: notHere },
    importFolders: [],
    detect: detectFile,
  })
})
afterAll(() => test?.close())

const canary = (i: number) => ({
  email: `canary-${i}-x@example.com`,
  phone: `+4420794${String(60_000 + i)}`,
  user: `canary-user-${i}`,
  name: `Canaryname${i}q`,
})
const bystander = 'bystander@example.com'

const idsOf = (i: number): Identifier[] => [
  { type: 'email', value: canary(i).email },
  { type: 'phone', value: canary(i).phone },
  { type: 'user_id', value: canary(i).user },
]

const run = { _id: 'run1', flowId: 'flow', flowVersion: 2, startedAt: new Date(NOW) }
const services = () =>
  plane.servicesFor({ ...run, graph: { nodes: [] } } as unknown as RunDocument, 'n1')

const itemOf = (identifiers: Identifier[], at: number, fields: Item['fields'] = {}): Item => ({
  id: `src:${at}`,
  source: 'CRM',
  fields: { ...fields, list: identifiers as never },
})

async function match(lists: Identifier[][]): Promise<Item[]> {
  const items = lists.map((list, i) => itemOf(list, i))
  return services().identity.matchPage(items, {
    identifiersOf: (item) => item.fields['list'] as unknown as Identifier[],
    rules: undefined,
  })
}

/** Writes one person into every store that takes people in. Returns the profile id. */
async function plant(indexes: number[]): Promise<string[]> {
  const matched = await match(indexes.map(idsOf))
  const ids = matched.map(({ profileId }) => profileId ?? '')
  const { profiles, audiences } = services()
  const people = indexes.map((i, at) => ({ ...canary(i), i, profileId: ids[at] ?? '' }))
  await profiles.write(
    people.map(({ profileId, i, name, email }) => ({
      profileId,
      isNew: true,
      identifiers: idsOf(i),
      traits: [
        { trait: 'firstName', value: name, at: NOW, source: 'CRM', rule: 'latest' },
        { trait: 'email', value: email, at: NOW, source: 'CRM', rule: 'latest' },
      ],
    })),
  )
  await profiles.appendEvents(
    people.map(({ profileId, i, name }) => ({
      messageId: `m${i}`,
      profileId,
      type: 'track',
      name: 'Order Completed',
      time: NOW,
      source: 'Shop',
      properties: { recipient: name },
    })),
  )
  await profiles.appendConsents(
    people.map(({ profileId, i, email }) => ({
      key: `c${i}`,
      profileId,
      purpose: 'ads',
      state: 'granted',
      kind: 'explicit',
      at: NOW,
      verifiedBy: `email:${email}`,
    })),
  )
  await audiences.update(
    'vip',
    people.map(({ profileId }) => ({ profileId, inside: true, why: 'It bought much.' })),
  )
  await services().deliveries.record(
    people.map(({ profileId, i }) => ({
      key: `run1:n1:src:${i}`,
      profileId,
      fields: ['email'],
      purposes: ['ads'],
      recipient: 'hook.example',
      status: 200,
    })),
  )
  return ids
}

async function plantRaw(indexes: number[]): Promise<void> {
  const people = indexes.map((i) => ({ ...canary(i), i }))
  const { db } = test.database
  const body = (person: (typeof people)[number]) =>
    JSON.stringify({
      type: 'identify',
      traits: { Email: person.email.toUpperCase() },
      n: person.name,
    })
  await db
    .collection<Document>('incoming_events')
    .insertMany([
      ...people.map((p) => ({ _id: `in${p.i}` as never, at: new Date(), part: 1, body: body(p) })),
      { _id: 'in-other' as never, at: new Date(), part: 1, body: `{"email":"${bystander}"}` },
    ])
  await db
    .collection<Document>('refused_events')
    .insertMany(people.map((p) => ({ _id: `re${p.i}` as never, at: new Date(), body: body(p) })))
  const items: Item[] = [
    ...people.map((p) => itemOf([], p.i, { mail: p.email, name: p.name })),
    itemOf([], 9_999, { mail: bystander }),
  ]
  const scope = { runId: 'run1', flowId: 'flow', stageId: 's1' }
  await plane.parked.wait(
    scope,
    items.map((item) => ({ nodeId: 'n1', item, code: 'busy', afterMs: 1 })),
  )
  await plane.parked.park(
    scope,
    items.map((item) => ({ nodeId: 'n1', item, code: 'gave_up' })),
  )
  const page = { runId: 'run1', wireId: 'w', generation: 'g', pageNo: 0 }
  await plane.pages.write(page, packItems(items, 'store'))
  const hashed = createHash('sha256')
    .update(canary(indexes[0] ?? 0).email)
    .digest('hex')
  const text = `${people.map((p) => `"${p.name}, of\nLondon",${p.email},${p.phone}`).join('\n')}\nx,${bystander},\nh,${hashed},\n`
  const bytes = Buffer.byteLength(text)
  const part = { runId: 'run1', nodeId: 'n1', pageNo: 0, rows: people.length + 2, bytes }
  await plane.outputs.write({ ...part, data: packText(text) })
  const csv = `name,email,phone\n${text}`
  const json = `${people.map((p) => JSON.stringify({ n: p.name, tel: `020 794${60_000 + p.i}` })).join('\n')}\n{"e":"${bystander}"}\n`
  await plane.uploads.store({
    name: 'people.csv',
    stream: Readable.from([Buffer.from(csv)]),
    by: 'test',
  })
  await plane.uploads.store({
    name: 'people.ndjson',
    stream: Readable.from([Buffer.from(json)]),
    by: 'test',
  })
}

/** All that is stored, as text: packed bytes are unpacked, chunks of files are read. */
async function everything(): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const { name } of await test.database.db.listCollections().toArray()) {
    const rows = await test.database.db.collection(name).find().toArray()
    found.set(name, rows.map((row) => JSON.stringify(row, readable)).join('\n'))
  }
  return found
}
function readable(this: unknown, key: string, value: unknown): unknown {
  const raw = (this as Record<string, unknown>)[key]
  if (!(raw instanceof Binary)) return value
  const bytes = Buffer.from(raw.buffer)
  return bytes[0] === 0x78 ? inflateSync(bytes).toString() : bytes.toString()
}

async function hits(indexes: number[]): Promise<string[]> {
  const stored = await everything()
  return [...stored].flatMap(([name, text]) =>
    indexes.flatMap((i) =>
      Object.values(canary(i))
        .filter((value) => text.toLowerCase().includes(value.toLowerCase()))
        .map((value) => `${name}: ${value}`),
    ),
  )
}

async function eraseAll(indexes: number[], mode: 'erase' | 'anonymise' = 'erase'): Promise<void> {
  for (const i of indexes) {
    const asked = idsOf(i).slice(0, 1)
    const person = await findPerson(test.database, plane.identities, { identifiers: asked })
    await plane.suppressions.add({ ...person, request: `q${i}`, reason: 'erasure' })
    const results = await plane.eraser.erase(person, mode)
    expect(results.filter(({ state }) => state !== 'done')).toEqual([])
  }
}

const indexes = Array.from({ length: PEOPLE }, (_, i) => i)

it('leaves nothing of 100 erased people in any collection or file, and others untouched', async () => {
  const ids = await plant(indexes)
  await plantRaw(indexes)
  expect((await hits([7])).length).toBeGreaterThan(15)
  await eraseAll(indexes)
  expect(await hits(indexes)).toEqual([])
  const all = [...(await everything())]
  const pointing = all.filter(([, text]) => ids.some((id) => text.includes(id)))
  expect(pointing.map(([name]) => name)).toEqual([])
  const kept = all.filter(([, text]) => text.includes(bystander)).map(([name]) => name)
  expect(kept.sort()).toEqual([
    'dead_letters',
    'files',
    'incoming_events',
    'output_parts',
    'pages',
    'uploads.chunks',
    'waiting',
  ])
  const hashed = createHash('sha256').update(canary(0).email).digest('hex')
  expect(all.filter(([, text]) => text.includes(hashed))).toEqual([])
}, 120_000)

it('keeps erased people out: records, late writes, consents and memberships make nobody', async () => {
  const [again] = await match([idsOf(3)])
  expect(again).toMatchObject({ erased: true })
  expect(again?.profileId).toBeUndefined()
  expect(await hits([3])).toEqual([])
  const one = await plant([500])
  await eraseAll([500])
  const { profiles, audiences } = services()
  const profileId = one[0] ?? ''
  const identifiers = idsOf(500)
  await profiles.write([{ profileId, isNew: true, identifiers, traits: [] }])
  await profiles.write([{ profileId, isNew: false, identifiers, traits: [] }])
  await plane.consents.append([
    { key: 'late', profileId, purpose: 'ads', state: 'granted', kind: 'explicit', at: NOW },
  ])
  await audiences.update('vip', [{ profileId, inside: true, why: 'Late.' }])
  expect(await hits([500])).toEqual([])
  expect(
    await test.database.collection('profiles').countDocuments({ _id: profileId as never }),
  ).toBe(0)
  expect(await test.database.collection('memberships').countDocuments({ profileId })).toBe(0)
  const standing = (await plane.consents.standing([profileId])).get(profileId)
  expect(standing?.consent['*']).toMatchObject({ kind: 'restriction', state: 'withdrawn' })
})

it('takes people back once they were lifted off the list', async () => {
  await plant([600])
  await eraseAll([600])
  expect(await plane.suppressions.lift(idsOf(600).slice(1, 2))).toBe(4)
  const [back] = await match([idsOf(600)])
  expect(back?.profileId).toMatch(/^[0-9a-f]{24}$/)
})

it('erases a person with 10,000 events in 10 seconds, or keeps their number of nobody', async () => {
  const [profileId = ''] = await plant([700])
  const event = (n: number) => ({
    messageId: `many${n}`,
    profileId,
    type: 'track',
    name: 'Product Viewed',
    time: NOW,
    source: 'Shop',
    properties: { recipient: canary(700).name },
  })
  for (let at = 0; at < 10_000; at += 1_000)
    await services().profiles.appendEvents(Array.from({ length: 1_000 }, (_, i) => event(at + i)))
  const started = performance.now()
  await eraseAll([700], 'anonymise')
  expect(performance.now() - started).toBeLessThan(10_000)
  const nobody = { profileId: 'nobody', name: 'Product Viewed' }
  expect(await test.database.collection('events').countDocuments(nobody)).toBe(10_000)
  expect(await hits([700])).toEqual([])
}, 60_000)
