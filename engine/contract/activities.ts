/** What workflows may ask of the outside world. Arguments and results hold ids and counts only. */

/** Where the parts of live runs are worked on, beside pages, whose places they would fill for good. */
export const liveQueue = (taskQueue: string): string => `${taskQueue}-live`

export interface StageRef {
  runId: string
  stageId: string
}

export interface PageLease extends StageRef {
  /** First page, and the first one after the last. */
  from: number
  to: number
}

export interface OpenedStage {
  pages: number
}

export type LeaseResult = 'done' | 'interrupted'

export interface DueItems {
  /** Items still waiting for another try in this stage. */
  waiting: number
  /** Milliseconds until the next one is due; 0 when one is due now. */
  nextInMs: number
}

export interface ConsentActivities {
  /** Tells recipients what is due; says how many are left and when the next is due. */
  tellRecipients(): Promise<{ open: number; nextInMs: number }>
}

export interface RequestRef {
  requestId: string
}

export interface RetentionActivities {
  /** Takes out of the stores what is older than the rules allow. */
  takeOutOld(): Promise<void>
}

export interface RequestActivities {
  /** Whether the work may begin: an identity to check or an approval may be missing. */
  lookAtRequest(input: RequestRef): Promise<'wait' | 'go' | 'over'>
  /** Does in our own stores what is asked; says in how many it did not succeed. */
  answerInStores(input: RequestRef): Promise<{ failed: number }>
  /** Tells recipients what is due; says how many are left and when the next is due. */
  tellOfRequest(input: RequestRef): Promise<{ open: number; nextInMs: number }>
  /** Looks once more for what was on its way meanwhile, and ends the request. */
  closeRequest(input: RequestRef): Promise<void>
}

export interface FlowActivities {
  /** Marks the run as going on. Answers what a person asked for before it began. */
  beginRun(input: { runId: string }): Promise<'go' | 'pause' | 'cancel'>
  /** Finds the pages of a stage and stores their references. Harmless when repeated. */
  openStage(input: StageRef): Promise<OpenedStage>
  runStagePages(input: PageLease): Promise<LeaseResult>
  runDatasetStage(input: StageRef): Promise<LeaseResult>
  /** Tries again the waiting items that are due. `lease` makes a repeat harmless. */
  retryWaiting(input: StageRef & { lease: number }): Promise<DueItems>
  /** Handles live events of one part of the run until the run is paused or stopped. */
  runLivePart(input: StageRef & { part: number }): Promise<LeaseResult>
  closeStage(input: StageRef): Promise<void>
  recordState(input: { runId: string; state: 'running' | 'paused' }): Promise<void>
  /** Writes the final state; `failure` explains a failed run. */
  endRun(input: {
    runId: string
    state: 'completed' | 'failed' | 'cancelled'
    failure?: { code: string; message: string; nodeId?: string; stageId?: string }
  }): Promise<void>
}
