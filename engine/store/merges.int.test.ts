/** Merges and their undoing on a real MongoDB, cut off at each of their commands. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { connectDatabase, type CollectionName, type Database } from './database.ts'
import { createIndexes } from './indexes.ts'
import { createMergeStore } from './merges.ts'
import { createConsentStore } from './consents.ts'
import { createProfileStore, emptyProfile, type ProfileDocument } from './profiles.ts'

const name = `test_merges_${Date.now().toString(36)}`
let database: Database
/** Turns fail points on and off; a client of its own, so that none of them hits it. */
let control: Database

beforeAll(async () => {
  const uri = new URL(inject('mongoUri'))
  // Fail points hit this client's commands only: other test files use the same server.
  uri.searchParams.set('appName', name)
  database = await connectDatabase({ uri: uri.href, database: name })
  control = await connectDatabase({ uri: inject('mongoUri'), database: name })
  await createIndexes(database)
})
afterAll(async () => {
  await database.db.dropDatabase()
  await Promise.all([database.close(), control.close()])
})

const HELD = ['profiles', 'identities', 'events', 'consents', 'memberships', 'disclosures'] as const
type Row = { _id: string } & Record<string, unknown>
const rowsOf = (collection: CollectionName) => database.collection<Row>(collection)

beforeEach(async () => {
  for (const collection of [...HELD, 'merges'] as const) await rowsOf(collection).deleteMany({})
})

const at = new Date('2026-01-01T00:00:00Z')
const trait = (value: string, when: string) => ({
  value,
  source: 'shop',
  flow: 'f',
  flowVersion: 1,
  at: when,
})
const person = (id: string, email: string, extra: Partial<ProfileDocument> = {}) => ({
  ...emptyProfile(id, at),
  identifiers: [{ type: 'email', value: email, firstSeen: 't', lastSeen: 't' }],
  ...extra,
})

async function storeTwo(): Promise<void> {
  const inside = { inside: true, since: at, why: 'w', history: [] }
  await database.collection<ProfileDocument>('profiles').insertMany([
    person('w', 'w@x.org', {
      traits: { city: trait('Bern', '2026-01-01'), plan: trait('free', '2026-03-01') },
      audiences: { vip: { since: 's' } },
    }),
    person('l', 'l@x.org', {
      traits: { city: trait('Rome', '2026-02-01'), plan: trait('paid', '2026-02-01') },
      audiences: { vip: { since: 's2' }, new: { since: 's3' } },
    }),
  ])
  await rowsOf('identities').insertMany([
    { _id: 'iw', profileId: 'w' },
    { _id: 'il', profileId: 'l' },
  ])
  await rowsOf('events').insertMany([
    { _id: 'ew', profileId: 'w', time: at },
    { _id: 'el1', profileId: 'l', time: at },
    { _id: 'el2', profileId: 'l', time: at },
  ])
  await rowsOf('disclosures').insertMany([{ _id: 'dl', profileId: 'l', at }])
  await rowsOf('memberships').insertMany([
    { _id: 'vip:w', audience: 'vip', profileId: 'w', ...inside },
    { _id: 'vip:l', audience: 'vip', profileId: 'l', ...inside },
    { _id: 'new:l', audience: 'new', profileId: 'l', ...inside },
  ])
  await createConsentStore(database).append([
    {
      key: 'c1',
      profileId: 'w',
      purpose: 'ads',
      state: 'granted',
      kind: 'explicit',
      at: '2026-01-01T00:00:00Z',
    },
    {
      key: 'c2',
      profileId: 'l',
      purpose: 'ads',
      state: 'withdrawn',
      kind: 'explicit',
      at: '2026-01-02T00:00:00Z',
    },
  ] as never)
}

/** All that is stored, without what each write changes. */
async function snapshot(): Promise<Record<string, Row[]>> {
  const all: Record<string, Row[]> = {}
  for (const collection of HELD) {
    const rows = await rowsOf(collection).find().sort({ _id: 1 }).toArray()
    all[collection] = rows.map(
      ({ version: _v, updatedAt: _u, via: _via, apart: _a, recordedAt: _r, ...row }) => row,
    )
  }
  return all
}

const withoutTimes = (state: Record<string, Row[]>): unknown => {
  const text = JSON.stringify(state).replace(/merge:[0-9a-f-]{36}/g, 'merge:id')
  return JSON.parse(text.replace(/"at":"20(?!26-0[1-3])[^"]*"/g, '"at":"now"')) as unknown
}

describe('merge', () => {
  it('leaves one person: one membership per audience, all events, the stricter consent', async () => {
    await storeTwo()
    await createMergeStore(database).merge({ into: 'w', merged: 'l' })
    const { profiles, memberships, events, identities } = await snapshot()
    expect(profiles?.find(({ _id }) => _id === 'l')?.['redirect']).toBe('w')
    expect(profiles?.find(({ _id }) => _id === 'w')).toMatchObject({
      traits: { city: { value: 'Rome' }, plan: { value: 'free' } },
      consent: { ads: { state: 'withdrawn' } },
      merges: 1,
    })
    expect(memberships?.map(({ _id, profileId }) => [_id, profileId])).toEqual([
      ['new:w', 'w'],
      ['vip:w', 'w'],
    ])
    expect(new Set(events?.map(({ profileId }) => profileId))).toEqual(new Set(['w']))
    expect(new Set(identities?.map(({ profileId }) => profileId))).toEqual(new Set(['w']))
  })

  it('joins claims nobody wrote a profile for yet, so that a late write follows', async () => {
    await createMergeStore(database).merge({ into: 'a', merged: 'b' })
    const read = await createProfileStore(database).readDocuments(['b'])
    expect(read.get('b')?._id).toBe('a')
  })
})

describe('undo', () => {
  it('gives both people back what they had', async () => {
    await storeTwo()
    const before = await snapshot()
    const merges = createMergeStore(database)
    await merges.merge({ into: 'w', merged: 'l' })
    const [merge] = await merges.ofProfile('w')
    await merges.undo(merge?._id ?? '', 'Ada')
    expect(await snapshot()).toEqual(before)
    await expect(merges.undo(merge?._id ?? '', 'Ada')).rejects.toThrow('it was undone')
  })

  it('keeps what was learnt since with the profile that kept its id', async () => {
    await storeTwo()
    const store = createProfileStore(database)
    const merges = createMergeStore(database)
    await merges.merge({ into: 'w', merged: 'l' })
    const write = { trait: 'city', value: 'Oslo', at: '2026-05-01', source: 'crm', rule: 'latest' }
    await store.write(
      [
        {
          profileId: 'l',
          isNew: false,
          identifiers: [{ type: 'phone', value: '+1' }],
          traits: [write as never],
        },
      ],
      { flow: 'f', flowVersion: 1, now: '2026-05-01T00:00:00Z' },
    )
    await merges.undo((await merges.ofProfile('w'))[0]?._id ?? '', 'Ada')
    const now = await store.readDocuments(['w', 'l'])
    expect(now.get('w')?.traits['city']?.value).toBe('Oslo')
    expect(now.get('w')?.identifiers.map(({ value }) => value)).toEqual(['w@x.org', '+1'])
    expect(now.get('l')?.traits['city']?.value).toBe('Rome')
  })

  it('refuses the earlier of two merges, then takes both in turn', async () => {
    await storeTwo()
    await database
      .collection<ProfileDocument>('profiles')
      .insertOne(person('z', 'z@x.org', { consentCount: 0 }))
    const before = await snapshot()
    const merges = createMergeStore(database)
    await merges.merge({ into: 'w', merged: 'l' })
    await merges.merge({ into: 'z', merged: 'w' })
    const [second, first] = await merges.ofProfile('z')
    await expect(merges.undo(first?._id ?? '', 'Ada')).rejects.toThrow(
      'Undo the latest merge first',
    )
    await merges.undo(second?._id ?? '', 'Ada')
    await merges.undo(first?._id ?? '', 'Ada')
    expect(await snapshot()).toEqual(before)
  })
})

const FAILURES = {
  'a transient error': { errorCode: 112, errorLabels: ['TransientTransactionError'] },
  'a server error': { errorCode: 8 },
  'a duplicate key': { errorCode: 11_000 },
  'a closed connection': { closeConnection: true },
}
const COMMANDS = ['find', 'insert', 'update', 'delete', 'commitTransaction'] as const
/** More of a command than either work sends; a failure that was never reached changes nothing. */
const PLACES = 16

describe.each(Object.entries(FAILURES))('cut off by %s', (_, failure) => {
  let hits = 0
  const failing = async (command: string, skip: number, work: () => Promise<unknown>) => {
    const admin = control.client.db('admin')
    const on = await admin.command({
      configureFailPoint: 'failCommand',
      mode: { skip },
      data: { failCommands: [command], appName: name, ...failure },
    })
    const off = () => admin.command({ configureFailPoint: 'failCommand', mode: 'off' })
    // The fail point stays on until it is turned off: a driver's own repeat fails as well.
    const once = sleep(60).then(off)
    await work().catch(() => undefined)
    hits += Number((await once)['count']) - Number(on['count'])
  }

  it.each(COMMANDS)(
    'at each %s, a repeated merge and undo loses and doubles nothing',
    async (command) => {
      const merges = createMergeStore(database)
      hits = 0
      for (let skip = 0; skip < PLACES; skip++) {
        for (const collection of [...HELD, 'merges'] as const)
          await rowsOf(collection).deleteMany({})
        await storeTwo()
        const before = await snapshot()
        await merges.merge({ into: 'w', merged: 'l' })
        const wanted = withoutTimes(await snapshot())
        await merges.undo((await merges.ofProfile('w'))[0]?._id ?? '', 'Ada')
        await rowsOf('merges').deleteMany({})
        await rowsOf('profiles').updateMany({}, { $unset: { apart: '' } })

        const merge = () => merges.merge({ into: 'w', merged: 'l' })
        await failing(command, skip, merge)
        await merge()
        expect(withoutTimes(await snapshot())).toEqual(wanted)
        const id = (await merges.ofProfile('w'))[0]?._id ?? ''
        const undo = () => merges.undo(id, 'Ada')
        await failing(command, skip, undo)
        await undo().catch(() => undefined)
        expect(await snapshot()).toEqual(before)
      }
      // The test means something only if commands did fail.
      expect(hits).toBeGreaterThan(0)
    },
    120_000,
  )
})
