import { describe, expect, it } from 'vitest'
import { nodeTypes } from '../../nodes/index.ts'
import { flowGraphSchema, type Fixture } from '../contract/flow.ts'
import type { NodeType } from '../contract/node.ts'
import type { FilesService } from '../contract/services.ts'
import { analyseFlow } from '../flow/analyse-flow.ts'
import { estimateFlow, extrapolate } from './estimate-flow.ts'
import { followPerson } from './follow-person.ts'
import { dryRun, previewFlow } from './preview.ts'
import { runFixtures } from './run-fixtures.ts'
import { runnablePart } from './runnable-part.ts'
import { createSampleCache, rankOf } from './sample-sources.ts'

const types: ReadonlyMap<string, NodeType> = new Map(nodeTypes.map((type) => [type.type, type]))
const now = '2026-01-01T00:00:00.000Z'

const PEOPLE = 20_000
const text = [
  'email,age',
  ...Array.from({ length: PEOPLE }, (_, i) => `person${i}@example.com,${i % 100}`),
].join('\n')
const bytes = new TextEncoder().encode(text)
let reads = 0
const files: FilesService = {
  list: async () => [{ id: 'people', name: 'people.csv', bytes: bytes.length }],
  async read(_id, start, end) {
    reads++
    return bytes.slice(start, end)
  },
}
const services = { files }

const node = (id: string, type: string, config = {}) => ({ id, type, version: 1, config })
const wire = (from: string, to: string) => ({
  id: `${from}-${to}`,
  from: { node: from, port: 'out' },
  to: { node: to, port: 'in' },
})
const graphOf = (fixtures?: Fixture[]) =>
  flowGraphSchema.parse({
    nodes: [
      node('read', 'csv_file', {
        origin: { kind: 'upload', file: { id: 'people', name: 'people.csv' } },
        columns: [
          { name: 'email', type: 'text', meaning: 'email', personal: true },
          { name: 'age', type: 'number' },
        ],
      }),
      node('adults', 'filter', {
        condition: {
          kind: 'group',
          match: 'all',
          rules: [{ kind: 'rule', field: 'age', operator: 'at_least', value: 75 }],
        },
      }),
      node('save', 'file_export', { name: 'out', format: 'ndjson', purposes: ['email_marketing'] }),
    ],
    wires: [wire('read', 'adults'), wire('adults', 'save')],
    ...(fixtures ? { fixtures } : {}),
  })
const graph = graphOf()
const { shapes, problems } = analyseFlow(graph, types)
const base = { types, services, now }

describe('a dry run', () => {
  it('keeps the rows of every fate, with the reason', async () => {
    const preview = await previewFlow({ graph, rows: 200, ...base })
    expect(preview.counts['adults']).toMatchObject({ in: 200, out: { out: 50 } })
    const [reason] = Object.keys(preview.fates['adults']?.dropped ?? {})
    expect(preview.counts['adults']?.dropped[reason ?? '']).toBe(150)
    expect(preview.fates['adults']?.dropped[reason ?? '']?.[0]).toMatchObject({ age: '0' })
    expect(preview.fates['adults']?.out['out']?.[0]).toMatchObject({ age: '75' })
  })

  it('stops with the step asked for', async () => {
    const preview = await previewFlow({ graph, rows: 10, until: 'adults', ...base })
    expect(Object.keys(preview.counts)).toEqual(['read', 'adults'])
  })

  it('runs only what follows the rows that stand in', async () => {
    const items = [{ id: 'read:1', fields: { email: 'a@example.com', age: 80 }, source: 'test' }]
    const trace = await dryRun({ graph, standIn: { node: 'read', port: 'out', items }, ...base })
    expect(trace.get('adults')?.counts.out['out']).toBe(1)
  })

  it('leaves out steps that are not set up, and what follows them', () => {
    const broken = {
      ...graph,
      nodes: graph.nodes.map((n) => (n.id === 'adults' ? { ...n, config: { condition: 1 } } : n)),
    }
    const part = runnablePart(broken, analyseFlow(broken, types).problems)
    expect(part.nodes.map(({ id }) => id)).toEqual(['read'])
    expect(runnablePart(graph, problems).nodes).toHaveLength(3)
  })
})

describe('an estimate', () => {
  const estimate = (exact: boolean, cache = createSampleCache()) =>
    estimateFlow({ graph, exact, shapes, cache, ...base })

  it('counts when asked to', async () => {
    const { wires, exact, of } = await estimate(true)
    expect({ exact, of }).toEqual({ exact: true, of: PEOPLE })
    expect(wires['adults']?.['out']).toEqual({ n: 5_000, low: 5_000, high: 5_000 })
  })

  it('tells a number from a sample, with the truth in its range', async () => {
    const { wires, exact } = await estimate(false)
    const range = wires['adults']?.['out']
    expect(exact).toBe(false)
    expect(range?.low).toBeLessThan(5_000)
    expect(range?.high).toBeGreaterThan(5_000)
    expect(Math.abs((range?.n ?? 0) - 5_000)).toBeLessThan(750)
    expect(wires['read']?.['out']).toEqual({ n: PEOPLE, low: PEOPLE, high: PEOPLE })
  })

  it('does not read the sources anew when a later step changes', async () => {
    const cache = createSampleCache()
    await estimate(false, cache)
    reads = 0
    await estimate(false, cache)
    expect(reads).toBeLessThanOrEqual(1)
  })

  it('is wider where half the sample tells otherwise', () => {
    const plain = extrapolate(100, undefined, 0.1)
    const bent = extrapolate(100, 80, 0.1)
    expect(bent.low).toBeLessThan(plain.low)
    expect(plain.n).toBe(1_000)
  })

  it('ranks people evenly', () => {
    const low = Array.from({ length: 10_000 }, (_, i) => rankOf(`p${i}@example.com`)).filter(
      (rank) => rank < 0.1,
    )
    expect(low.length).toBeGreaterThan(850)
    expect(low.length).toBeLessThan(1_150)
  })
})

it('follows one person from the source to where they end', async () => {
  const follow = (person: string) =>
    followPerson({ graph, person, shapes, answersOf: async () => [], ...base })
  const kept = await follow(' PERSON75@example.com')
  expect(kept.steps.map(({ node: id }) => id)).toEqual(['read', 'adults', 'save'])
  expect(kept.steps.at(-1)?.payloads[0]).toContain('person75@example.com')
  const left = await follow('person3@example.com')
  expect(left.found).toBe(1)
  expect(left.steps.at(-1)?.counts.dropped).not.toEqual({})
  expect((await follow('nobody@example.com')).steps).toEqual([])
})

it('runs the tests kept with a flow and tells what differs', async () => {
  const test = (count: number): Fixture => ({
    id: `t${count}`,
    name: 'Two people',
    node: 'read',
    port: 'out',
    rows: [
      { email: 'a@example.com', age: 80 },
      { email: 'b@example.com', age: 20 },
    ],
    expect: [{ node: 'save', port: 'delivered', count }],
  })
  const tested = graphOf([test(1), test(2)])
  const results = await runFixtures({ graph: tested, shapes, ...base })
  expect(results.map(({ ok }) => ok)).toEqual([true, false])
  expect(results[1]?.results).toEqual([{ node: 'save', port: 'delivered', expected: 2, found: 1 }])
})
