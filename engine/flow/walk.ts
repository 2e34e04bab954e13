/** Ways through a flow's graph. Orders come from the graph alone, ties broken by node id. */
import type { FlowGraph, FlowNode, Wire } from '../contract/flow.ts'

type Graph = Pick<FlowGraph, 'nodes' | 'wires'>

export const wiresInto = (graph: Graph, nodeId: string): Wire[] =>
  graph.wires.filter((wire) => wire.to.node === nodeId)

export const wiresFrom = (graph: Graph, nodeId: string): Wire[] =>
  graph.wires.filter((wire) => wire.from.node === nodeId)

const byId = (a: FlowNode, b: FlowNode): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/** Nodes in topological order, and those left over because they lie on or behind a cycle. */
export function topologicalOrder(graph: Graph): { order: FlowNode[]; cyclic: FlowNode[] } {
  const open = new Map(graph.nodes.map((node) => [node.id, 0]))
  const next = new Map<string, string[]>()
  for (const { from, to } of graph.wires) {
    if (!open.has(from.node) || !open.has(to.node)) continue
    open.set(to.node, (open.get(to.node) ?? 0) + 1)
    next.set(from.node, [...(next.get(from.node) ?? []), to.node])
  }
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const order: FlowNode[] = []
  let ready = graph.nodes.filter((node) => open.get(node.id) === 0).sort(byId)
  while (ready.length > 0) {
    const freed: FlowNode[] = []
    for (const node of ready) {
      order.push(node)
      for (const id of next.get(node.id) ?? []) {
        const left = (open.get(id) ?? 0) - 1
        open.set(id, left)
        const target = nodes.get(id)
        if (left === 0 && target) freed.push(target)
      }
    }
    ready = freed.sort(byId)
  }
  const ordered = new Set(order.map((node) => node.id))
  return { order, cyclic: graph.nodes.filter((node) => !ordered.has(node.id)) }
}

/** Ids of the nodes from which some of `end` can be reached, `end` included. */
export function reaching(graph: Graph, end: readonly string[]): Set<string> {
  const turned = graph.wires.map(({ id, from, to }) => ({ id, from: to, to: from }))
  return reachable({ nodes: graph.nodes, wires: turned }, end)
}

/** Ids of the nodes reachable from `start` along the wires, `start` included. */
export function reachable(graph: Graph, start: readonly string[]): Set<string> {
  const seen = new Set(start)
  const queue = [...start]
  for (let id = queue.pop(); id !== undefined; id = queue.pop())
    for (const wire of wiresFrom(graph, id))
      if (!seen.has(wire.to.node)) {
        seen.add(wire.to.node)
        queue.push(wire.to.node)
      }
  return seen
}
