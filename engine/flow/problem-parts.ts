/** What the rules of a flow make problems of. */
import type { Problem } from '../contract/problem.ts'
import type { NodeFacts } from './analyse-flow.ts'

type Finding = Omit<Problem, 'severity'>

export const error = (finding: Finding): Problem => ({ severity: 'error', ...finding })
export const warning = (finding: Finding): Problem => ({ severity: 'warning', ...finding })

/** As the marketer sees the step. */
export const stepName = ({ node, nodeType }: Pick<NodeFacts, 'node' | 'nodeType'>): string =>
  node.name || nodeType?.title || node.type
