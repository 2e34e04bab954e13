/** Places all steps from left to right along their wires, so that wires leave ports in their order. */
import { Graph, layout } from '@dagrejs/dagre'
import type { FlowGraph, FlowNode, Wire } from '../../engine/contract/flow.ts'
import { outPortsOf, type Catalog } from './can-connect.ts'
import type { Place } from './edit-graph.ts'
import { untangle, type PortWire } from './untangle.ts'

export const CARD = { width: 240, height: 84 }
/** Ports of a card with several: first one, and the step between two. */
export const PORTS = { first: 30, each: 24 }

export interface TidyInput {
  graph: FlowGraph
  catalog?: Catalog
  /** Only these, among themselves, when more than one is named. */
  ids?: ReadonlySet<string> | undefined
}

/** New places, by step id. */
export function tidyFlow({ graph, catalog = new Map(), ids }: TidyInput): Record<string, Place> {
  const nodes = graph.nodes.filter((node) => !ids || ids.size < 2 || ids.has(node.id))
  const known = new Set(nodes.map((node) => node.id))
  const wires = graph.wires.filter((wire) => known.has(wire.from.node) && known.has(wire.to.node))
  const heights = new Map(nodes.map((node) => [node.id, cardHeight(node, catalog)]))
  const drawing = new Graph({ multigraph: true })
  drawing.setGraph({ rankdir: 'LR', nodesep: 48, ranksep: 96 })
  drawing.setDefaultEdgeLabel(() => ({}))
  for (const node of nodes)
    drawing.setNode(node.id, { width: CARD.width, height: heights.get(node.id) ?? CARD.height })
  for (const wire of wires) drawing.setEdge(wire.from.node, wire.to.node, {}, wire.id)
  layout(drawing)
  const placed = nodes.map((node) => {
    const { x = 0, y = 0 } = drawing.node(node.id) as Partial<Place>
    const height = heights.get(node.id) ?? CARD.height
    return [node.id, { x: Math.round(x - CARD.width / 2), y: Math.round(y - height / 2) }] as const
  })
  const portWires = wires.map((wire) => toPortWire(wire, graph, catalog))
  return shiftTo(nodes, untangle(Object.fromEntries(placed), portWires, heights))
}

function portRows(node: FlowNode, catalog: Catalog): { ins: string[]; outs: string[] } {
  return {
    ins: (catalog.get(node.type)?.inPorts ?? []).map((port) => port.name),
    outs: outPortsOf(node, catalog).map((port) => port.name),
  }
}

function cardHeight(node: FlowNode, catalog: Catalog): number {
  const { ins, outs } = portRows(node, catalog)
  const rows = Math.max(ins.length, outs.length)
  return rows > 1 ? Math.max(CARD.height, PORTS.first + rows * PORTS.each + 26) : CARD.height
}

function toPortWire(wire: Wire, { nodes }: FlowGraph, catalog: Catalog): PortWire {
  const offset = (id: string, port: string, side: 'ins' | 'outs'): number => {
    const node = nodes.find((known) => known.id === id)
    const rows = node ? portRows(node, catalog) : undefined
    const single = Math.max(rows?.ins.length ?? 0, rows?.outs.length ?? 0) < 2
    return single || !rows
      ? CARD.height / 2
      : PORTS.first + Math.max(0, rows[side].indexOf(port)) * PORTS.each
  }
  return {
    from: wire.from.node,
    to: wire.to.node,
    fromOffset: offset(wire.from.node, wire.from.port, 'outs'),
    toOffset: offset(wire.to.node, wire.to.port, 'ins'),
  }
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
