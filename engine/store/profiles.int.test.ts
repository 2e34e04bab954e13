/** Writes of many to the same profiles at once, on a real MongoDB. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { testDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { createProfileStore } from './profiles.ts'

let test: TestDatabase
beforeAll(async () => {
  test = await testDatabase()
})
afterAll(() => test.close())

const WRITERS = 24
const PROFILES = 5
const now = '2026-01-01T00:00:00.000Z'

it('loses and doubles no sighting when pages of many writers meet at the same people', async () => {
  const store = createProfileStore(test.database)
  const ids = Array.from({ length: PROFILES }, (_, n) => `p${n}`)
  const pageOf = (writer: number) =>
    ids.map((profileId) => ({
      profileId,
      isNew: false,
      identifiers: [{ type: 'anonymous_id', value: `${profileId}-${writer}` }],
      traits: [
        {
          trait: 'colour',
          value: 'red',
          at: now,
          source: `writer ${writer}`,
          rule: 'most_frequent' as const,
        },
      ],
    }))
  const from = { flow: 'f', flowVersion: 1, now }
  await Promise.all(Array.from({ length: WRITERS }, (_, n) => store.write(pageOf(n), from)))
  for (const profile of (await store.readDocuments(ids)).values()) {
    expect(profile.identifiers).toHaveLength(WRITERS)
    expect(profile.traits['colour']?.counts).toEqual({ '"red"': WRITERS })
  }
})

it('writes both of two ids that were merged into one person', async () => {
  const store = createProfileStore(test.database)
  const from = { flow: 'f', flowVersion: 1, now }
  const write = (profileId: string, value: string) => ({
    profileId,
    isNew: false,
    identifiers: [{ type: 'email', value }],
    traits: [],
  })
  await store.write([write('kept', 'a@x.org'), write('gone', 'b@x.org')], from)
  await test.database
    .collection<{ _id: string }>('profiles')
    .updateOne({ _id: 'gone' }, { $set: { redirect: 'kept' } })
  await store.write([write('kept', 'c@x.org'), write('gone', 'd@x.org')], from)
  const kept = (await store.readDocuments(['gone'])).get('gone')
  expect(kept?.identifiers.map(({ value }) => value).sort()).toEqual([
    'a@x.org',
    'c@x.org',
    'd@x.org',
  ])
})
