/** A flow of steps one after the other, for tests: each step's `out` wired to the next one's `in`. */
import type { FlowGraph, FlowNode } from '../../engine/contract/flow.ts'

export type Step = readonly [id: string, type: string, config: FlowNode['config']]

export function chain(steps: readonly Step[]): FlowGraph {
  return {
    schemaVersion: 1,
    nodes: steps.map(([id, type, config], i) => ({
      id,
      type,
      version: 1,
      name: id,
      config,
      position: { x: i * 280, y: 0 },
    })),
    wires: steps.slice(1).map(([id], i) => {
      const from = steps[i]?.[0] ?? ''
      return {
        id: `${from}-${id}`,
        from: { node: from, port: 'out' },
        to: { node: id, port: 'in' },
      }
    }),
    settings: {},
  }
}
