/** Live runs on the real engine: events become profiles, once each, through stops and upgrades. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestSource, type SendEvents } from './support/send-events.ts'
import { collectFlow } from '../engine/server/collect-flow.ts'
import { until } from './support/until.ts'
import { startTestEngine, type TestEngine } from './support/test-engine.ts'

const WITHIN_MS = 10_000

describe('a live run', () => {
  let engine: TestEngine
  let send: SendEvents
  beforeAll(async () => {
    engine = await startTestEngine()
    send = await openTestSource(engine.database)
  })
  afterAll(() => engine?.stop())

  const profileOf = async (type: string, value: string) => {
    const { identities, profiles } = engine.dataPlane
    const digest = identities.digest({ type, value })
    const id = (await identities.ownersOf([digest])).get(digest)
    return id === undefined ? undefined : (await profiles.readDocuments([id])).get(id)
  }
  const soon = <Seen>(look: () => Promise<Seen>) => until(look, Boolean, WITHIN_MS)
  const eventsOf = (profileId: string) =>
    engine.database.collection('events').countDocuments({ profileId })
  const read = async (runId: string) => (await engine.runner.viewOf(runId)).read

  it('turns events into one profile, whichever of its ids each one names', async () => {
    const run = await engine.start(collectFlow())
    await send([
      { type: 'page', anonymousId: 'anon-1', name: 'Home' },
      {
        type: 'identify',
        anonymousId: 'anon-1',
        userId: 'u-1',
        traits: { email: 'Ada@Example.com', plan: 'gold' },
      },
      { type: 'track', userId: 'u-1', event: 'Order Completed', properties: { total: 12 } },
    ])
    const profile = await soon(async () => {
      const found = await profileOf('email', 'ada@example.com')
      return found && (await eventsOf(found._id)) === 3 ? found : undefined
    })
    expect(profile?.traits['plan']?.value).toBe('gold')
    expect(await profileOf('anonymous_id', 'anon-1')).toMatchObject({ _id: profile?._id })
    await soon(async () => (await read(run.id)) === 3)
    const view = await engine.runner.viewOf(run.id)
    expect(view).toMatchObject({ state: 'running', live: true })
    expect(view.counts['write']).toMatchObject({ in: 3, out: { out: 3 } })
  })

  it('holds events back while it is paused, and takes them when it goes on', async () => {
    const run = await engine.start(collectFlow())
    await engine.runner.pause(run.id)
    await send([{ type: 'identify', userId: 'u-paused', traits: {} }])
    await sleep(800)
    expect(await profileOf('user_id', 'u-paused')).toBeUndefined()
    await engine.runner.resume(run.id)
    await soon(() => profileOf('user_id', 'u-paused'))
  })

  it('goes on where it stopped: after a stop, with a new version, with another worker', async () => {
    const first = await engine.start(collectFlow())
    await send([{ type: 'track', userId: 'u-2', event: 'One' }])
    await soon(() => profileOf('user_id', 'u-2'))
    await engine.runner.cancel(first.id)
    await send([{ type: 'track', userId: 'u-2', event: 'Two' }])
    const second = await engine.start(collectFlow())
    await send([{ type: 'track', userId: 'u-2', event: 'Three' }])
    const third = await engine.start(collectFlow())
    expect((await engine.runner.viewOf(second.id)).state).toBe('cancelled')
    await engine.restartWorker()
    await send([{ type: 'track', userId: 'u-2', event: 'Four' }])
    const profile = await soon(() => profileOf('user_id', 'u-2'))
    await soon(async () => (await eventsOf(profile?._id ?? '')) === 4)
    // Counts follow the effects: with them the place is written down.
    await soon(async () => {
      const counted = await Promise.all([second, third].map(({ id }) => read(id)))
      return counted.reduce((sum, n) => sum + n, 0) === 3
    })
  })
})
