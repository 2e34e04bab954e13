import { describe, expect, it } from 'vitest'
import { nodeTypes } from '../../nodes/index.ts'
import type { FlowGraph, FlowNode } from '../contract/flow.ts'
import { analyseFlow } from './analyse-flow.ts'

const registry = new Map(nodeTypes.map((nodeType) => [nodeType.type, nodeType]))
const node = (id: string, type: string, config: FlowNode['config']): FlowNode => ({
  ...{ id, type, version: 1, name: '', config },
  position: { x: 0, y: 0 },
})
const chain = (...nodes: FlowNode[]): FlowGraph => ({
  schemaVersion: 1,
  nodes,
  wires: nodes.slice(1).map(({ id }, i) => ({
    id: `w${i}`,
    from: { node: nodes[i]?.id ?? '', port: 'out' },
    to: { node: id, port: 'in' },
  })),
  settings: {},
})

const source = node('read', 'ndjson_file', {
  origin: { kind: 'upload', file: { id: 'f', name: 'f' } },
  columns: [{ name: 'email', type: 'text', meaning: 'email', personal: true }],
})
const match = node('match', 'identity_match', { identifiers: [{ type: 'email', field: 'email' }] })
const filter = (purpose: string) => node(`f-${purpose}`, 'consent_filter', { purposes: [purpose] })
const audience = (field: string) =>
  node('who', 'audience', {
    key: 'who',
    name: 'Who',
    condition: {
      kind: 'group',
      match: 'all',
      rules: [{ kind: 'rule', field, operator: 'is_set' }],
    },
  })
const policy = { sensitiveTraits: ['religion'] }
const refused = (graph: FlowGraph, given = policy): string[] =>
  analyseFlow(graph, registry, given)
    .problems.filter(({ code }) => code === 'sensitive_profiling')
    .map(({ nodeId }) => nodeId ?? '')

describe('sensitive traits', () => {
  it.each<[string, FlowGraph, string[]]>([
    ['refuses an audience by one', chain(source, match, audience('traits.religion')), ['who']],
    ['refuses it as a field too', chain(source, match, audience('religion')), ['who']],
    [
      'takes no other consent for it',
      chain(source, match, filter('ads'), audience('traits.religion')),
      ['who'],
    ],
    [
      'accepts it behind consent to profiling',
      chain(source, match, filter('profiling'), audience('traits.religion')),
      [],
    ],
    ['accepts other traits', chain(source, match, audience('traits.city')), []],
  ])('%s', (_, graph, expected) => {
    expect(refused(graph)).toEqual(expected)
  })

  it('refuses nothing when none are marked', () => {
    expect(
      refused(chain(source, match, audience('traits.religion')), { sensitiveTraits: [] }),
    ).toEqual([])
  })
})

describe('impact', () => {
  it('names what a no cuts, who is told by itself, and what is kept', () => {
    const hook = node('hook', 'webhook', {
      target: { kind: 'url', url: 'https://crm.example' },
      purposes: ['ads'],
      body: 'fields',
      fields: ['email'],
    })
    const file = node('file', 'file_export', { columns: ['email'], purposes: ['sharing'] })
    const graph = chain(source, match, hook)
    const { impact } = analyseFlow(
      {
        ...graph,
        nodes: [...graph.nodes, file],
        wires: [
          ...graph.wires,
          { id: 'x', from: { node: 'match', port: 'out' }, to: { node: 'file', port: 'in' } },
        ],
      },
      registry,
    )
    expect(impact?.recipients).toMatchObject([
      { nodeId: 'file', purposes: ['sharing'], fields: ['email'], told: false },
      { nodeId: 'hook', purposes: ['ads'], fields: ['email'], told: true },
    ])
    expect(impact?.stores.map(({ nodeId }) => nodeId)).toEqual(['match'])
  })
})
