/** A flow of many steps, laid out in rows, for measuring the editor. */
import type { FlowGraph } from '../../../engine/contract/flow.ts'

const COLUMNS = 20

export const gridPlace = (i: number): { x: number; y: number } => ({
  x: (i % COLUMNS) * 340,
  y: Math.floor(i / COLUMNS) * 160,
})

/** Each row starts with a source and goes through filters. */
export function largeFlow(count: number): FlowGraph {
  const isFirst = (i: number) => i % COLUMNS === 0
  const nodes = Array.from({ length: count }, (_, i) => ({
    id: `s${i}`,
    type: isFirst(i) ? 'csv_file' : 'filter',
    version: 1,
    name: `Step ${i}`,
    config: {},
    position: gridPlace(i),
  }))
  const wires = nodes.flatMap((_, i) =>
    isFirst(i)
      ? []
      : [
          {
            id: `w${i}`,
            from: { node: `s${i - 1}`, port: 'out' },
            to: { node: `s${i}`, port: 'in' },
          },
        ],
  )
  return { schemaVersion: 1, nodes, wires, settings: {} }
}
