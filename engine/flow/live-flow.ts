/** What a flow with a live source must hold: one such source, and steps that need no end of the input. */
import type { FlowGraph } from '../contract/flow.ts'
import type { Problem } from '../contract/problem.ts'
import type { NodeFacts } from './analyse-flow.ts'
import { error, stepName } from './problem-parts.ts'

export function liveFlow(graph: FlowGraph, facts: ReadonlyMap<string, NodeFacts>): Problem[] {
  const all = [...facts.values()]
  const live = all.filter(({ nodeType }) => nodeType?.live)
  if (live.length === 0) return []
  const others = all.filter(({ nodeType }) => nodeType?.role === 'source' && !nodeType.live)
  return [
    ...[...live.slice(1), ...others].map(oneSource),
    ...all.filter(needsAll).map(cannotWait),
    ...(graph.settings.schedule ? [noSchedule()] : []),
  ]
}

const needsAll = ({ nodeType }: NodeFacts): boolean =>
  nodeType?.scope === 'dataset' && !nodeType.worksByPage

const oneSource = (fact: NodeFacts): Problem =>
  error({
    code: 'live_and_other_source',
    nodeId: fact.node.id,
    message: `A live flow has one source, so "${stepName(fact)}" cannot be in it.`,
    fix: 'Move it to a flow of its own.',
    values: { node: stepName(fact) },
  })

const cannotWait = (fact: NodeFacts): Problem =>
  error({
    code: 'live_needs_all',
    nodeId: fact.node.id,
    message: `"${stepName(fact)}" needs all records before it can begin, but live events never end.`,
    fix: 'Take it out, or move it to a flow that runs over files.',
    values: { node: stepName(fact) },
  })

const noSchedule = (): Problem =>
  error({
    code: 'live_with_schedule',
    message: 'A live flow goes on by itself, so it needs no schedule.',
    fix: 'Take the schedule away.',
  })
