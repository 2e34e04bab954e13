import { describe, expect, it } from 'vitest'
import type { CatalogEntry } from '../../engine/contract/catalog.ts'
import type { FlowGraph } from '../../engine/contract/flow.ts'
import type { InPort, Role } from '../../engine/contract/node.ts'
import { canConnect, fitsInto, kindFrom, type Catalog } from './can-connect.ts'

const entry = (type: string, role: Role, inPort: Partial<InPort> | undefined): CatalogEntry => ({
  type,
  version: 1,
  role,
  title: type,
  summary: '',
  form: {},
  inPorts: inPort ? [{ name: 'in', title: 'In', accepts: ['records', 'people'], ...inPort }] : [],
  outPorts: role === 'destination' ? [] : [{ name: 'out', title: 'Out' }],
  scope: 'page',
  effects: 'none',
  drops: {},
  fails: {},
  words: {},
})
const catalog: Catalog = new Map(
  [
    entry('csv', 'source', undefined),
    entry('map', 'transform', {}),
    entry('merge', 'transform', { many: true }),
    entry('match', 'identity', {}),
    entry('write', 'profile', { accepts: ['people'] }),
    entry('file', 'destination', {}),
  ].map((known) => [known.type, known]),
)
const graphOf = (types: string, ...wires: string[]): FlowGraph => ({
  schemaVersion: 1,
  settings: {},
  nodes: types.split(' ').map((type) => ({
    id: type,
    type,
    version: 1,
    name: '',
    config: {},
    position: { x: 0, y: 0 },
  })),
  wires: wires.map((pair) => {
    const [from = '', to = ''] = pair.split('>')
    return { id: pair, from: { node: from, port: 'out' }, to: { node: to, port: 'in' } }
  }),
})
const ask = (graph: FlowGraph, from: string, to: string) =>
  canConnect(graph, { node: from, port: 'out' }, { node: to, port: 'in' }, { catalog })

describe('canConnect', () => {
  it.each([
    ['a source with a transform', graphOf('csv map'), 'csv', 'map'],
    [
      'matched people with a profile step',
      graphOf('csv match write', 'csv>match'),
      'match',
      'write',
    ],
    ['several with a step that merges', graphOf('csv map merge', 'csv>merge'), 'map', 'merge'],
  ])('connects %s', (_name, graph, from, to) => {
    expect(ask(graph, from, to)).toEqual({ ok: true })
  })

  it.each([
    ['itself', 'same_step', graphOf('map'), 'map', 'map', undefined],
    ['what it is connected to', 'already', graphOf('csv map', 'csv>map'), 'csv', 'map', undefined],
    ['a full port', 'port_full', graphOf('csv map file', 'map>file'), 'csv', 'file', 'merge'],
    ['what leads to it', 'loop', graphOf('map merge', 'map>merge'), 'merge', 'map', undefined],
    ['records with people', 'needs_people', graphOf('csv write'), 'csv', 'write', 'match'],
    ['out of a destination', 'unknown_port', graphOf('file map'), 'file', 'map', undefined],
    ['into a source', 'unknown_port', graphOf('map csv'), 'map', 'csv', undefined],
  ])(
    'refuses %s, with the reason and the step that helps',
    (_name, reason, graph, from, to, fix) => {
      const answer = ask(graph, from, to)
      expect(answer).toMatchObject({ ok: false, reason })
      expect('fixType' in answer ? answer.fixType : undefined).toBe(fix)
    },
  )
})

describe('kindFrom', () => {
  it('follows people through steps that keep them', () => {
    const graph = graphOf('csv match map merge', 'csv>match', 'match>map', 'map>merge')
    expect(kindFrom(graph, { node: 'merge', port: 'out' }, { catalog })).toBe('people')
  })

  it('takes mixed branches for records', () => {
    const graph = graphOf('csv match merge', 'csv>match', 'match>merge', 'csv>merge')
    expect(kindFrom(graph, { node: 'merge', port: 'out' }, { catalog })).toBe('records')
  })
})

describe('fitsInto', () => {
  it('names the ports by which a step goes into a wire, or none', () => {
    const graph = graphOf('csv map', 'csv>map')
    const [wire] = graph.wires
    if (!wire) throw new Error('The graph has no wire.')
    const fits = (type: string) => {
      const known = catalog.get(type)
      return known && fitsInto(graph, wire, known, { catalog })
    }
    expect(fits('merge')).toEqual({ inPort: 'in', outPort: 'out' })
    expect(fits('write')).toBeUndefined()
    expect(fits('file')).toBeUndefined()
  })
})
