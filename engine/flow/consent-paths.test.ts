/** Publishing is refused whenever some path reaches a destination unfiltered: 10,000 random graphs
 *  against a search of every path that shares nothing with the lint. */
import { describe, expect, it } from 'vitest'
import { nodeTypes } from '../../nodes/index.ts'
import type { FlowGraph, FlowNode } from '../contract/flow.ts'
import type { Json } from '../contract/json.ts'
import { analyseFlow } from './analyse-flow.ts'

const registry = new Map(nodeTypes.map((nodeType) => [nodeType.type, nodeType]))
const PURPOSES = ['ads', 'analytics', 'email_marketing']
const SEED = 20_261_124

function seeded(seed: number) {
  let state = seed
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

type Random = (below: number) => number
type Kind = 'source' | 'pass' | 'filter' | 'end'

const subset = (random: Random): string[] => {
  const chosen = PURPOSES.filter(() => random(2) === 0)
  return chosen.length > 0 ? chosen : [PURPOSES[random(PURPOSES.length)] ?? 'ads']
}

function randomConfig(kind: Kind, random: Random): [type: string, config: Record<string, Json>] {
  if (kind === 'source')
    return ['ndjson_file', { origin: { kind: 'upload', file: { id: 'f', name: 'f' } } }]
  if (kind === 'end') return ['file_export', { format: 'ndjson', purposes: subset(random) }]
  if (kind === 'filter')
    return ['consent_filter', { purposes: subset(random), match: random(3) === 0 ? 'any' : 'all' }]
  return random(2) === 0 ? ['merge_branches', {}] : ['deduplicate', { fields: ['email'] }]
}

/** Wires go from lower to higher places, so there are no circles; some steps stay apart. */
function randomGraph(random: Random): FlowGraph {
  const size = 3 + random(9)
  const nodes = Array.from({ length: size }, (_, i): FlowNode & { kind: Kind } => {
    const kinds: Kind[] =
      i === 0 ? ['source'] : ['source', 'pass', 'pass', 'filter', 'filter', 'end']
    const kind = i === size - 1 ? 'end' : (kinds[random(kinds.length)] ?? 'pass')
    const [type, config] = randomConfig(kind, random)
    return { id: `n${i}`, type, version: 1, name: '', config, position: { x: 0, y: 0 }, kind }
  })
  const wires: FlowGraph['wires'] = []
  for (const [a, from] of nodes.entries())
    for (const [b, to] of nodes.entries()) {
      if (b <= a || from.kind === 'end' || to.kind === 'source' || random(3) > 0) continue
      wires.push({
        id: `${from.id}-${to.id}`,
        from: { node: from.id, port: 'out' },
        to: { node: to.id, port: 'in' },
      })
    }
  return {
    schemaVersion: 1,
    nodes: nodes.map(({ kind: _, ...node }) => node),
    wires,
    settings: {},
  }
}

/** Walks every path on its own, from each source forward, with what it was filtered for so far. */
function unfilteredEnds(graph: FlowGraph): string[] {
  const bad = new Set<string>()
  const walk = (id: string, passed: ReadonlySet<string>): void => {
    const node = graph.nodes.find((one) => one.id === id)
    if (!node) return
    const purposes = (node.config['purposes'] as string[] | undefined) ?? []
    if (node.type === 'file_export' && purposes.some((purpose) => !passed.has(purpose))) bad.add(id)
    const proves =
      node.type === 'consent_filter' && (node.config['match'] === 'all' || purposes.length === 1)
    const next = proves ? new Set([...passed, ...purposes]) : passed
    for (const wire of graph.wires) if (wire.from.node === id) walk(wire.to.node, next)
  }
  for (const node of graph.nodes) if (node.type === 'ndjson_file') walk(node.id, new Set())
  return [...bad].sort()
}

describe('the privacy lint', () => {
  it(`agrees with a search of all paths on 10,000 random graphs (seed ${SEED})`, () => {
    const random = seeded(SEED)
    let refused = 0
    for (let round = 0; round < 10_000; round++) {
      const graph = randomGraph(random)
      const found = analyseFlow(graph, registry)
        .problems.filter(({ code }) => code === 'no_consent_filter')
        .map(({ nodeId }) => nodeId ?? '')
      const expected = unfilteredEnds(graph)
      if (expected.length > 0) refused++
      expect([...new Set(found)].sort(), JSON.stringify(graph)).toEqual(expected)
    }
    // Both outcomes are there, or the test would say nothing.
    expect(refused).toBeGreaterThan(2_000)
    expect(refused).toBeLessThan(9_500)
  })
})
