import { describe, expect, it } from 'vitest'
import type { FlowGraph } from '../../engine/contract/flow.ts'
import { applyEdit } from './edit-graph.ts'
import { record, redo, startHistory, undo } from './history.ts'

const node = (id: string) => ({
  id,
  type: 'filter',
  version: 1,
  name: '',
  config: {},
  position: { x: 0, y: 0 },
})
const wire = (from: string, to: string) => ({
  id: `${from}-${to}`,
  from: { node: from, port: 'out' },
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

  it('heals over several deleted steps', () => {
    const { wires } = applyEdit(chain, { kind: 'remove_nodes', ids: ['a', 'b'] })
    expect(wires).toEqual([])
  })

  it('draws a wire once', () => {
    const again = applyEdit(chain, { kind: 'connect', wire: { ...wire('a', 'b'), id: 'other' } })
    expect(again).toBe(chain)
  })
})

describe('history', () => {
  it('undoes and redoes settings, and names the step', () => {
    const edit = { kind: 'configure', id: 'a', config: { x: 1 } } as const
    const done = record(startHistory(chain), 'Change filter', edit)
    expect(done.past.map(({ label }) => label)).toEqual(['Change filter'])
    const undone = undo(done)
    expect(undone.graph).toBe(chain)
    expect(redo(undone).graph).toEqual(done.graph)
  })

  it('keeps no entry for an edit that changes nothing', () => {
    const start = startHistory(chain)
    expect(record(start, 'Rename', { kind: 'rename', id: 'a', name: '' })).toBe(start)
  })
})
