/** What differs between two writings of a flow, step by step; layout apart from the rest. Pure. */
import type { FlowGraph, FlowNode, Wire } from '../../engine/contract/flow.ts'
import { sameJson } from './same-json.ts'
import type { FlowDocument } from './history.ts'

export interface StepDifference {
  id: string
  name: string
  type: string
  change: 'only_mine' | 'only_theirs' | 'differs'
  /** For `differs`: which parts. */
  parts: Array<'name' | 'settings' | 'wires' | 'place'>
}

export interface FlowDifference {
  steps: StepDifference[]
  flowName: boolean
  flowSettings: boolean
  /** Notes, groups and tests: what does not change what the flow does. */
  besides: boolean
}

export function diffFlows(mine: FlowDocument, theirs: FlowDocument): FlowDifference {
  const ids = new Set([...mine.graph.nodes, ...theirs.graph.nodes].map((node) => node.id))
  return {
    steps: [...ids].flatMap((id) => diffStep(id, mine.graph, theirs.graph) ?? []),
    flowName: mine.name !== theirs.name,
    flowSettings: !sameJson(mine.graph.settings, theirs.graph.settings),
    besides: !sameJson(besides(mine.graph), besides(theirs.graph)),
  }
}

const besides = ({ notes = [], groups = [], fixtures = [] }: FlowGraph) => [notes, groups, fixtures]

export const isSame = (difference: FlowDifference): boolean =>
  difference.steps.length === 0 &&
  !difference.flowName &&
  !difference.flowSettings &&
  !difference.besides

function diffStep(id: string, mine: FlowGraph, theirs: FlowGraph): StepDifference | undefined {
  const a = mine.nodes.find((node) => node.id === id)
  const b = theirs.nodes.find((node) => node.id === id)
  const one = a ?? b
  if (!one) return undefined
  const about = { id, name: one.name, type: one.type }
  if (!b) return { ...about, change: 'only_mine', parts: [] }
  if (!a) return { ...about, change: 'only_theirs', parts: [] }
  const parts = partsOf(a, b)
  if (!sameJson(wiresOf(mine, id), wiresOf(theirs, id))) parts.push('wires')
  return parts.length > 0 ? { ...about, change: 'differs', parts } : undefined
}

function partsOf(a: FlowNode, b: FlowNode): StepDifference['parts'] {
  const parts: StepDifference['parts'] = []
  if (a.name !== b.name) parts.push('name')
  if (!sameJson(a.config, b.config)) parts.push('settings')
  if (!sameJson(a.position, b.position)) parts.push('place')
  return parts
}

const ends = ({ from, to }: Wire): string => `${from.node}.${from.port}-${to.node}.${to.port}`

/** Ends of the wires that leave the step, in a fixed order; wire ids carry no meaning. */
const wiresOf = (graph: FlowGraph, id: string): string[] =>
  graph.wires
    .filter((wire) => wire.from.node === id)
    .map(ends)
    .sort()

/** The graph without places, names and notes, to tell whether results are out of date. */
export const withoutLayout = ({ nodes, wires, settings }: FlowGraph): string =>
  JSON.stringify({
    nodes: nodes.map(({ position: _, name: __, ...rest }) => rest),
    wires,
    settings,
  })
