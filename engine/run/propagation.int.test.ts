/** Every recipient of a person's data is told when they say no: on the real worker and stores. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { FlowGraph } from '../contract/flow.ts'
import type { HttpRequest } from '../contract/services.ts'
import { startTestEngine, type TestEngine } from '../../test/support/test-engine.ts'
import { until } from '../../test/support/until.ts'

interface Told {
  host: string
  key: string
  body: { purpose: string; state: string; person: { profileId: string; identifiers: object[] } }
}

let engine: TestEngine
let told: Told[] = []
/** Hosts that are down, and how often each was asked. */
const down = new Set<string>()
const asked = new Map<string, number>()

const request = async ({ url, body, headers }: HttpRequest) => {
  const { host } = new URL(url)
  asked.set(host, (asked.get(host) ?? 0) + 1)
  if (down.has(host)) return { status: 503, headers: {}, body: '', truncated: false }
  const key = headers?.['idempotency-key'] ?? ''
  told.push({ host, key, body: JSON.parse(body ?? '{}') as Told['body'] })
  return { status: 200, headers: {}, body: '', truncated: false }
}

beforeAll(async () => {
  engine = await startTestEngine({
    http: {
      request,
      download: async () => {
        throw new Error('Nothing is downloaded here.')
      },
    },
  })
})
afterAll(() => engine?.stop())

const hook = (id: string, host: string) => ({
  id,
  type: 'webhook',
  version: 1,
  name: id,
  config: { target: { kind: 'url', url: `https://${host}/hook` }, purposes: ['ads'] },
  position: { x: 0, y: 0 },
})
const file = (id: string) => ({
  id,
  type: 'file_export',
  version: 1,
  name: id,
  config: { name: id, format: 'ndjson', purposes: ['ads'] },
  position: { x: 0, y: 0 },
})

/** A run that once sent, as it stands in the store. */
async function sentBefore(profileIds: string[], hosts: string[]) {
  const graph = {
    schemaVersion: 1,
    nodes: [...hosts.map((host, i) => hook(`hook${i}`, host)), file('list')],
    wires: [],
    settings: {},
  } as unknown as FlowGraph
  const run = await engine.runner.create({
    flowId: 'flow',
    flowName: 'Flow',
    flowVersion: 3,
    graph,
    startedBy: 'test',
    trigger: 'api',
  })
  for (const [i, node] of graph.nodes.entries()) {
    const recipient = hosts[i] ?? 'list.ndjson'
    await engine.dataPlane.deliveries.disclose(
      { runId: run._id, flowId: 'flow', flowVersion: 3, nodeId: node.id },
      profileIds.map((profileId) => ({
        key: `${run._id}:${node.id}:${profileId}`,
        profileId,
        fields: ['email'],
        purposes: ['ads'],
        recipient,
        status: 200,
      })),
    )
  }
  return run
}

const service = async () => {
  const run = await sentBefore([], [])
  return engine.dataPlane.servicesFor(run, 'list').profiles
}
const refusal = (profileId: string) => ({
  key: `no:${profileId}`,
  profileId,
  purpose: 'ads',
  state: 'withdrawn' as const,
  kind: 'explicit' as const,
  at: new Date().toISOString(),
})
const states = async (profileId: string) =>
  Object.fromEntries(
    (await engine.dataPlane.propagations.ofProfile(profileId)).map(
      ({ recipient, state, reason }) => [
        recipient,
        reason === undefined ? state : `${state}: ${reason}`,
      ],
    ),
  )

it('tells each recipient once, by what it knows the person by, and says who cannot be told', async () => {
  const people = ['t1', 't2', 't3']
  await sentBefore(people, ['crm.example', 'ads.example'])
  const profiles = await service()
  await profiles.write(
    people.map((profileId) => ({
      profileId,
      isNew: true,
      identifiers: [
        { type: 'email', value: `${profileId}@example.com` },
        { type: 'phone', value: '+442079460018' },
      ],
      traits: [],
    })),
  )
  await profiles.appendConsents(people.map(refusal))
  for (const profileId of people)
    await until(async () => Object.keys(await states(profileId)).length === 3)
  const done = {
    'crm.example': 'told',
    'ads.example': 'told',
    'list.ndjson': 'cannot: no_way_to_tell',
  }
  for (const profileId of people) {
    await until(async () => !Object.values(await states(profileId)).includes('pending'))
    expect(await states(profileId)).toEqual(done)
  }
  const keys = told.map(({ key }) => key)
  expect(new Set(keys).size).toBe(keys.length)
  expect(told).toHaveLength(6)
  expect(told[0]?.body).toMatchObject({ purpose: 'ads', state: 'withdrawn' })
  for (const { body } of told)
    expect(body.person.identifiers).toEqual([
      { type: 'email', value: `${body.person.profileId}@example.com` },
    ])
})

it('keeps trying a recipient that is down, through a stop of the worker, and tells it in the end', async () => {
  told = []
  down.add('slow.example')
  await sentBefore(['t9'], ['slow.example'])
  await (await service()).appendConsents([refusal('t9')])
  await until(async () => (asked.get('slow.example') ?? 0) >= 2)
  expect((await states('t9'))['slow.example']).toBe('pending: receiver_busy')
  await engine.restartWorker()
  down.delete('slow.example')
  await until(async () => (await states('t9'))['slow.example']?.startsWith('told') ?? false)
  expect(told.map(({ host }) => host)).toEqual(['slow.example'])
})

it('tells nobody of a yes', async () => {
  told = []
  await sentBefore(['t10'], ['crm.example'])
  const profiles = await service()
  await profiles.appendConsents([{ ...refusal('t10'), state: 'granted' }])
  await engine.dataPlane.propagations.plan()
  expect(await states('t10')).toEqual({})
})
