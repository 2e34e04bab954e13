/** The sample flow on the real engine, against counts made by code that shares nothing with it. */
import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imbalance, outTotal, droppedTotal } from '../engine/contract/counts.ts'
import type { RunView } from '../engine/contract/run.ts'
import { analyseFlow } from '../engine/flow/analyse-flow.ts'
import { generateSample, sampleDefaults } from '../sample/generate.ts'
import { welcomeBack, type SampleUploads } from '../sample/welcome-back.ts'
import { countWelcomeBack, type WelcomeBackCount } from './support/independent-count.ts'
import { startTestEngine, type TestEngine } from './support/test-engine.ts'

const TODAY = '2026-01-15'

describe('the sample flow Welcome back', () => {
  let engine: TestEngine
  let folder: string
  let graph: ReturnType<typeof welcomeBack>
  let run: RunView
  let expected: WelcomeBackCount

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'heddle-welcome-'))
    engine = await startTestEngine({ now: () => new Date(`${TODAY}T00:00:00Z`) })
    const sample = await generateSample({ ...sampleDefaults, today: TODAY, folder })
    const uploads: Partial<SampleUploads> = {}
    for (const { kind, name, path: file } of sample.files)
      uploads[kind] = await engine.dataPlane.uploads.store({
        name,
        stream: createReadStream(file),
        by: 'test',
      })
    graph = welcomeBack(uploads as SampleUploads)
    expected = await countWelcomeBack({ folder, today: TODAY })
    run = await engine.finished((await engine.start(graph)).id)
  }, 120_000)

  afterAll(async () => {
    await engine?.stop()
    if (folder) await rm(folder, { recursive: true, force: true })
  })

  const node = (id: string) => run.counts[id] ?? expect.fail(`no counts for ${id}`)

  it('has no problem that blocks publishing', () => {
    const { problems } = analyseFlow(graph, engine.types())
    expect(problems.filter((problem) => problem.severity === 'error')).toEqual([])
  })

  it('ends with errors only because of the broken newsletter lines', () => {
    expect(run.failure).toBeUndefined()
    expect(run.state).toBe('completed_with_errors')
    expect(node('newsletter').failed).toEqual({ bad_json: expected.failedLines })
  })

  it('adds up at every step', () => {
    for (const [id, counts] of Object.entries(run.counts))
      expect([id, imbalance(counts)]).toEqual([id, 0])
  })

  it('reads every row once', () => {
    expect(node('contacts').in).toBe(expected.rowsRead.contacts)
    expect(node('orders').in).toBe(expected.rowsRead.orders)
    expect(node('receipts').in).toBe(expected.rowsRead.receipts)
    expect(node('consents').in).toBe(expected.rowsRead.consents)
  })

  it('makes one profile for each person', async () => {
    expect(await engine.dataPlane.profiles.count()).toBe(expected.persons)
  })

  it('finds the people with purchases', () => {
    expect(outTotal(node('summary'))).toBe(expected.personsWithPurchases)
  })

  it('holds back those who do not allow email, by reason', () => {
    const { denied, withdrawn, unknown } = expected.consent.buyers
    expect(node('consent').dropped).toEqual({
      'email_marketing:denied': denied,
      'email_marketing:withdrawn': withdrawn,
      'email_marketing:unknown': unknown,
    })
    expect(droppedTotal(node('consent'))).toBe(denied + withdrawn + unknown)
  })

  it('sends exactly the audience to the file', async () => {
    const list = await text(engine.dataPlane.outputs.open(run.id, 'file', ''))
    const emails = list
      .trim()
      .split('\r\n')
      .map((line) => line.split(',')[0] ?? '')
    expect(emails).toHaveLength(expected.audienceSize)
    const known = new Set(expected.audienceEmails.flat())
    expect(emails.filter((email) => !known.has(email))).toEqual([])
  })

  it('keeps records out of the history, which stays small', async () => {
    const history = await engine.client.workflow.getHandle(`run-${run.id}`).fetchHistory()
    const bytes = JSON.stringify(history)
    expect(history.events?.length).toBeLessThan(2_000)
    expect(bytes.length).toBeLessThan(1_000_000)
    expect(bytes).not.toContain('example.com')
  })
})
