/** People's requests from their arrival to their end, on the real worker, Temporal and stores. */
import { setTimeout as sleep } from 'node:timers/promises'
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestEngine, type TestEngine } from '../../test/support/test-engine.ts'
import type { RequestKind, RequestState, RequestView } from '../contract/api/requests.ts'
import type { FlowGraph } from '../contract/flow.ts'
import type { HttpRequest } from '../contract/services.ts'
import { requestCreateSchema } from '../contract/api/requests.ts'
import { createRequestsPart, type RequestsPart } from '../server/requests-part.ts'
import { personPage } from '../server/person-page.ts'

let engine: TestEngine
let part: RequestsPart
const told: Array<{ host: string; body: Record<string, unknown> }> = []
let failures = 0

const request = async ({ url, body }: HttpRequest) => {
  const { host } = new URL(url)
  if (host === 'down.example' && failures++ < 2)
    return { status: 503, headers: {}, body: '', truncated: false }
  told.push({ host, body: JSON.parse(body ?? '{}') as Record<string, unknown> })
  return { status: 200, headers: {}, body: '', truncated: false }
}

beforeAll(async () => {
  const download = async () => {
    throw new Error('Nothing is downloaded here.')
  }
  engine = await startTestEngine({ http: { request, download } })
  part = createRequestsPart(engine)
})
afterAll(() => engine?.stop())

const NOW = '2026-05-01T00:00:00.000Z'
const hook = (id: string, host: string) => ({
  id,
  type: 'webhook',
  version: 1,
  name: id,
  config: { target: { kind: 'url', url: `https://${host}/hook` }, purposes: ['ads'] },
  position: { x: 0, y: 0 },
})

/** A person with a field and an event, whose address went to these hosts. */
async function plant(email: string, hosts: string[] = []): Promise<string> {
  const graph = {
    schemaVersion: 1,
    nodes: hosts.map((host, i) => hook(`hook${i}`, host)),
    wires: [],
    settings: {},
  } as unknown as FlowGraph
  const who = { flowId: 'flow', flowName: 'Flow', flowVersion: 3, startedBy: 'test' }
  const run = await engine.runner.create({ ...who, graph, trigger: 'api' })
  const services = engine.dataPlane.servicesFor(run, 'hook0')
  const identifiers = [{ type: 'email', value: email }]
  const [item] = await services.identity.matchPage([{ id: 's:1', source: 'CRM', fields: {} }], {
    identifiersOf: () => identifiers,
    rules: undefined,
  })
  const profileId = item?.profileId ?? ''
  await services.profiles.write([
    {
      profileId,
      isNew: true,
      identifiers,
      traits: [
        { trait: 'email', value: email, at: NOW, source: 'CRM', rule: 'latest' },
        { trait: 'city', value: 'Lyon', at: NOW, source: 'CRM', rule: 'latest' },
      ],
    },
  ])
  const event = { type: 'track', name: 'Signed Up', time: NOW, source: 'Shop', properties: {} }
  await services.profiles.appendEvents([{ ...event, messageId: `m-${email}`, profileId }])
  for (const [i, host] of hosts.entries())
    await engine.dataPlane.deliveries.disclose(
      { runId: run._id, flowId: 'flow', flowVersion: 3, nodeId: `hook${i}` },
      [
        {
          key: `${run._id}:hook${i}:${email}`,
          profileId,
          fields: ['email'],
          purposes: ['ads'],
          recipient: host,
          status: 200,
        },
      ],
    )
  return profileId
}

const ask = (kind: RequestKind, email: string, more: object = {}): Promise<RequestView> =>
  part.create({
    ...requestCreateSchema.parse({
      kind,
      identifiers: [{ type: 'email', value: email }],
      ...more,
    }),
    by: 'Officer',
  })
const officer = { id: 'u1', who: 'Officer', note: '' }
const second = { id: 'u2', who: 'Second', note: '' }

async function reached(id: string, states: RequestState[]): Promise<RequestView> {
  for (let tries = 0; tries < 300; tries++) {
    const found = await part.read(id)
    if (found && states.includes(found.state)) return found
    await sleep(100)
  }
  throw new Error(`The request did not get to ${states.join(' or ')} in time.`)
}

it('erases after identity check and approval by another, and tells each recipient, also one that is down', async () => {
  const email = 'erase.me@example.com'
  await plant(email, ['up.example', 'down.example'])
  const { id, dueAt, receivedAt, subject } = await ask('erasure', email, { needsApproval: true })
  expect(Date.parse(dueAt) - Date.parse(receivedAt)).toBe(30 * 86_400_000)
  expect(subject).not.toContain('erase.me')
  await part.act(id, 'confirm_identity', officer)
  await expect(part.act(id, 'approve', officer)).rejects.toThrow(/Another person/)
  await part.act(id, 'approve', second)
  const done = await reached(id, ['done', 'partly'])
  expect(done).toMatchObject({ state: 'done', subject: '', known: true })
  expect(done.recipients.map(({ recipient, state }) => [recipient, state]).sort()).toEqual([
    ['down.example', 'told'],
    ['up.example', 'told'],
  ])
  expect(told.find(({ host }) => host === 'down.example')?.body).toMatchObject({
    type: 'person_erased',
    person: { identifiers: [{ type: 'email', value: email }] },
  })
  expect(await part.find({ type: 'email', value: email })).toBeUndefined()
  expect(await part.answer(id)).toBeUndefined()
  const handle = engine.client.workflow.getHandle(`request-${id}`)
  const history = JSON.stringify(await handle.fetchHistory())
  expect(history).not.toContain(email)
  expect(history).not.toContain(Buffer.from(email).toString('base64').slice(0, 12))
  const stored = await engine.database.collection('requests').find().toArray()
  expect(JSON.stringify(stored)).not.toContain(email)
}, 90_000)

it('goes on after a stop of the worker', async () => {
  const email = 'restart@example.com'
  await plant(email)
  const { id } = await ask('erasure', email)
  await engine.restartWorker()
  await part.act(id, 'confirm_identity', officer)
  expect((await reached(id, ['done', 'partly'])).state).toBe('done')
  expect(await part.find({ type: 'email', value: email })).toBeUndefined()
}, 90_000)

it('gives everything known of a person with its source, flow, recipients and bases, by address or digest', async () => {
  const email = 'find.me@example.com'
  await plant(email, ['up.example'])
  const started = performance.now()
  const report = await part.find({ type: 'email', value: ' Find.Me@example.com ' })
  expect(performance.now() - started).toBeLessThan(1_000)
  const field = report?.fields.find(({ name }) => name === 'email')
  expect(field).toMatchObject({
    value: email,
    source: 'CRM',
    flow: 'flow',
    flowVersion: 3,
    at: NOW,
    recipients: ['up.example'],
  })
  expect(report?.recipients).toMatchObject([
    { recipient: 'up.example', purposes: [{ purpose: 'ads', basis: 'consent' }], times: 1 },
  ])
  expect(report?.eventCount).toBe(1)
  const digest = createHash('sha256').update(email).digest('hex')
  expect((await part.find({ type: 'sha256', value: digest }))?.profileIds).toEqual(
    report?.profileIds,
  )
  const { id } = await ask('access', email)
  await part.act(id, 'confirm_identity', officer)
  await reached(id, ['done'])
  const copy = await part.answer(id)
  expect(copy?.fields).toEqual(report?.fields)
  expect(copy && personPage(copy)).toContain('up.example')
}, 60_000)

it('freezes, objects and corrects', async () => {
  const email = 'freeze@example.com'
  const profileId = await plant(email, ['up.example'])
  const freeze = await ask('restriction', email)
  await part.act(freeze.id, 'confirm_identity', officer)
  await reached(freeze.id, ['done'])
  const object = await ask('objection', email, { purpose: 'ads' })
  const correct = await ask('rectification', email, { corrections: { city: 'Paris' } })
  for (const { id } of [object, correct]) await part.act(id, 'confirm_identity', officer)
  await reached(object.id, ['done'])
  const corrected = await reached(correct.id, ['partly'])
  expect(corrected.recipients).toMatchObject([{ state: 'cannot', reason: 'told_with_next_run' }])
  const standing = (await engine.dataPlane.consents.standing([profileId])).get(profileId)
  expect(standing?.consent['*']).toMatchObject({ kind: 'restriction' })
  const entries = await engine.dataPlane.consents.history(profileId, 10)
  expect(entries.map(({ purpose, state }) => [purpose, state])).toContainEqual(['ads', 'objected'])
  const profile = (await engine.dataPlane.profiles.read([profileId])).get(profileId)
  expect(profile?.traits['city']).toMatchObject({ value: 'Paris', source: 'Privacy request' })
}, 60_000)

it('can be cancelled before the work begins only, and be extended once', async () => {
  const { id } = await ask('erasure', 'nobody@example.com', { law: 'ccpa' })
  await part.act(id, 'extend', officer)
  await expect(part.act(id, 'extend', officer)).rejects.toThrow(/moved on/)
  expect((await part.read(id))?.extended).toBe(true)
  await part.act(id, 'cancel', officer)
  await expect(part.act(id, 'confirm_identity', officer)).rejects.toThrow(/moved on/)
  expect(await part.read(id)).toMatchObject({ state: 'cancelled', subject: '' })
})
