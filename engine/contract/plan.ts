/** The compiled, frozen form of a flow version: what a run executes. */
import type { FlowNode, Wire } from './flow.ts'

/** `thread`: pure, may run in the worker's thread pool. `main`: needs a service. */
export type Placement = 'thread' | 'main'

/**
 * `pages`: nodes that handle a page in one go. `dataset`: one node that needs all its input. `live`: nodes
 * that handle what a live source brings, until the run is stopped.
 */
export type StageKind = 'pages' | 'dataset' | 'live'

export interface PlanNode {
  node: FlowNode
  placement: Placement
  /** Order of the hop within the stage that this node runs in; see `compilePlan`. */
  hop: number
}

export interface Stage {
  id: string
  kind: StageKind
  /** In topological order, ties by node id. */
  nodes: PlanNode[]
  /** Wires between two nodes of this stage. */
  inner: Wire[]
  /** Wires from earlier stages: their items are read from `pages`. */
  inputs: Wire[]
  /** Wires to later stages: their items are staged in `pages`. */
  outputs: Wire[]
  /** Nodes of this stage that read from outside. */
  sources: string[]
  /** Stages that must be finished first. */
  after: string[]
}

export interface RunPlan {
  flowId: string
  flowVersion: number
  stages: Stage[]
}
