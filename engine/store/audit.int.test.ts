import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../../test/support/test-database.ts'
import { createAuditLog } from './audit.ts'

const KEY = Buffer.alloc(32, 3)
const ENTRIES = 30

interface Row {
  _id: number
  [key: string]: unknown
}

let own: TestDatabase
beforeAll(async () => {
  own = await testDatabase()
})
afterAll(() => own.close())
const rows = () => own.database.collection<Row>('audit')
beforeEach(async () => {
  await rows().deleteMany({})
  await own.database.collection('settings').deleteMany({})
})

const entry = (n: number) => ({
  who: `user${n}@example.com`,
  action: 'flowPublish',
  subject: `flow${n}`,
  details: { version: n, roles: ['owner'], note: null },
})

test('keeps one chain while three servers write at once', async () => {
  const logs = [1, 2, 3].map(() => createAuditLog(own.database, KEY))
  await Promise.all(
    logs.flatMap((log) => Array.from({ length: ENTRIES / 3 }, (_, n) => log.append(entry(n)))),
  )
  const log = createAuditLog(own.database, KEY)
  expect(await log.verifyAudit()).toEqual({ ok: true, entries: ENTRIES })
  const listed = await log.list(10)
  expect(listed.map(({ seq }) => seq)).toEqual([30, 29, 28, 27, 26, 25, 24, 23, 22, 21])
  expect((await log.list(10, 21)).map(({ seq }) => seq)[0]).toBe(20)
})

/** Small seeded generator, so that a failure can be repeated. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** One edit by somebody who can write the database: changed, cut out, swapped, or added. */
async function tamper(all: readonly Row[], random: (below: number) => number): Promise<string> {
  const one = all[random(all.length)]
  const other = all[random(all.length)]
  if (!one || !other) throw new Error('There are no entries.')
  const { _id } = one
  const fields = ['who', 'action', 'subject', 'prev', 'hash'] as const
  const field = fields[random(fields.length)] ?? 'who'
  switch (random(7)) {
    case 0:
      await rows().updateOne({ _id }, { $set: { [field]: `x${random(1e9)}` } })
      return `${field} of ${_id}`
    case 1:
      await rows().updateOne({ _id }, { $set: { at: new Date(random(1e9)) } })
      return `time of ${_id}`
    case 2:
      await rows().updateOne({ _id }, { $set: { 'details.version': -1 } })
      return `details of ${_id}`
    case 3:
      await rows().deleteOne({ _id })
      return `cut out ${_id}`
    case 4:
      await rows().deleteMany({ _id: { $gte: _id } })
      return `cut off from ${_id}`
    case 5: {
      const { _id: from, ...moved } = other
      if (from === _id) return tamper(all, random)
      await rows().replaceOne({ _id }, moved)
      await rows().replaceOne({ _id: from }, { ...one, _id: from })
      return `swapped ${_id} and ${from}`
    }
    default:
      await rows().insertOne({ ...one, _id: all.length + 1 })
      return `added a copy of ${_id}`
  }
}

test('detects each of 1,000 random edits', async () => {
  const log = createAuditLog(own.database, KEY)
  for (let n = 0; n < ENTRIES; n++) await log.append(entry(n))
  const all = await rows().find().sort({ _id: 1 }).toArray()
  const random = seeded(20_260_101)
  for (let i = 0; i < 1_000; i++) {
    const what = await tamper(all, random)
    expect((await log.verifyAudit()).ok, `edit ${i}: ${what}`).toBe(false)
    const touched = await rows().find().toArray()
    if (touched.length !== all.length) await rows().deleteMany({})
    await rows().bulkWrite(
      all.map((row) => ({
        replaceOne: { filter: { _id: row._id }, replacement: row, upsert: true },
      })),
    )
  }
  expect(await log.verifyAudit()).toEqual({ ok: true, entries: ENTRIES })
}, 120_000)

test('detects a chain made anew without the key', async () => {
  await createAuditLog(own.database, Buffer.alloc(32, 9)).append(entry(1))
  expect(await createAuditLog(own.database, KEY).verifyAudit()).toMatchObject({
    ok: false,
    seq: 1,
  })
})
