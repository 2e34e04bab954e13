/** One execution of a plan, as operators see it. */
import { z } from 'zod'
import type { StageCounts } from './counts.ts'

export const runStateSchema = z.enum([
  'starting',
  'running',
  'pausing',
  'paused',
  'cancelling',
  'completed',
  'completed_with_errors',
  'failed',
  'cancelled',
])
export type RunState = z.infer<typeof runStateSchema>

export const FINAL_STATES: ReadonlySet<RunState> = new Set([
  'completed',
  'completed_with_errors',
  'failed',
  'cancelled',
])

/** Why a run failed, in words an operator can act on. */
export interface RunFailure {
  code: string
  message: string
  nodeId?: string
  stageId?: string
}

export interface StageProgress {
  state: 'waiting' | 'running' | 'done' | 'failed'
  /** Pages known once the stage is opened. */
  pages: number
  pagesDone: number
}

export interface RunView {
  id: string
  flowId: string
  flowName: string
  flowVersion: number
  state: RunState
  startedAt: string
  finishedAt?: string
  startedBy: string
  trigger: 'person' | 'schedule' | 'api' | 'retry'
  stages: Record<string, StageProgress>
  counts: StageCounts
  /** Records its sources have read so far; of a rerun, the parked records it takes up. */
  read: number
  /** Goes on until somebody stops it. */
  live?: true
  failure?: RunFailure
}
