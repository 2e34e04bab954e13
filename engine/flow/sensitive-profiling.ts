/** Audiences and models that use sensitive traits need the person's own yes to profiling: GDPR 9 and 22
 *  know no other basis a marketer could name. */
import type { FlowGraph } from '../contract/flow.ts'
import type { Json } from '../contract/json.ts'
import type { Problem } from '../contract/problem.ts'
import type { NodeFacts } from './analyse-flow.ts'
import { error, stepName } from './problem-parts.ts'

const PROFILING = 'profiling'
const PROFILERS: ReadonlySet<string> = new Set(['audience', 'intelligence'])

export interface ProfilingInput {
  graph: FlowGraph
  facts: ReadonlyMap<string, NodeFacts>
  sensitiveTraits: readonly string[]
  /** Whether some path reaches the step without the purpose being filtered. */
  isUnfiltered(nodeId: string, purpose: string): boolean
}

export function sensitiveProfiling(input: ProfilingInput): Problem[] {
  const { facts, sensitiveTraits, isUnfiltered } = input
  if (sensitiveTraits.length === 0) return []
  return [...facts.values()].flatMap((fact) => {
    const { node, nodeType } = fact
    if (!nodeType || !PROFILERS.has(nodeType.role)) return []
    const used = sensitiveTraits.filter((trait) => names(node.config, trait))
    if (used.length === 0 || !isUnfiltered(node.id, PROFILING)) return []
    const values = { node: stepName(fact), traits: used.join(', ') }
    return [
      error({
        code: 'sensitive_profiling',
        nodeId: node.id,
        message: `"${values.node}" sorts people by what is marked as sensitive (${values.traits}) without their consent to profiling.`,
        fix: 'Put a consent filter for profiling on every path before this step, or leave the trait out.',
        values,
      }),
    ]
  })
}

/** Settings name a trait by itself or as a field of the profile, wherever in them it stands. */
function names(value: Json, trait: string): boolean {
  if (typeof value === 'string') return value === trait || value === `traits.${trait}`
  if (Array.isArray(value)) return value.some((one) => names(one, trait))
  return typeof value === 'object' && value !== null
    ? Object.values(value).some((one) => names(one, trait))
    : false
}
