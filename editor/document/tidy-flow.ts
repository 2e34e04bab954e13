/** Places all steps from left to right along their wires. */
import { Graph, layout } from '@dagrejs/dagre'
import type { FlowGraph } from '../../engine/contract/flow.ts'
import type { Place } from './edit-graph.ts'

export const CARD = { width: 240, height: 84 }

/** New places, by step id; steps are tidied among themselves when `ids` names some. */
export function tidyFlow(graph: FlowGraph, ids?: ReadonlySet<string>): Record<string, Place> {
  const nodes = graph.nodes.filter((node) => !ids || ids.size < 2 || ids.has(node.id))
  const known = new Set(nodes.map((node) => node.id))
  const drawing = new Graph({ multigraph: true })
  drawing.setGraph({ rankdir: 'LR', nodesep: 48, ranksep: 96 })
  drawing.setDefaultEdgeLabel(() => ({}))
  for (const node of nodes) drawing.setNode(node.id, { ...CARD })
  for (const wire of graph.wires)
    if (known.has(wire.from.node) && known.has(wire.to.node))
      drawing.setEdge(wire.from.node, wire.to.node, {}, wire.id)
  layout(drawing)
  const placed = nodes.map((node) => {
    const { x = 0, y = 0 } = drawing.node(node.id) as Partial<Place>
    return [node.id, { x: x - CARD.width / 2, y: y - CARD.height / 2 }] as const
  })
  return shiftTo(nodes, Object.fromEntries(placed))
}

/** Keeps the upper left corner where it was, so that the view does not jump. */
function shiftTo(nodes: FlowGraph['nodes'], places: Record<string, Place>): Record<string, Place> {
  const least = (values: number[]): number => (values.length > 0 ? Math.min(...values) : 0)
  const all = Object.values(places)
  const dx = least(nodes.map((n) => n.position.x)) - least(all.map((p) => p.x))
  const dy = least(nodes.map((n) => n.position.y)) - least(all.map((p) => p.y))
  return Object.fromEntries(
    Object.entries(places).map(([id, { x, y }]) => [
      id,
      { x: Math.round(x + dx), y: Math.round(y + dy) },
    ]),
  )
}
