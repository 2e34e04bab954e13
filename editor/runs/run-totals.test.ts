import { describe, expect, it } from 'vitest'
import { runTotals } from './run-totals.ts'

const node = (id: string) => ({
  id,
  type: 't',
  version: 1,
  name: '',
  config: {},
  position: { x: 0, y: 0 },
})
const counts = {
  crm: { in: 10, out: { out: 9 }, dropped: {}, failed: { bad: 1 }, waiting: 0 },
  shop: { in: 5, out: { out: 5 }, dropped: {}, failed: {}, waiting: 0 },
  file: { in: 14, out: { delivered: 12 }, dropped: { late: 2 }, failed: {}, waiting: 0 },
}

describe('runTotals', () => {
  it('reads what sources read, and delivers what destinations delivered', () => {
    const wires = ['crm', 'shop'].map((from) => ({
      id: from,
      from: { node: from, port: 'out' },
      to: { node: 'file', port: 'in' },
    }))
    const graph = {
      schemaVersion: 1 as const,
      nodes: Object.keys(counts).map(node),
      wires,
      settings: {},
    }
    expect(runTotals({ counts, graph }, (id) => id === 'file')).toEqual({
      read: 15,
      delivered: 12,
      heldBack: 2,
      failed: 1,
    })
  })
})
