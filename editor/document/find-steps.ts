/** Finds steps by words and by `is:`, `uses:` and `sends:`. Pure. */
import type { Analysis } from '../../engine/contract/api/flows.ts'
import type { FlowGraph, FlowNode } from '../../engine/contract/flow.ts'
import type { Json } from '../../engine/contract/json.ts'
import { roleSchema } from '../../engine/contract/node.ts'
import { wiresFrom, wiresInto } from '../../engine/flow/walk.ts'
import type { Catalog } from './can-connect.ts'

export interface FindFacts {
  catalog: Catalog
  analysis: Analysis | undefined
  /** The texts a person sees on the card. */
  textOf(node: FlowNode): string
}

/** Ids of the steps that meet every part of the query, in the order of the graph. */
export function findSteps(graph: FlowGraph, query: string, facts: FindFacts): string[] {
  const terms = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (terms.length === 0) return []
  return graph.nodes
    .filter((node) => terms.every((term) => meets(node, term, graph, facts)))
    .map((node) => node.id)
}

function meets(node: FlowNode, term: string, graph: FlowGraph, facts: FindFacts): boolean {
  const [, key, wanted = ''] = /^(is|uses|sends):(.*)$/.exec(term) ?? []
  if (key === 'is') return isState(node, wanted, graph, facts)
  if (key === 'uses') return wanted !== '' && usesField(node, wanted, facts)
  if (key === 'sends') return sends(node, wanted, facts)
  return facts.textOf(node).toLowerCase().includes(term)
}

function isState(node: FlowNode, state: string, graph: FlowGraph, facts: FindFacts): boolean {
  const own = (facts.analysis?.problems ?? []).filter(({ nodeId }) => nodeId === node.id)
  switch (state) {
    case 'problem':
      return own.length > 0
    case 'error':
    case 'warning':
      return own.some(({ severity }) => severity === state)
    case 'unconnected':
      return wiresInto(graph, node.id).length + wiresFrom(graph, node.id).length === 0
    default:
      return roleSchema.safeParse(state).success && facts.catalog.get(node.type)?.role === state
  }
}

/** A field named in the settings, or one of that meaning among those named there. */
function usesField(node: FlowNode, wanted: string, { analysis }: FindFacts): boolean {
  const named = textsIn(node.config).map((text) => text.toLowerCase())
  if (named.some((text) => text === wanted || text.includes(`{${wanted}}`))) return true
  const arriving = Object.values(analysis?.arrives[node.id] ?? {}).flatMap(({ fields }) => fields)
  return arriving.some(
    ({ name, meaning }) => meaning === wanted && named.includes(name.toLowerCase()),
  )
}

/** A step that hands out data: by its own name, or by a field that reaches it. */
function sends(node: FlowNode, wanted: string, facts: FindFacts): boolean {
  if (facts.catalog.get(node.type)?.role !== 'destination') return false
  const arriving = Object.values(facts.analysis?.arrives[node.id] ?? {}).flatMap((s) => s.fields)
  return (
    facts.textOf(node).toLowerCase().includes(wanted) ||
    arriving.some(({ name, meaning }) => name.toLowerCase() === wanted || meaning === wanted)
  )
}

function textsIn(value: Json): string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(textsIn)
  if (value !== null && typeof value === 'object') return Object.values(value).flatMap(textsIn)
  return []
}
