/** Data goes when its time is over and not before, on the real database. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { testDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { createRetentionStore } from './retention.ts'

let test: TestDatabase
beforeAll(async () => {
  test = await testDatabase()
})
afterAll(() => test?.close())

const DAY = 86_400_000
const NOW = Date.parse('2026-05-01T00:00:00Z')
const ageDays = (days: number): Date => new Date(NOW - days * DAY)

it('takes out all that is past its time by source and purpose, and nothing early', async () => {
  const { database } = test
  const days = Array.from({ length: 60 }, (_, i) => i + 0.5)
  const rows = (kind: string, more: (age: Date) => object) =>
    days.map((age) => ({ _id: `${kind}${age}` as never, profileId: 'p', ...more(ageDays(age)) }))
  await database
    .collection('events')
    .insertMany([
      ...rows('shop', (time) => ({ time, source: 'Shop' })),
      ...rows('crm', (time) => ({ time, source: 'CRM' })),
    ])
  await database
    .collection('disclosures')
    .insertMany([
      ...rows('ads', (at) => ({ at, purposes: ['ads'] })),
      ...rows('mail', (at) => ({ at, purposes: ['email_marketing'] })),
    ])
  const retention = createRetentionStore(database)
  expect(await retention.sweep(NOW)).toBe(0)
  await retention.write([
    { what: 'events', source: 'Shop', days: 30 },
    { what: 'disclosures', purpose: 'ads', days: 10 },
  ])
  expect(await retention.sweep(NOW)).toBe(80)
  const count = (name: 'events' | 'disclosures', filter: object) =>
    database.collection(name).countDocuments(filter)
  expect(await count('events', { source: 'Shop', time: { $lt: ageDays(30) } })).toBe(0)
  expect(await count('events', { source: 'Shop' })).toBe(30)
  expect(await count('events', { source: 'CRM' })).toBe(60)
  expect(await count('disclosures', { purposes: 'ads' })).toBe(10)
  expect(await count('disclosures', { purposes: 'email_marketing' })).toBe(60)
  expect(await retention.sweep(NOW + DAY)).toBe(2)
})
