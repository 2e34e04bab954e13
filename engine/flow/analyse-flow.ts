/** Follows the fields along every path: what arrives at each node, what leaves it, what it does. */
import { ZodError } from 'zod'
import type { Analysis } from '../contract/api/flows.ts'
import type { FlowGraph, FlowNode } from '../contract/flow.ts'
import {
  listOutPorts,
  type FieldUse,
  type NodeType,
  type ParsedNode,
  type PrivacyFacts,
} from '../contract/node.ts'
import type { FieldSpec, WireShape } from '../contract/shape.ts'
import { flowImpact } from './flow-impact.ts'
import { lintFlow, type LintPolicy } from './lint-flow.ts'
import { topologicalOrder, wiresInto } from './walk.ts'

/** What is known about one node of a flow, so that the rules in `lint-flow` need no node code. */
export interface NodeFacts {
  node: FlowNode
  nodeType: NodeType | undefined
  /** Settings that do not pass the type's schema. */
  badSettings: Array<{ path: string; message: string }>
  arrives: Record<string, WireShape>
  leaves: Record<string, WireShape>
  privacy: PrivacyFacts
  fieldsUsed: readonly FieldUse[]
}

export type Registry = ReadonlyMap<string, NodeType>

/** Problems of a graph, and the shape of every wire. Pure: runs the types' `output` functions. */
export function analyseFlow(
  graph: FlowGraph,
  registry: Registry,
  policy: LintPolicy = { sensitiveTraits: [] },
): Analysis {
  const facts = gatherFacts(graph, registry)
  const pick = (key: 'leaves' | 'arrives') =>
    Object.fromEntries([...facts].map(([id, fact]) => [id, fact[key]]))
  return {
    problems: lintFlow(graph, facts, policy),
    shapes: pick('leaves'),
    arrives: pick('arrives'),
    impact: flowImpact(facts),
  }
}

export function gatherFacts(graph: FlowGraph, registry: Registry): Map<string, NodeFacts> {
  const facts = new Map<string, NodeFacts>()
  const { order, cyclic } = topologicalOrder(graph)
  for (const node of [...order, ...cyclic]) {
    const arrives = shapesInto(graph, node, facts)
    facts.set(node.id, describe(node, registry.get(node.type), arrives))
  }
  return facts
}

function shapesInto(
  graph: FlowGraph,
  node: FlowNode,
  facts: ReadonlyMap<string, NodeFacts>,
): Record<string, WireShape> {
  const shapes: Record<string, WireShape> = {}
  for (const wire of wiresInto(graph, node.id)) {
    const shape = facts.get(wire.from.node)?.leaves[wire.from.port]
    if (!shape) continue
    const before = shapes[wire.to.port]
    shapes[wire.to.port] = before ? uniteShapes(before, shape) : shape
  }
  return shapes
}

/** What may arrive where several wires end: every field of any; people only if all are. */
export function uniteShapes(a: WireShape, b: WireShape): WireShape {
  const fields = new Map<string, FieldSpec>(a.fields.map((field) => [field.name, field]))
  for (const field of b.fields) if (!fields.has(field.name)) fields.set(field.name, field)
  return {
    kind: a.kind === 'people' && b.kind === 'people' ? 'people' : 'records',
    fields: [...fields.values()],
    ...(a.open || b.open ? { open: true } : {}),
  }
}

const NO_SHAPE: WireShape = { kind: 'records', fields: [] }

function describe(
  node: FlowNode,
  nodeType: NodeType | undefined,
  arrives: Record<string, WireShape>,
): NodeFacts {
  const facts = { node, nodeType, arrives, badSettings: [], privacy: {}, fieldsUsed: [] }
  if (!nodeType) return { ...facts, leaves: {} }
  const parsed = parseSettings(nodeType, node)
  const first = arrives[nodeType.inPorts[0]?.name ?? ''] ?? NO_SHAPE
  if (Array.isArray(parsed)) {
    const ports = listOutPorts(nodeType.outPorts, node.config)
    const leaves = Object.fromEntries(ports.map((port) => [port.name, first]))
    return { ...facts, leaves, badSettings: parsed }
  }
  return {
    ...facts,
    leaves: parsed.output(arrives),
    privacy: parsed.privacy(first),
    fieldsUsed: parsed.fieldsUsed(),
  }
}

function parseSettings(
  nodeType: NodeType,
  node: FlowNode,
): ParsedNode | Array<{ path: string; message: string }> {
  try {
    return nodeType.parse(node.config, node.version)
  } catch (error) {
    if (error instanceof ZodError)
      return error.issues.map((issue) => ({
        path: issue.path.join('.'),
        message: issue.message,
      }))
    return [{ path: '', message: error instanceof Error ? error.message : String(error) }]
  }
}
