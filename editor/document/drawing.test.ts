import { describe, expect, it } from 'vitest'
import type { CatalogEntry } from '../../engine/contract/catalog.ts'
import type { FlowGraph } from '../../engine/contract/flow.ts'
import { alignTo } from './align.ts'
import { copySteps, freshCopy } from './clipboard.ts'
import { applyEdit } from './edit-graph.ts'
import { findSteps } from './find-steps.ts'
import { foldedOver } from './group-box.ts'
import { tidyFlow } from './tidy-flow.ts'
import { untangle } from './untangle.ts'

const step = (id: string, type = 'filter', config = {}) => ({
  id,
  type,
  version: 1,
  name: id,
  config,
  position: { x: 0, y: 0 },
})
const wire = (from: string, to: string, port = 'out') => ({
  id: `${from}-${to}`,
  from: { node: from, port },
  to: { node: to, port: 'in' },
})
const graph = (over: Partial<FlowGraph> = {}): FlowGraph => ({
  schemaVersion: 1,
  nodes: [step('a'), step('b'), step('c')],
  wires: [wire('a', 'b'), wire('b', 'c')],
  settings: {},
  ...over,
})
const note = {
  id: 'n',
  text: 'Why',
  tint: 'yellow' as const,
  position: { x: 0, y: 0 },
  size: { width: 200, height: 100 },
}
const group = (id: string, nodes: string[], folded = false) => ({
  id,
  title: id,
  tint: 'blue' as const,
  nodes,
  folded,
})

describe('notes and groups', () => {
  it('moves, changes and deletes a note like anything else', () => {
    const added = applyEdit(graph(), { kind: 'add_note', note })
    const moved = applyEdit(added, { kind: 'move_nodes', positions: { n: { x: 5, y: 7 } } })
    expect(moved.notes?.[0]?.position).toEqual({ x: 5, y: 7 })
    const told = applyEdit(moved, { kind: 'change_note', id: 'n', change: { text: 'Because' } })
    expect(told.notes?.[0]?.text).toBe('Because')
    expect(applyEdit(told, { kind: 'remove_nodes', ids: ['n'] })).toEqual(graph())
  })

  it('has each step in one group at most, and drops a group without steps', () => {
    const one = applyEdit(graph(), { kind: 'add_group', group: group('g', ['a', 'b']) })
    const two = applyEdit(one, { kind: 'add_group', group: group('h', ['b', 'c']) })
    expect(two.groups?.map(({ nodes }) => nodes)).toEqual([['a'], ['b', 'c']])
    const less = applyEdit(two, { kind: 'remove_nodes', ids: ['a'] })
    expect(less.groups?.map(({ id }) => id)).toEqual(['h'])
  })

  it('leaves no trace of a group that is taken apart', () => {
    const one = applyEdit(graph(), { kind: 'add_group', group: group('g', ['a']) })
    expect(applyEdit(one, { kind: 'ungroup', id: 'g' })).toEqual(graph())
  })

  it('hides the steps of folded groups only', () => {
    const folded = foldedOver(graph({ groups: [group('g', ['a'], true), group('h', ['b'])] }))
    expect([...folded.keys()]).toEqual(['a'])
  })

  it('copies groups that are whole, under new ids', () => {
    const drawn = graph({ notes: [note], groups: [group('g', ['a', 'b']), group('h', ['c'])] })
    const copy = freshCopy(copySteps(drawn, new Set(['a', 'b', 'n'])))
    expect(copy.groups).toHaveLength(1)
    expect(copy.groups[0]?.nodes).toEqual(copy.nodes.map(({ id }) => id))
    expect(copy.notes[0]?.id).not.toBe('n')
  })
})

describe('alignTo', () => {
  const card = (x: number, y: number) => ({ x, y, width: 240, height: 84 })

  it('rests on the nearest line within reach, each way apart', () => {
    expect(alignTo(card(104, 304), [card(100, 0), card(0, 300)], 6)).toEqual({
      x: 100,
      y: 300,
      vertical: 100,
      horizontal: 300,
    })
  })

  it('leaves a card alone when nothing is near', () => {
    expect(alignTo(card(150, 150), [card(0, 0)], 6)).toEqual({ x: 150, y: 150 })
  })
})

describe('tidying by ports', () => {
  it('puts targets in the order of the ports they hang on', () => {
    const places = { p: { x: 0, y: 50 }, low: { x: 300, y: 0 }, high: { x: 300, y: 150 } }
    const at = (to: string, fromOffset: number) => ({ from: 'p', to, fromOffset, toOffset: 42 })
    const heights = new Map([
      ['low', 84],
      ['high', 120],
    ])
    const tidied = untangle(places, [at('high', 30), at('low', 54)], heights)
    expect(tidied['high']?.y).toBe(0)
    expect(tidied['low']?.y).toBe(150 + 120 - 84)
  })

  it('keeps cards apart and wires forward in a random graph', () => {
    const seed = 7
    let state = seed
    const random = () => (state = (state * 16807) % 2147483647) / 2147483647
    const nodes = Array.from({ length: 40 }, (_, i) => step(`s${i}`))
    const wires = nodes.slice(1).map((to, i) => wire(`s${Math.floor(random() * (i + 1))}`, to.id))
    const places = tidyFlow({ graph: graph({ nodes, wires }) })
    const at = (id: string) => places[id] ?? { x: NaN, y: NaN }
    for (const { from, to } of wires)
      expect(at(from.node).x, `seed ${seed}`).toBeLessThan(at(to.node).x)
    for (const a of nodes)
      for (const b of nodes)
        if (a.id < b.id && at(a.id).x === at(b.id).x)
          expect(Math.abs(at(a.id).y - at(b.id).y), `seed ${seed}`).toBeGreaterThanOrEqual(84)
  })
})

describe('findSteps', () => {
  const nodes = [
    step('Contacts', 'csv_file'),
    step('Only adults', 'filter', { when: { rules: [{ field: 'email' }] } }),
    step('Mail house', 'webhook', { text: 'Dear {first_name}' }),
  ]
  const catalog = new Map(
    [
      ['csv_file', 'source'],
      ['filter', 'transform'],
      ['webhook', 'destination'],
    ].map(([type, role]) => [type ?? '', { type, role } as CatalogEntry]),
  )
  const analysis = {
    problems: [
      {
        code: 'unknown_field' as const,
        severity: 'error' as const,
        nodeId: 'Only adults',
        message: '',
        fix: '',
      },
    ],
    shapes: {},
    arrives: {
      'Mail house': {
        in: {
          kind: 'people' as const,
          fields: [{ name: 'mail', type: 'text' as const, meaning: 'email' as const }],
        },
      },
    },
  }
  const find = (query: string) =>
    findSteps(graph({ nodes }), query, { catalog, analysis, textOf: (node) => node.name })

  it.each([
    ['mail', ['Mail house']],
    ['is:problem', ['Only adults']],
    ['is:warning', []],
    ['is:source', ['Contacts']],
    ['is:unconnected', ['Contacts', 'Only adults', 'Mail house']],
    ['uses:email', ['Only adults']],
    ['uses:first_name', ['Mail house']],
    ['sends:email', ['Mail house']],
    ['sends:house', ['Mail house']],
    ['sends:', ['Mail house']],
    ['is:problem mail', []],
    ['', []],
  ])('finds for "%s"', (query, found) => {
    expect(find(query)).toEqual(found)
  })
})
