import { describe, expect, it } from 'vitest'
import type { FlowGraph } from '../../engine/contract/flow.ts'
import { copySteps, freshCopy, readClipping } from './clipboard.ts'
import { diffFlows, isSame } from './diff-flows.ts'
import { applyEdit } from './edit-graph.ts'
import { record, redo, startHistory, undo } from './history.ts'
import { getAt, moveEntry, setAt, wordsPath } from './settings-path.ts'
import { tidyFlow } from './tidy-flow.ts'
import { focusAfterRemoval, nextFocus } from './walk-focus.ts'

const node = (id: string, i = 0) => ({
  id,
  type: 'filter',
  version: 1,
  name: '',
  config: {},
  position: { x: i * 300, y: 0 },
})
const wire = (from: string, to: string, port = 'out') => ({
  id: `${from}-${to}`,
  from: { node: from, port },
  to: { node: to, port: 'in' },
})
const chain: FlowGraph = {
  schemaVersion: 1,
  nodes: ['a', 'b', 'c'].map(node),
  wires: [wire('a', 'b'), wire('b', 'c')],
  settings: {},
}

describe('applyEdit', () => {
  it('heals the chain when a step in it is deleted', () => {
    const { nodes, wires } = applyEdit(chain, { kind: 'remove_nodes', ids: ['b'] })
    expect(nodes.map(({ id }) => id)).toEqual(['a', 'c'])
    expect(wires).toEqual([{ id: 'a-b', from: wire('a', 'b').from, to: wire('b', 'c').to }])
  })

  it('leaves the ends loose where the kinds do not fit', () => {
    const { wires } = applyEdit(chain, { kind: 'remove_nodes', ids: ['b'] }, () => false)
    expect(wires).toEqual([])
  })

  it('does not join what a deleted step sent different ways', () => {
    const branched = {
      ...chain,
      nodes: [...chain.nodes, node('d')],
      wires: [...chain.wires, wire('b', 'd', 'rejected')],
    }
    expect(applyEdit(branched, { kind: 'remove_nodes', ids: ['b'] }).wires).toEqual([])
  })

  it('heals over several deleted steps', () => {
    const { wires } = applyEdit(chain, { kind: 'remove_nodes', ids: ['a', 'b'] })
    expect(wires).toEqual([])
  })

  it('draws a wire once', () => {
    const again = applyEdit(chain, { kind: 'connect', wire: { ...wire('a', 'b'), id: 'other' } })
    expect(again).toBe(chain)
  })

  it('puts a new step into a wire', () => {
    const added = applyEdit(chain, {
      kind: 'add_node',
      node: node('n'),
      wires: [wire('a', 'n'), wire('n', 'b')],
      cut: ['a-b'],
    })
    expect(added.wires.map(({ id }) => id)).toEqual(['b-c', 'a-n', 'n-b'])
  })

  it('sets one setting and leaves the other steps as they are', () => {
    const set = applyEdit(chain, {
      kind: 'set_config',
      id: 'b',
      path: ['rows', '0', 'field'],
      value: 'email',
    })
    expect(set.nodes[1]?.config).toEqual({ rows: [{ field: 'email' }] })
    expect(set.nodes[0]).toBe(chain.nodes[0])
  })

  it('keeps the graph when a step is moved to where it is', () => {
    const same = applyEdit(chain, { kind: 'move_nodes', positions: { a: { x: 0, y: 0 } } })
    expect(same).toBe(chain)
  })
})

describe('history', () => {
  const start = startHistory({ name: 'Flow', graph: chain })
  const label = { key: 'rename' }
  const renamed = (name: string) => ({
    name: 'Flow',
    graph: applyEdit(chain, { kind: 'rename', id: 'a', name }),
  })

  it('undoes and redoes, and names the entry', () => {
    const done = record(start, renamed('x'), { label, at: 0 })
    expect(done.past.map((entry) => entry.label)).toEqual([label])
    const undone = undo(done)
    expect(undone.document.graph).toBe(chain)
    expect(redo(undone).document).toEqual(done.document)
  })

  it('keeps no entry for an edit that changes nothing', () => {
    expect(record(start, { name: 'Flow', graph: chain }, { label, at: 0 })).toBe(start)
  })

  it('makes quick typing into one field one entry', () => {
    const first = record(start, renamed('x'), { label, about: 'a:name', at: 0 })
    const second = record(first, renamed('xy'), { label, about: 'a:name', at: 500 })
    expect(second.past).toHaveLength(1)
    expect(undo(second).document.graph).toBe(chain)
  })

  it('makes a new entry after a pause, and for another field', () => {
    const first = record(start, renamed('x'), { label, about: 'a:name', at: 0 })
    const later = record(first, renamed('xy'), { label, about: 'a:name', at: 9_000 })
    expect(later.past).toHaveLength(2)
    const other = record(first, renamed('xy'), { label, about: 'b:name', at: 100 })
    expect(other.past).toHaveLength(2)
  })

  it('forgets what was undone once something else is done', () => {
    const undone = undo(record(start, renamed('x'), { label, at: 0 }))
    const other = record(undone, renamed('y'), { label, at: 1 })
    expect(redo(other)).toBe(other)
  })
})

describe('settings by path', () => {
  it.each([
    [{ a: 1 }, ['a'], 2, { a: 2 }],
    [{}, ['rows', '0', 'to'], 'x', { rows: [{ to: 'x' }] }],
    [{ rows: ['a', 'b'] }, ['rows', '0'], undefined, { rows: ['b'] }],
    [{ a: 1, b: 2 }, ['a'], undefined, { b: 2 }],
    [{ a: 'text' }, ['a', 'b'], 1, { a: { b: 1 } }],
  ])('sets in %j at %j', (before, path, value, after) => {
    expect(setAt(before, path, value)).toEqual(after)
  })

  it('keeps the order of keys and does not change the old value', () => {
    const before = { a: 1, b: 2 }
    expect(Object.keys(setAt(before, ['a'], 3) as object)).toEqual(['a', 'b'])
    expect(before).toEqual({ a: 1, b: 2 })
  })

  it('reads through lists, and nothing from a prototype', () => {
    expect(getAt({ rows: [{ to: 'x' }] }, ['rows', '0', 'to'])).toBe('x')
    expect(getAt({}, ['constructor'])).toBeUndefined()
  })

  it('leaves list positions out for texts', () => {
    expect(wordsPath(['rows', '3', 'to'])).toBe('rows.to')
  })

  it('moves an entry and stays within the list', () => {
    expect(moveEntry(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a'])
    expect(moveEntry(['a', 'b'], 0, -1)).toEqual(['a', 'b'])
  })
})

describe('clipboard', () => {
  it('copies steps with the wires between them, under new ids', () => {
    const clipping = copySteps(chain, new Set(['a', 'b']))
    const { nodes, wires } = freshCopy(readClipping(JSON.stringify(clipping)) ?? clipping)
    expect(nodes).toHaveLength(2)
    expect(wires).toHaveLength(1)
    expect(nodes.map(({ id }) => id)).not.toContain('a')
    expect(wires[0]?.from.node).toBe(nodes[0]?.id)
  })

  it.each(['', 'hello', '{"heddle":"steps","nodes":[]}', '{"nodes":[]}'])(
    'does not read %j',
    (text) => {
      expect(readClipping(text)).toBeUndefined()
    },
  )
})

describe('diffFlows', () => {
  const mine = { name: 'Flow', graph: chain }

  it('finds nothing between equal flows, whatever the ids of their wires', () => {
    const wires = chain.wires.map((known, i) => ({ ...known, id: `w${i}` }))
    expect(isSame(diffFlows(mine, { name: 'Flow', graph: { ...chain, wires } }))).toBe(true)
  })

  it('names the step and the part that differs', () => {
    const graph = applyEdit(chain, { kind: 'rename', id: 'b', name: 'Other' })
    const without = applyEdit(graph, { kind: 'remove_nodes', ids: ['c'] })
    expect(diffFlows(mine, { name: 'Flow', graph: without }).steps).toMatchObject([
      { id: 'b', change: 'differs', parts: ['name', 'wires'] },
      { id: 'c', change: 'only_mine' },
    ])
  })
})

describe('walking the canvas', () => {
  it('goes along the wires, and stays at the end', () => {
    expect(nextFocus(chain, 'a', 'right')).toBe('b')
    expect(nextFocus(chain, 'b', 'left')).toBe('a')
    expect(nextFocus(chain, 'c', 'right')).toBeUndefined()
  })

  it('goes to the nearest step where no wire leads', () => {
    const below = { ...node('d'), position: { x: 20, y: 200 } }
    const graph = { ...chain, nodes: [...chain.nodes, below] }
    expect(nextFocus(graph, 'a', 'down')).toBe('d')
  })

  it('goes to what led to a deleted step', () => {
    expect(focusAfterRemoval(chain, new Set(['b']))).toBe('a')
    expect(focusAfterRemoval(chain, new Set(['a', 'b', 'c']))).toBeUndefined()
  })
})

describe('tidyFlow', () => {
  it('puts each step right of what leads to it', () => {
    const places = tidyFlow({ graph: chain })
    const x = (id: string) => places[id]?.x ?? NaN
    expect(x('a')).toBeLessThan(x('b'))
    expect(x('b')).toBeLessThan(x('c'))
  })
})
