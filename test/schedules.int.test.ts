/** Promise A-14: a published flow's schedule, kept by a real Temporal, starts the runs it should. */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Schedule } from '../engine/contract/flow.ts'
import type { RunView } from '../engine/contract/run.ts'
import { analyseFlow } from '../engine/flow/analyse-flow.ts'
import { createSchedules } from '../engine/run/schedules.ts'
import { createFlowStore } from '../engine/store/flows.ts'
import { chain } from './support/chain.ts'
import { startTestEngine, type TestEngine } from './support/test-engine.ts'
import { until } from './support/until.ts'

const YEARLY: Schedule = {
  enabled: true,
  cron: '0 3 1 1 *',
  timezone: 'Europe/Berlin',
  overlap: 'skip',
}

describe('a schedule', () => {
  let engine: TestEngine
  let schedules: ReturnType<typeof createSchedules>
  let flowId: string
  beforeAll(async () => {
    engine = await startTestEngine()
    schedules = createSchedules({ client: engine.client, taskQueue: engine.taskQueue })
  })
  afterAll(() => engine?.stop())
  afterEach(() => schedules.remove(flowId))

  const handle = () => engine.client.schedule.getHandle(`flow-${flowId}`)

  /** A start at once, under the schedule's own rule for starts that overlap. */
  const trigger = async () => {
    // Temporal names a schedule's starts by their second: two in one second would be one.
    await sleep(1_100)
    const { policies } = await handle().describe()
    await handle().trigger(policies.overlap)
  }

  async function publish(records: number): Promise<void> {
    const lines = Array.from({ length: records }, (_, i) => `{"i":${i},"ok":"yes"}`)
    const file = await engine.dataPlane.uploads.store({
      name: 'numbers.ndjson',
      stream: Readable.from([lines.join('\n')]),
      by: 'test',
    })
    const purposes = ['email_marketing']
    const fields = [{ purpose: 'email_marketing', field: 'ok', granted: 'yes' }]
    const origin = { kind: 'upload', file: { id: file.id, name: file.name } }
    const graph = chain([
      ['read', 'ndjson_file', { origin }],
      ['agreed', 'consent_filter', { purposes, lookAt: 'record', fields }],
      ['file', 'file_export', { format: 'ndjson', purposes }],
    ])
    const flows = createFlowStore(engine.database)
    const name = `Nightly ${randomBytes(4).toString('hex')}`
    const flow = await flows.create({ name, graph, by: 'test' })
    flowId = flow.id
    await flows.publish(flow.id, {
      base: flow.draftVersion,
      by: 'test',
      analyse: (drawn) => analyseFlow(drawn, engine.types()),
    })
  }

  const runs = async (): Promise<RunView[]> => {
    const found = await engine.dataPlane.runs.list({ flow: flowId, limit: 50 })
    return Promise.all(found.map(engine.dataPlane.runs.view))
  }

  const untilRuns = (holds: (found: RunView[]) => boolean): Promise<RunView[]> =>
    until(runs, holds, 30_000)

  it('starts a run of the published version, which completes', async () => {
    await publish(100)
    await schedules.sync(flowId, 1, YEARLY)
    await trigger()
    const [run] = await untilRuns((found) => found[0]?.state === 'completed')
    expect(run).toMatchObject({
      trigger: 'schedule',
      startedBy: 'Schedule',
      flowVersion: 1,
      read: 100,
    })
    expect(run?.counts['file']?.out).toEqual({ delivered: 100 })
  })

  it('fires at the time it says', async () => {
    await publish(10)
    await schedules.sync(flowId, 1, YEARLY)
    const { info } = await handle().describe()
    const [next] = info.nextActionTimes
    const inBerlin = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'Europe/Berlin',
      dateStyle: 'short',
      timeStyle: 'short',
    }).format(next)
    expect(inBerlin).toMatch(/^01\/01\/\d{4}, 03:00$/)
  })

  it('makes up each missed start once', async () => {
    await publish(10)
    await schedules.sync(flowId, 1, { ...YEARLY, cron: '0 * * * *' })
    const end = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000)
    // Five full hours, as after five hours in which nothing ran.
    const start = new Date(end.getTime() - 5 * 3_600_000 + 1)
    await handle().backfill({ start, end, overlap: 'ALLOW_ALL' })
    const found = await untilRuns(
      (known) => known.length >= 5 && known.every(({ state }) => state === 'completed'),
    )
    await sleep(500)
    expect((await runs()).length).toBe(found.length)
    expect(found.length).toBe(5)
  })

  it('skips a start while the earlier run goes on', async () => {
    await publish(60_000)
    await schedules.sync(flowId, 1, YEARLY)
    await trigger()
    const [first] = await untilRuns((found) => found.length === 1)
    await engine.runner.pause(first?.id ?? '')
    await untilRuns((found) => found[0]?.state === 'paused')
    await trigger()
    await sleep(1_500)
    expect((await runs()).length).toBe(1)
    await engine.runner.resume(first?.id ?? '')
    await untilRuns((found) => found[0]?.state === 'completed')
  })

  it('ends the earlier run where the newer one should win', async () => {
    await publish(60_000)
    await schedules.sync(flowId, 1, { ...YEARLY, overlap: 'cancel_earlier' })
    await trigger()
    const [first] = await untilRuns((found) => found.length === 1)
    await engine.runner.pause(first?.id ?? '')
    await untilRuns((found) => found[0]?.state === 'paused')
    await trigger()
    const found = await untilRuns((known) => known.length === 2 && known[0]?.state === 'completed')
    expect(found.find(({ id }) => id === first?.id)?.state).toBe('cancelled')
  })

  it('is gone when it is switched off', async () => {
    await publish(10)
    await schedules.sync(flowId, 1, YEARLY)
    await schedules.sync(flowId, 2, { ...YEARLY, enabled: false })
    await expect(handle().describe()).rejects.toThrow()
  })
})
