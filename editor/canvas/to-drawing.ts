/** The document as the canvas library draws it. Objects are kept where nothing changed. */
import type { Edge, Node } from '@xyflow/react'
import type { FlowGraph, FlowNode } from '../../engine/contract/flow.ts'
import { CARD } from '../document/tidy-flow.ts'
import { readingOrder } from '../document/walk-focus.ts'

/** Cards in reading order, so that screen readers meet them along the graph. */
export function toCards(
  graph: FlowGraph,
  before: readonly Node[],
  selected: ReadonlySet<string>,
): Node[] {
  const known = new Map(before.map((card) => [card.id, card]))
  return readingOrder(graph).map((node) => toCard(node, known.get(node.id), selected.has(node.id)))
}

function toCard(node: FlowNode, before: Node | undefined, selected: boolean): Node {
  const same =
    before &&
    before.position.x === node.position.x &&
    before.position.y === node.position.y &&
    (before.selected ?? false) === selected
  if (same) return before
  return {
    ...(before ?? { initialWidth: CARD.width, initialHeight: CARD.height }),
    id: node.id,
    type: 'step',
    position: node.position,
    selected,
    data: before?.data ?? {},
  }
}

export const toWires = (graph: FlowGraph, selectedWire: string | undefined): Edge[] =>
  graph.wires.map(({ id, from, to }) => ({
    id,
    type: 'counted',
    source: from.node,
    sourceHandle: from.port,
    target: to.node,
    targetHandle: to.port,
    selected: id === selectedWire,
  }))
