/** The part of a flow that can be tried out as it is: without steps whose settings are not complete. */
import type { Problem, ProblemCode } from '../contract/problem.ts'
import type { FlowGraph } from '../contract/flow.ts'
import { reachable, topologicalOrder } from '../flow/walk.ts'

const CANNOT_RUN: ReadonlySet<ProblemCode> = new Set([
  'bad_setting',
  'unknown_node_type',
  'node_type_version',
])

/** Leaves out those steps, what follows them, and what lies on a loop. Pure. */
export function runnablePart(graph: FlowGraph, problems: readonly Problem[]): FlowGraph {
  const broken = problems.flatMap(({ code, nodeId }) =>
    nodeId !== undefined && CANNOT_RUN.has(code) ? [nodeId] : [],
  )
  const gone = reachable(graph, [...broken, ...topologicalOrder(graph).cyclic.map(({ id }) => id)])
  return {
    ...graph,
    nodes: graph.nodes.filter(({ id }) => !gone.has(id)),
    wires: graph.wires.filter(({ from, to }) => !gone.has(from.node) && !gone.has(to.node)),
  }
}
