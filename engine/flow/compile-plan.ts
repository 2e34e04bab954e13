/** Flow → plan: groups nodes into stages, so that one activity handles a page in many steps. */
import type { FlowGraph, FlowNode } from '../contract/flow.ts'
import type { NodeType } from '../contract/node.ts'
import type { Placement, PlanNode, RunPlan, Stage, StageKind } from '../contract/plan.ts'
import { topologicalOrder, wiresInto } from './walk.ts'

export interface CompileInput {
  flowId: string
  flowVersion: number
  graph: FlowGraph
  registry: ReadonlyMap<string, NodeType>
}

/**
 * A stage is a connected part of page steps that have the same number of dataset steps behind them;
 * a dataset step is a stage of its own. In a live flow, steps that can work by page do so, so that all
 * of it is one stage. Wires between stages are staged in `pages`. Steps that no
 * source leads to still get a stage; it opens with no pages. Throws when the graph has a cycle or an
 * unknown type: lint first.
 */
export function compilePlan({ flowId, flowVersion, graph, registry }: CompileInput): RunPlan {
  const { order, cyclic } = topologicalOrder(graph)
  if (cyclic.length > 0) throw new Error('A flow whose steps feed each other cannot be compiled.')
  const typeOf = (node: FlowNode): NodeType => {
    const nodeType = registry.get(node.type)
    if (!nodeType) throw new Error(`Node type "${node.type}" is not installed.`)
    return nodeType
  }
  const live = order.some((node) => typeOf(node).live)
  const flow: FlowInOrder = {
    graph,
    order,
    typeOf,
    isBarrier: (node) => typeOf(node).scope === 'dataset' && !(live && typeOf(node).worksByPage),
  }
  return { flowId, flowVersion, stages: orderStages(buildStages(flow, groupNodes(flow))) }
}

interface FlowInOrder {
  graph: FlowGraph
  order: FlowNode[]
  typeOf(node: FlowNode): NodeType
  /** Whether the step needs all its input before it can begin. */
  isBarrier(node: FlowNode): boolean
}
type TypeOf = FlowInOrder['typeOf']

/** Node id → name of its group: its smallest node id. */
function groupNodes({ graph, order, isBarrier }: FlowInOrder): Map<string, string> {
  const levels = new Map<string, number>()
  const parent = new Map<string, string>(order.map((node) => [node.id, node.id]))
  const find = (id: string): string => {
    const up = parent.get(id) ?? id
    return up === id ? id : find(up)
  }
  const isDataset = new Map(order.map((node) => [node.id, isBarrier(node)]))
  for (const node of order) {
    const levelsIn = wiresInto(graph, node.id).map(
      ({ from }) => (levels.get(from.node) ?? 0) + (isDataset.get(from.node) ? 1 : 0),
    )
    levels.set(node.id, Math.max(0, ...levelsIn))
  }
  for (const { from, to } of graph.wires) {
    if (isDataset.get(from.node) || isDataset.get(to.node)) continue
    if (levels.get(from.node) !== levels.get(to.node)) continue
    const [a, b] = [find(from.node), find(to.node)].sort() as [string, string]
    parent.set(b, a)
  }
  return new Map(order.map((node) => [node.id, find(node.id)]))
}

function buildStages(
  { graph, order, typeOf, isBarrier }: FlowInOrder,
  groups: ReadonlyMap<string, string>,
): Stage[] {
  const groupOf = (nodeId: string): string => groups.get(nodeId) ?? nodeId
  return [...new Set(groups.values())].map((id) => {
    const nodes = order.filter((node) => groupOf(node.id) === id)
    const crossing = graph.wires.filter((wire) => groupOf(wire.from.node) !== groupOf(wire.to.node))
    const inputs = crossing.filter((wire) => groupOf(wire.to.node) === id)
    return {
      id,
      kind: kindOf(nodes, typeOf, isBarrier),
      nodes: placeNodes(graph, nodes, typeOf),
      inner: graph.wires.filter(
        (wire) => groupOf(wire.from.node) === id && groupOf(wire.to.node) === id,
      ),
      inputs,
      outputs: crossing.filter((wire) => groupOf(wire.from.node) === id),
      sources: nodes.filter((node) => typeOf(node).role === 'source').map((node) => node.id),
      after: [...new Set(inputs.map((wire) => groupOf(wire.from.node)))].sort(),
    }
  })
}

function kindOf(nodes: FlowNode[], typeOf: TypeOf, isBarrier: FlowInOrder['isBarrier']): StageKind {
  if (nodes.some((node) => typeOf(node).live)) return 'live'
  return nodes.every(isBarrier) ? 'dataset' : 'pages'
}

/** Hops alternate between thread and main, so that a page crosses as seldom as it can. */
function placeNodes(graph: FlowGraph, nodes: FlowNode[], typeOf: TypeOf): PlanNode[] {
  const placed = new Map<string, PlanNode>()
  for (const node of nodes) {
    const placement = placementOf(node, typeOf(node))
    const before = wiresInto(graph, node.id).flatMap((wire) => placed.get(wire.from.node) ?? [])
    const hop = before.reduce(
      (highest, plan) => Math.max(highest, plan.hop + (plan.placement === placement ? 0 : 1)),
      0,
    )
    placed.set(node.id, { node, placement, hop })
  }
  return [...placed.values()]
}

function placementOf(node: FlowNode, nodeType: NodeType): Placement {
  if (nodeType.role === 'source') return 'thread'
  return nodeType.parse(node.config, node.version).uses.length === 0 ? 'thread' : 'main'
}

function orderStages(stages: Stage[]): Stage[] {
  const done = new Set<string>()
  const ordered: Stage[] = []
  while (ordered.length < stages.length) {
    const ready = stages
      .filter((stage) => !done.has(stage.id) && stage.after.every((id) => done.has(id)))
      .sort((a, b) => (a.id < b.id ? -1 : 1))
    for (const stage of ready) {
      ordered.push(stage)
      done.add(stage.id)
    }
  }
  return ordered
}
