/** Where the keyboard goes next on the canvas: along the wires, else to the nearest step. Pure. */
import type { FlowGraph, FlowNode } from '../../engine/contract/flow.ts'
import { topologicalOrder, wiresFrom, wiresInto } from '../../engine/flow/walk.ts'

export type Direction = 'left' | 'right' | 'up' | 'down'

/** Steps in the order they are read: along the graph, steps on a loop last. */
export function readingOrder(graph: FlowGraph): FlowNode[] {
  const { order, cyclic } = topologicalOrder(graph)
  return [...order, ...cyclic]
}

export function nextFocus(graph: FlowGraph, id: string, direction: Direction): string | undefined {
  const here = graph.nodes.find((node) => node.id === id)
  if (!here) return readingOrder(graph)[0]?.id
  if (direction === 'right' || direction === 'left') {
    const linked =
      direction === 'right'
        ? wiresFrom(graph, id).map((wire) => wire.to.node)
        : wiresInto(graph, id).map((wire) => wire.from.node)
    return topmost(graph, linked) ?? nearest(graph, here, direction)
  }
  return nearest(graph, here, direction)
}

const topmost = (graph: FlowGraph, ids: readonly string[]): string | undefined =>
  graph.nodes.filter((node) => ids.includes(node.id)).sort((a, b) => a.position.y - b.position.y)[0]
    ?.id

/** Nearest in that direction; distance across counts double, so that rows and columns hold. */
function nearest(graph: FlowGraph, here: FlowNode, direction: Direction): string | undefined {
  const across = direction === 'left' || direction === 'right'
  const sign = direction === 'right' || direction === 'down' ? 1 : -1
  return graph.nodes
    .flatMap((node) => {
      const dx = node.position.x - here.position.x
      const dy = node.position.y - here.position.y
      const ahead = sign * (across ? dx : dy)
      return node.id === here.id || ahead <= 0
        ? []
        : [{ id: node.id, distance: ahead + 2 * Math.abs(across ? dy : dx) }]
    })
    .sort((a, b) => a.distance - b.distance)[0]?.id
}

/** Where focus goes when steps are deleted: what led to them, else what followed, else any. */
export function focusAfterRemoval(graph: FlowGraph, ids: ReadonlySet<string>): string | undefined {
  const candidates = [...ids].flatMap((id) => [
    ...wiresInto(graph, id).map((wire) => wire.from.node),
    ...wiresFrom(graph, id).map((wire) => wire.to.node),
  ])
  return candidates.find((id) => !ids.has(id)) ?? graph.nodes.find((node) => !ids.has(node.id))?.id
}
