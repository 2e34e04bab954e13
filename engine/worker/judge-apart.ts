/** Dry runs of what people wrote themselves: formulas, patterns and engineers' own steps, in a thread. */
import { nodeTypes } from '../../nodes/index.ts'
import type { FlowNode } from '../contract/flow.ts'
import type { DryRunInput } from '../run/preview.ts'
import type { NodeRegistry } from '../run/registry.ts'
import type { ThreadPool } from './thread-pool.ts'

export interface JudgeInput {
  threads: Pick<ThreadPool, 'judge'>
  registry: () => NodeRegistry
}

export function createJudge({ threads, registry }: JudgeInput): DryRunInput['judgeApart'] {
  return ({ scope, node, items }) =>
    mayRunAway(node)
      ? threads.judge({ scope, registryVersion: registry().version, node, items })
      : undefined
}

const BUILT_IN: ReadonlySet<string> = new Set(nodeTypes.map(({ type }) => type))

/** All else is our own code over settings of a fixed form; handing records over would cost more. */
const mayRunAway = ({ type, config }: FlowNode): boolean =>
  type === 'formula' || !BUILT_IN.has(type) || JSON.stringify(config).includes('matches_pattern')
