/** Whether a wire may be drawn, and if not, why and which step would make it possible. Pure. */
import type { Analysis } from '../../engine/contract/api/flows.ts'
import type { CatalogEntry } from '../../engine/contract/catalog.ts'
import type { FlowGraph, FlowNode, Wire } from '../../engine/contract/flow.ts'
import { listOutPorts } from '../../engine/contract/node.ts'
import type { WireKind } from '../../engine/contract/shape.ts'
import { reachable, wiresInto } from '../../engine/flow/walk.ts'

export type Catalog = ReadonlyMap<string, CatalogEntry>
type End = Wire['from']

/** Key of the text under `refused`. */
export type RefusalReason =
  'unknown_port' | 'same_step' | 'already' | 'port_full' | 'loop' | 'needs_people'

export type Connectable =
  | { ok: true }
  | {
      ok: false
      reason: RefusalReason
      values: Record<string, string>
      /** Type of a step that would make it possible when put between. */
      fixType?: string
    }

export interface ConnectFacts {
  catalog: Catalog
  /** Shapes of the last analysis, where there is one. */
  shapes?: Analysis['shapes'] | undefined
}

export function canConnect(graph: FlowGraph, from: End, to: End, facts: ConnectFacts): Connectable {
  const source = graph.nodes.find((node) => node.id === from.node)
  const target = graph.nodes.find((node) => node.id === to.node)
  const values = { from: nameOf(source, facts), to: nameOf(target, facts) }
  const refuse = (reason: RefusalReason, fixType?: string): Connectable => ({
    ok: false,
    reason,
    values,
    ...(fixType === undefined ? {} : { fixType }),
  })
  const outPort = outPortsOf(source, facts.catalog).find((port) => port.name === from.port)
  const inPort = facts.catalog
    .get(target?.type ?? '')
    ?.inPorts.find((port) => port.name === to.port)
  if (!outPort || !inPort) return refuse('unknown_port')
  if (from.node === to.node) return refuse('same_step')
  const arriving = wiresInto(graph, to.node).filter((wire) => wire.to.port === to.port)
  if (arriving.some((wire) => wire.from.node === from.node && wire.from.port === from.port))
    return refuse('already')
  if (reachable(graph, [to.node]).has(from.node)) return refuse('loop')
  if (arriving.length > 0 && !inPort.many) return refuse('port_full', mergingType(facts.catalog))
  if (!inPort.accepts.includes(kindFrom(graph, from, facts)))
    return refuse('needs_people', identityType(facts.catalog))
  return { ok: true }
}

export function outPortsOf(node: FlowNode | undefined, catalog: Catalog) {
  const entry = node && catalog.get(node.type)
  return entry ? listOutPorts(entry.outPorts, node.config) : []
}

const nameOf = (node: FlowNode | undefined, { catalog }: ConnectFacts): string =>
  node?.name || catalog.get(node?.type ?? '')?.title || node?.type || ''

/**
 * What leaves by a port. The analysis knows best, but lags behind the last edit and cannot see
 * through a step whose settings are incomplete; roles settle those cases.
 */
export function kindFrom(graph: FlowGraph, from: End, facts: ConnectFacts): WireKind {
  return kindAt(graph, from, facts, new Set())
}

function kindAt(graph: FlowGraph, from: End, facts: ConnectFacts, seen: Set<string>): WireKind {
  const entry = facts.catalog.get(graph.nodes.find((node) => node.id === from.node)?.type ?? '')
  if (entry?.role === 'identity') return 'people'
  if (entry?.role === 'source') return 'records'
  if (entry?.inPorts.every((port) => port.accepts.every((kind) => kind === 'people')))
    return 'people'
  if (facts.shapes?.[from.node]?.[from.port]?.kind === 'people') return 'people'
  const arriving = wiresInto(graph, from.node)
  if (arriving.length === 0 || seen.has(from.node)) return 'records'
  seen.add(from.node)
  return arriving.every((wire) => kindAt(graph, wire.from, facts, seen) === 'people')
    ? 'people'
    : 'records'
}

const identityType = (catalog: Catalog): string | undefined =>
  [...catalog.values()].find((entry) => entry.role === 'identity')?.type

const mergingType = (catalog: Catalog): string | undefined =>
  [...catalog.values()].find(
    (entry) => entry.role === 'transform' && entry.inPorts.some((port) => port.many),
  )?.type

/** First pair of ports by which a new step of this type fits into a wire. */
export function fitsInto(
  graph: FlowGraph,
  wire: Pick<Wire, 'from' | 'to'>,
  entry: CatalogEntry,
  facts: ConnectFacts,
): { inPort: string; outPort: string } | undefined {
  const inPort = entry.inPorts.find((port) =>
    port.accepts.includes(kindFrom(graph, wire.from, facts)),
  )
  const outPort = listOutPorts(entry.outPorts, {})[0]
  return inPort && outPort ? { inPort: inPort.name, outPort: outPort.name } : undefined
}
