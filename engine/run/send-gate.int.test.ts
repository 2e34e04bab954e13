/** The engine's own check of consent, on the real stores and the real worker. */
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FlowGraph } from '../contract/flow.ts'
import type { ConsentStateName } from '../contract/profile.ts'
import type { HttpRequest } from '../contract/services.ts'
import { startTestEngine, type TestEngine } from '../../test/support/test-engine.ts'

let engine: TestEngine
let sent: string[] = []
let answer: (request: HttpRequest) => Promise<number>

beforeAll(async () => {
  engine = await startTestEngine({
    http: {
      async request(request) {
        const status = await answer(request)
        if (status === 200) sent.push(request.body ?? '')
        return { status, headers: {}, body: '', truncated: false }
      },
      download: async () => {
        throw new Error('Nothing is downloaded here.')
      },
    },
  })
})
afterAll(() => engine?.stop())
beforeEach(async () => {
  sent = []
  answer = async () => 200
})

const wire = (from: string, to: string) => ({
  id: `${from}-${to}`,
  from: { node: from, port: 'out' },
  to: { node: to, port: 'in' },
})
const node = (id: string, type: string, config: FlowGraph['nodes'][number]['config']) => ({
  id,
  type,
  version: 1,
  name: id,
  config,
  position: { x: 0, y: 0 },
})

/** No consent filter anywhere: what the lint would refuse to publish. */
async function unfiltered(people: string[], ...destinations: ReturnType<typeof node>[]) {
  const lines = people.map((email) => JSON.stringify({ email })).join('\n')
  const stream = Readable.from([lines])
  const file = await engine.dataPlane.uploads.store({ name: 'p.ndjson', stream, by: 'test' })
  const graph: FlowGraph = {
    schemaVersion: 1,
    nodes: [
      node('read', 'ndjson_file', {
        origin: { kind: 'upload', file: { id: file.id, name: file.name } },
      }),
      node('match', 'identity_match', { identifiers: [{ type: 'email', field: 'email' }] }),
      node('write', 'write_profile', { traits: [] }),
      ...destinations,
    ],
    wires: [
      wire('read', 'match'),
      wire('match', 'write'),
      ...destinations.map(({ id }) => wire('write', id)),
    ],
    settings: {},
  }
  return graph
}

const webhook = (config: object = {}) =>
  node('hook', 'webhook', {
    target: { kind: 'url', url: 'https://receiver.example/hook' },
    purposes: ['ads'],
    ratePerSecond: 0,
    ...config,
  })
const file = () => node('file', 'file_export', { format: 'ndjson', purposes: ['ads'] })

let runs = 0
const consent = async (email: string, state: ConsentStateName) => {
  const { identities, profiles } = engine.dataPlane
  const digest = identities.digest({ type: 'email', value: email })
  const profileId = (await identities.ownersOf([digest])).get(digest)
  if (profileId === undefined) throw new Error('Nobody has this address.')
  await profiles.appendConsents([
    {
      key: `key${runs++}`,
      profileId,
      purpose: 'ads',
      state,
      kind: 'explicit',
      at: new Date().toISOString(),
      source: 'Test',
    },
  ])
  return profileId
}

const run = async (graph: FlowGraph) => engine.finished((await engine.start(graph)).id)

describe('a step that sends', () => {
  it('sends nobody without consent, whatever the flow says, and counts why', async () => {
    const graph = await unfiltered(['a1@x.org', 'b1@x.org', 'c1@x.org'], webhook(), file())
    const first = await run(graph)
    expect(first.counts['hook']).toMatchObject({ in: 3, out: {}, dropped: { 'ads:unknown': 3 } })
    expect(first.counts['file']).toMatchObject({ in: 3, out: {}, dropped: { 'ads:unknown': 3 } })
    const profileId = await consent('a1@x.org', 'granted')
    await consent('b1@x.org', 'withdrawn')
    const second = await run(graph)
    expect(second.counts['hook']).toMatchObject({
      out: { delivered: 1 },
      dropped: { 'ads:withdrawn': 1, 'ads:unknown': 1 },
    })
    expect(sent).toHaveLength(1)
    expect(sent[0]).toContain('a1@x.org')
    const written = await text(engine.dataPlane.outputs.open(second.id, 'file', ''))
    expect(written).toBe('{"email":"a1@x.org"}\n')
    const disclosed = await engine.dataPlane.deliveries.ofProfile(profileId, 10)
    expect(
      disclosed.map(({ recipient, fields, purposes, bases }) => ({
        recipient,
        fields,
        purposes,
        bases,
      })),
    ).toEqual(
      expect.arrayContaining(
        ['receiver.example', 'export.ndjson'].map((recipient) => ({
          recipient,
          fields: ['email'],
          purposes: ['ads'],
          bases: { ads: 'consent' },
        })),
      ),
    )
  })

  it('looks again when a waiting item wakes', async () => {
    const graph = await unfiltered(['a2@x.org', 'b2@x.org'], webhook())
    await run(graph)
    await consent('a2@x.org', 'granted')
    await consent('b2@x.org', 'granted')
    answer = async () => {
      answer = async () => 200
      await consent('a2@x.org', 'withdrawn')
      await consent('b2@x.org', 'withdrawn')
      return 503
    }
    const again = await run({ ...graph, nodes: graph.nodes })
    const counts = again.counts['hook']
    expect(counts?.dropped['ads:withdrawn']).toBeGreaterThanOrEqual(1)
    expect(sent.length).toBeLessThanOrEqual(1)
    expect((counts?.out['delivered'] ?? 0) + (counts?.dropped['ads:withdrawn'] ?? 0)).toBe(2)
  })

  it('looks again when a dead letter is re-run', async () => {
    const graph = await unfiltered(['a3@x.org'], webhook())
    await run(graph)
    await consent('a3@x.org', 'granted')
    answer = async () => 422
    const failed = await run(graph)
    expect(failed.counts['hook']?.failed).toEqual({ refused_by_receiver: 1 })
    await consent('a3@x.org', 'withdrawn')
    answer = async () => 200
    const rerun = await engine.runner.rerunLetters({ run: failed.id, by: 'test' })
    const ended = await engine.finished(rerun.id)
    expect(ended.counts['hook']).toMatchObject({ out: {}, dropped: { 'ads:withdrawn': 1 } })
    expect(sent).toEqual([])
  })

  it('sends a record of nobody only when the record itself proved consent', async () => {
    const stream = Readable.from(['{"n":1,"ok":"yes"}\n{"n":2,"ok":"no"}'])
    const upload = await engine.dataPlane.uploads.store({ name: 'r.ndjson', stream, by: 'test' })
    const origin = { kind: 'upload', file: { id: upload.id, name: upload.name } }
    const graph: FlowGraph = {
      schemaVersion: 1,
      nodes: [
        node('read', 'ndjson_file', { origin }),
        node('filter', 'consent_filter', {
          purposes: ['ads'],
          lookAt: 'record',
          fields: [{ purpose: 'ads', field: 'ok', granted: 'yes' }],
        }),
        { ...file(), id: 'proven' },
        { ...file(), id: 'bare' },
      ],
      wires: [wire('read', 'filter'), wire('filter', 'proven'), wire('read', 'bare')],
      settings: {},
    }
    const ended = await run(graph)
    expect(ended.counts['proven']?.out).toEqual({ delivered: 1 })
    expect(ended.counts['bare']).toMatchObject({ out: {}, dropped: { 'ads:no_person': 2 } })
  })

  it('follows the policy of the region a person lives in', async () => {
    const graph = await unfiltered(['us@x.org', 'de@x.org'], file())
    await run(graph)
    const rows = [
      ['us@x.org', 'US'],
      ['de@x.org', 'DE'],
    ] as const
    for (const [value, country] of rows) {
      const digest = engine.dataPlane.identities.digest({ type: 'email', value })
      const id = (await engine.dataPlane.identities.ownersOf([digest])).get(digest) ?? ''
      const trait = { trait: 'country', value: country, at: new Date().toISOString(), source: 'T' }
      await engine.dataPlane.profiles.write(
        [{ profileId: id, isNew: false, identifiers: [], traits: [{ ...trait, rule: 'latest' }] }],
        { flow: 'f', flowVersion: 1, now: new Date().toISOString() },
      )
    }
    await engine.dataPlane.consents.raiseEpoch()
    const { policies } = engine.dataPlane
    const { version, changedAt: _, changedBy: __, ...policy } = await policies.read()
    const rule = { purpose: 'ads', validDays: 0 }
    await policies.write(
      version,
      {
        ...policy,
        rules: [
          { ...rule, region: '*', basis: 'consent' },
          { ...rule, region: 'US', basis: 'opt_out' },
        ],
      },
      'test',
    )
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    const ended = await run(graph)
    expect(ended.counts['file']).toMatchObject({
      out: { delivered: 1 },
      dropped: { 'ads:unknown': 1 },
    })
    const written = await text(engine.dataPlane.outputs.open(ended.id, 'file', ''))
    expect(written).toBe('{"email":"us@x.org"}\n')
  })
})

describe('the ledger', () => {
  it('keeps the last word while many write about one person at once', async () => {
    const { profiles } = engine.dataPlane
    const at = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, n)).toISOString()
    const write = (n: number) =>
      profiles.appendConsents([
        {
          key: `race${n}`,
          profileId: 'race',
          purpose: 'ads',
          state: n === 59 ? 'withdrawn' : 'granted',
          kind: 'explicit',
          at: at(n),
        },
      ])
    await Promise.all(Array.from({ length: 60 }, (_, n) => write(n)))
    expect((await profiles.read(['race'])).get('race')?.consent['ads']?.state).toBe('withdrawn')
  })

  it('lets a refusal outlast a merge, also for what is recorded later', async () => {
    const { profiles, identities } = engine.dataPlane
    const say = (profileId: string, state: ConsentStateName, day: number, key: string) =>
      profiles.appendConsents([
        {
          key,
          profileId,
          purpose: 'ads',
          state,
          kind: 'explicit',
          at: new Date(Date.UTC(2026, 0, day)).toISOString(),
        },
      ])
    await say('m1', 'denied', 1, 'm1')
    await say('m2', 'granted', 5, 'm2')
    await identities.merges.merge({ into: 'm1', merged: 'm2' })
    const state = async () => (await profiles.read(['m2'])).get('m2')?.consent['ads']?.state
    expect(await state()).toBe('denied')
    await say('m2', 'granted', 3, 'm3')
    expect(await state()).toBe('denied')
    await profiles.appendConsents([
      {
        key: 'm4',
        profileId: 'm2',
        purpose: 'ads',
        state: 'granted',
        kind: 'explicit',
        at: new Date(Date.now() + 1_000).toISOString(),
      },
    ])
    expect(await state()).toBe('granted')
  })
})
