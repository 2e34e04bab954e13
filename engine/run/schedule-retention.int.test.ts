/** Old data goes by itself, by a schedule on the real Temporal. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestEngine, type TestEngine } from '../../test/support/test-engine.ts'
import { createRetentionStore } from '../store/retention.ts'
import { scheduleRetention } from './schedule-retention.ts'

let engine: TestEngine
beforeAll(async () => {
  engine = await startTestEngine()
})
afterAll(() => engine?.stop())

it('is scheduled once however often the server starts, and takes out what is due', async () => {
  const { client, taskQueue, database } = engine
  await scheduleRetention(client, taskQueue)
  await scheduleRetention(client, taskQueue)
  const events = database.collection<{ _id: string; time: Date }>('events')
  await events.insertMany([
    { _id: 'old', time: new Date(Date.now() - 3 * 86_400_000) },
    { _id: 'new', time: new Date() },
  ])
  await createRetentionStore(database).write([{ what: 'events', days: 2 }])
  const schedule = client.schedule.getHandle(`retention-${taskQueue}`)
  await schedule.trigger()
  for (let tries = 0; tries < 200 && (await events.countDocuments()) > 1; tries++) await sleep(100)
  await schedule.delete()
  expect(await events.distinct('_id')).toEqual(['new'])
}, 60_000)
