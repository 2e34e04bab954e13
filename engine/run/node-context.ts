/** What a node is given besides its page: times, ids, and only the services it named. */
import { z, ZodError } from 'zod'
import { RejectedError } from '../contract/error.ts'
import type { FlowGraph, FlowNode } from '../contract/flow.ts'
import type { NodeContext, NodeType, ParsedNode } from '../contract/node.ts'
import type { Services } from '../contract/services.ts'
import { createSendGuard } from './guard-sends.ts'
import type { HopTools } from './run-hop.ts'
import type { SendGate } from './send-gate.ts'

export interface RunScope {
  runId: string
  flowId: string
  flowVersion: number
  graph: FlowGraph
  /** Start of the run, ISO 8601. */
  now: string
  mode: NodeContext['mode']
}

export interface ToolsInput {
  scope: RunScope
  types: ReadonlyMap<string, NodeType>
  signal: AbortSignal
  /** Services for one node; empty in threads, where nodes need none. */
  servicesFor?: (nodeId: string) => Partial<Services>
  /** Without it, no step may send. */
  gate?: SendGate
  /** Told which item a step has in hand, where somebody watches. */
  items?: ItemReporter
}

export interface ItemReporter {
  begins(nodeId: string): boolean
  rests(): void
}

const NO_REFUSALS: ReadonlyMap<string, string> = new Map()
const ANY_SHAPE = { kind: 'people' as const, fields: [], open: true }

/** Parses each node once, and makes its context. */
export function createTools(input: ToolsInput): HopTools {
  const { scope, types, signal, servicesFor, gate, items } = input
  const nodes = new Map(scope.graph.nodes.map((node) => [node.id, node]))
  const parsed = new Map<string, ParsedNode>()
  const nodeOf = (nodeId: string): FlowNode => {
    const node = nodes.get(nodeId)
    if (!node) throw new RejectedError('unknown_node', `The flow has no step "${nodeId}".`)
    return node
  }
  const typeOf = (node: FlowNode): NodeType => {
    const nodeType = types.get(node.type)
    if (!nodeType)
      throw new RejectedError(
        'unknown_node_type',
        `Node type "${node.type}" is not installed on this worker. Install it, then retry the run.`,
        { nodeId: node.id },
      )
    return nodeType
  }
  const parse = (nodeId: string): ParsedNode => {
    const known = parsed.get(nodeId)
    if (known) return known
    const node = nodeOf(nodeId)
    const fresh = parseSettings(node, typeOf(node))
    parsed.set(nodeId, fresh)
    return fresh
  }
  const titleOf = (nodeId: string): string => nodeOf(nodeId).name || typeOf(nodeOf(nodeId)).title

  return {
    parse,
    sourceLabel: (nodeId) => {
      const config = parse(nodeId).config as { sourceName?: unknown }
      return typeof config.sourceName === 'string' && config.sourceName !== ''
        ? config.sourceName
        : titleOf(nodeId)
    },
    guard: (nodeId) =>
      typeOf(nodeOf(nodeId)).effects === 'sends'
        ? createSendGuard(gate, {
            purposes: parse(nodeId).privacy(ANY_SHAPE).purposes ?? [],
            nodeId,
            nodeName: titleOf(nodeId),
          })
        : undefined,
    context: (nodeId, write, guard) => {
      const uses = new Set<string>(parse(nodeId).uses)
      const given = servicesFor?.(nodeId) ?? {}
      const services = guard && given.http ? { ...given, http: guard.fence(given.http) } : given
      const { defaultRegion } = scope.graph.settings
      return {
        runId: scope.runId,
        flowId: scope.flowId,
        flowVersion: scope.flowVersion,
        nodeId,
        nodeName: titleOf(nodeId),
        mode: scope.mode,
        now: scope.now,
        ...(defaultRegion === undefined ? {} : { defaultRegion }),
        signal,
        write,
        refusals: async (items) => (guard ? guard.ask(items) : NO_REFUSALS),
        begins: () => items?.begins(nodeId) ?? true,
        rests: () => items?.rests(),
        service: (name) => {
          const service = services[name]
          if (!uses.has(name) || !service)
            throw new RejectedError(
              'service_not_declared',
              `Step "${titleOf(nodeId)}" asked for "${name}", which its node type does not list under \`uses\`.`,
              { nodeId },
            )
          return service
        },
      }
    },
  }
}

/** Settings are checked when a flow is published; a node type that changed since may refuse them. */
function parseSettings(node: FlowNode, nodeType: NodeType): ParsedNode {
  try {
    return nodeType.parse(node.config, node.version)
  } catch (error) {
    if (error instanceof RejectedError) throw error
    const reason = error instanceof ZodError ? z.prettifyError(error) : String(error)
    throw new RejectedError(
      'bad_setting',
      `A setting of "${node.name || nodeType.title}" is wrong: ${reason}. Open the step, correct it and publish again.`,
      { nodeId: node.id, cause: error },
    )
  }
}
