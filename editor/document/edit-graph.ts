/** The closed set of edits of a flow. Pure: each gives a new graph and never changes the old one. */
import type { FlowGraph, FlowNode, Wire } from '../../engine/contract/flow.ts'
import type { Json } from '../../engine/contract/json.ts'
import { applyDrawingEdit, moveNotes, removeFromDrawing, type DrawingEdit } from './edit-drawing.ts'
import { sameJson } from './same-json.ts'
import { setAt } from './settings-path.ts'

export interface Place {
  x: number
  y: number
}

export type Edit =
  /** `wires` are drawn with the step; `cut` are the wires they stand in for. */
  | { kind: 'add_node'; node: FlowNode; wires?: readonly Wire[]; cut?: readonly string[] }
  /** Puts a step that is already there into a wire. */
  | { kind: 'splice_node'; wires: readonly Wire[]; cut: string }
  | { kind: 'move_nodes'; positions: Readonly<Record<string, Place>> }
  | { kind: 'remove_nodes'; ids: readonly string[] }
  | { kind: 'connect'; wire: Wire }
  | { kind: 'disconnect'; wireIds: readonly string[] }
  | { kind: 'configure'; id: string; config: Record<string, Json> }
  /** `undefined` takes the setting away. */
  | { kind: 'set_config'; id: string; path: readonly string[]; value: Json | undefined }
  | { kind: 'rename'; id: string; name: string }
  | { kind: 'set_settings'; settings: FlowGraph['settings'] }
  | {
      kind: 'paste'
      nodes: readonly FlowNode[]
      wires: readonly Wire[]
      notes?: FlowGraph['notes']
      groups?: FlowGraph['groups']
    }
  | DrawingEdit
  /** Takes over another graph as a whole, as after a conflict. */
  | { kind: 'replace'; graph: FlowGraph }

/** Whether a wire may be drawn between two ends once a step between them is gone. */
export type Fits = (graph: FlowGraph, from: Wire['from'], to: Wire['to']) => boolean

const ALWAYS: Fits = () => true

/** The same graph when the edit changes nothing, so that no empty step enters the history. */
export function applyEdit(graph: FlowGraph, edit: Edit, fits: Fits = ALWAYS): FlowGraph {
  switch (edit.kind) {
    case 'add_node':
      return addNode(graph, edit)
    case 'splice_node':
      return drawAll(removeWires(graph, new Set([edit.cut])), edit.wires)
    case 'move_nodes':
      return moveNotes(moveNodes(graph, edit.positions), edit.positions)
    case 'remove_nodes':
      return removeFromDrawing(removeNodes(graph, edit.ids, fits), edit.ids)
    case 'connect':
      return draw(graph, edit.wire)
    case 'disconnect':
      return removeWires(graph, new Set(edit.wireIds))
    case 'configure':
      return changeNode(graph, edit.id, (node) => withConfig(node, edit.config))
    case 'set_config':
      return changeNode(graph, edit.id, (node) =>
        withConfig(node, setAt(node.config, edit.path, edit.value) as Record<string, Json>),
      )
    case 'rename':
      return changeNode(graph, edit.id, (node) =>
        node.name === edit.name ? node : { ...node, name: edit.name },
      )
    case 'set_settings':
      return sameJson(graph.settings, edit.settings) ? graph : { ...graph, settings: edit.settings }
    case 'paste':
      return paste(graph, edit)
    case 'replace':
      return sameJson(graph, edit.graph) ? graph : edit.graph
    default:
      return applyDrawingEdit(graph, edit)
  }
}

function paste(graph: FlowGraph, edit: Extract<Edit, { kind: 'paste' }>): FlowGraph {
  const { notes = [], groups = [] } = edit
  return drawAll(
    {
      ...graph,
      nodes: [...graph.nodes, ...edit.nodes],
      ...(notes.length > 0 ? { notes: [...(graph.notes ?? []), ...notes] } : {}),
      ...(groups.length > 0 ? { groups: [...(graph.groups ?? []), ...groups] } : {}),
    },
    edit.wires,
  )
}

const hasNode = (graph: FlowGraph, id: string): boolean =>
  graph.nodes.some((node) => node.id === id)

function addNode(graph: FlowGraph, edit: Extract<Edit, { kind: 'add_node' }>): FlowGraph {
  if (hasNode(graph, edit.node.id)) return graph
  const added = { ...graph, nodes: [...graph.nodes, edit.node] }
  return drawAll(removeWires(added, new Set(edit.cut)), edit.wires ?? [])
}

function moveNodes(graph: FlowGraph, positions: Readonly<Record<string, Place>>): FlowGraph {
  return changeNodes(graph, (node) => {
    const to = positions[node.id]
    return to && (to.x !== node.position.x || to.y !== node.position.y)
      ? { ...node, position: { x: Math.round(to.x), y: Math.round(to.y) } }
      : node
  })
}

const withConfig = (node: FlowNode, config: Record<string, Json>): FlowNode =>
  sameJson(node.config, config) ? node : { ...node, config }

const changeNode = (
  graph: FlowGraph,
  id: string,
  change: (node: FlowNode) => FlowNode,
): FlowGraph => changeNodes(graph, (node) => (node.id === id ? change(node) : node))

function changeNodes(graph: FlowGraph, change: (node: FlowNode) => FlowNode): FlowGraph {
  const nodes = graph.nodes.map(change)
  return nodes.every((node, i) => node === graph.nodes[i]) ? graph : { ...graph, nodes }
}

const drawAll = (graph: FlowGraph, wires: readonly Wire[]): FlowGraph => wires.reduce(draw, graph)

function draw(graph: FlowGraph, wire: Wire): FlowGraph {
  const known = graph.wires.some(
    ({ from, to }) => sameJson(from, wire.from) && sameJson(to, wire.to),
  )
  return known ? graph : { ...graph, wires: [...graph.wires, wire] }
}

function removeWires(graph: FlowGraph, ids: ReadonlySet<string>): FlowGraph {
  const wires = graph.wires.filter((wire) => !ids.has(wire.id))
  return wires.length === graph.wires.length ? graph : { ...graph, wires }
}

const removeNodes = (graph: FlowGraph, ids: readonly string[], fits: Fits): FlowGraph =>
  ids.reduce((rest, id) => removeNode(rest, id, fits), graph)

/** Deleting a step heals the chain: what led to it now leads to what followed, where that fits. */
function removeNode(graph: FlowGraph, id: string, fits: Fits): FlowGraph {
  if (!hasNode(graph, id)) return graph
  const into = graph.wires.filter((wire) => wire.to.node === id)
  const from = graph.wires.filter((wire) => wire.from.node === id)
  const without: FlowGraph = {
    ...graph,
    nodes: graph.nodes.filter((node) => node.id !== id),
    wires: graph.wires.filter((wire) => wire.to.node !== id && wire.from.node !== id),
  }
  // Records that went different ways must not all go every way.
  if (new Set(from.map((wire) => wire.from.port)).size > 1) return without
  return into.reduce(
    (healed, before) =>
      from.reduce(
        (more, after, i) =>
          fits(more, before.from, after.to)
            ? draw(more, {
                id: i === 0 ? before.id : `${before.id}-${after.id}`.slice(0, 64),
                from: before.from,
                to: after.to,
              })
            : more,
        healed,
      ),
    without,
  )
}
