/** The closed set of edits of a flow. Pure: each gives a new graph and says what it did, for undo. */
import type { FlowGraph, FlowNode, Wire } from '../../engine/contract/flow.ts'
import type { Json } from '../../engine/contract/json.ts'

export type Edit =
  | { kind: 'add_node'; node: FlowNode }
  | { kind: 'move_nodes'; positions: Record<string, { x: number; y: number }> }
  | { kind: 'remove_nodes'; ids: readonly string[] }
  | { kind: 'connect'; wire: Wire }
  | { kind: 'disconnect'; wireIds: readonly string[] }
  | { kind: 'configure'; id: string; config: Record<string, Json> }
  | { kind: 'rename'; id: string; name: string }

/** The same graph when the edit changes nothing, so that no empty step enters the history. */
export function applyEdit(graph: FlowGraph, edit: Edit): FlowGraph {
  switch (edit.kind) {
    case 'add_node':
      return hasNode(graph, edit.node.id) ? graph : { ...graph, nodes: [...graph.nodes, edit.node] }
    case 'move_nodes':
      return changeNodes(graph, (node) => {
        const position = edit.positions[node.id]
        return position && !samePlace(position, node.position) ? { ...node, position } : node
      })
    case 'remove_nodes':
      return removeNodes(graph, new Set(edit.ids))
    case 'connect':
      return connect(graph, edit.wire)
    case 'disconnect':
      return removeWires(graph, new Set(edit.wireIds))
    case 'configure':
      return changeNodes(graph, (node) =>
        node.id === edit.id ? { ...node, config: edit.config } : node,
      )
    case 'rename':
      return changeNodes(graph, (node) =>
        node.id === edit.id && node.name !== edit.name ? { ...node, name: edit.name } : node,
      )
  }
}

const hasNode = (graph: FlowGraph, id: string): boolean =>
  graph.nodes.some((node) => node.id === id)

const samePlace = (a: { x: number; y: number }, b: { x: number; y: number }): boolean =>
  a.x === b.x && a.y === b.y

function changeNodes(graph: FlowGraph, change: (node: FlowNode) => FlowNode): FlowGraph {
  const nodes = graph.nodes.map(change)
  return nodes.every((node, i) => node === graph.nodes[i]) ? graph : { ...graph, nodes }
}

function connect(graph: FlowGraph, wire: Wire): FlowGraph {
  const known = graph.wires.some(
    ({ from, to }) =>
      from.node === wire.from.node &&
      from.port === wire.from.port &&
      to.node === wire.to.node &&
      to.port === wire.to.port,
  )
  return known ? graph : { ...graph, wires: [...graph.wires, wire] }
}

function removeWires(graph: FlowGraph, ids: ReadonlySet<string>): FlowGraph {
  const wires = graph.wires.filter((wire) => !ids.has(wire.id))
  return wires.length === graph.wires.length ? graph : { ...graph, wires }
}

/** Deleting a step in a chain heals the chain: what led to it now leads to what followed. */
function removeNodes(graph: FlowGraph, ids: ReadonlySet<string>): FlowGraph {
  const [first] = ids
  if (first === undefined || !hasNode(graph, first)) return graph
  const into = graph.wires.filter((wire) => wire.to.node === first)
  const from = graph.wires.filter((wire) => wire.from.node === first)
  const [before] = into
  const [after] = from
  const healed =
    into.length === 1 && from.length === 1 && before && after
      ? [{ id: before.id, from: before.from, to: after.to }]
      : []
  const without: FlowGraph = {
    ...graph,
    nodes: graph.nodes.filter((node) => node.id !== first),
    wires: [
      ...graph.wires.filter((wire) => wire.to.node !== first && wire.from.node !== first),
      ...healed,
    ],
  }
  return removeNodes(without, new Set([...ids].slice(1)))
}
