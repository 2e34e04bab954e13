/** What can be done with runs, and in which states; the same for one run and for several. */
import type { RunState } from '../../engine/contract/run.ts'
import type { IconName } from '../ui/icons.tsx'

interface RunAction {
  when: readonly RunState[]
  icon: IconName
  name: 'pause' | 'resume' | 'retry' | 'cancel'
}

export const RUN_ACTIONS = {
  runPause: { when: ['starting', 'running'], icon: 'pause', name: 'pause' },
  runResume: { when: ['paused'], icon: 'play', name: 'resume' },
  runRetry: { when: ['failed'], icon: 'retry', name: 'retry' },
  runCancel: { when: ['starting', 'running', 'pausing', 'paused'], icon: 'stop', name: 'cancel' },
} as const satisfies Record<string, RunAction>

export type RunActionId = keyof typeof RUN_ACTIONS
export const RUN_ACTION_IDS = Object.keys(RUN_ACTIONS) as RunActionId[]

export const mayAct = (id: RunActionId, state: RunState): boolean =>
  (RUN_ACTIONS[id].when as readonly RunState[]).includes(state)
