/** Time-outs and retries of activities, and how much work is in flight, in one place. */
import { ActivityCancellationType, type ActivityOptions } from '@temporalio/workflow'

/** Page leases of one stage in flight at once. */
export const WINDOW = 4
/** Most pages one activity handles; keeps Temporal's cost per record low. */
export const MAX_LEASE_PAGES = 16
/** Leases after which the run continues as new: far below 2,000 events of history. */
export const LEASES_PER_RUN = 150
/** Longest sleep while items wait for another try. */
export const MAX_WAIT_MS = 60_000

/** Settings or data are wrong: trying again would not help. */
const NEVER_AGAIN = ['RejectedError', 'ZodError', 'TypeError', 'RangeError', 'SyntaxError']

const retry: ActivityOptions['retry'] = {
  initialInterval: '500 ms',
  backoffCoefficient: 2,
  maximumInterval: '10 s',
  nonRetryableErrorTypes: NEVER_AGAIN,
}

/** Book-keeping on the database. */
export const quick: ActivityOptions = { startToCloseTimeout: '60 s', retry }

/** Pages: a dead worker is noticed by the missing heartbeat. */
export const paging: ActivityOptions = {
  startToCloseTimeout: '6 h',
  heartbeatTimeout: '8 s',
  // A cancelled run is over when nothing is being sent any more, not before.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry,
}

/**
 * A part of a live run goes on until somebody stops it; after the time given it is begun anew. Its queue is
 * `liveQueue` of `contract/activities.ts`; workflows import nothing but types from there.
 */
export const live = (taskQueue: string): ActivityOptions => ({
  ...paging,
  taskQueue: `${taskQueue}-live`,
  startToCloseTimeout: '30 days',
})

/** Rounds of telling recipients after which the workflow continues as new. */
export const ROUNDS_PER_RUN = 200

/** Calls to recipients; what each answered is stored one by one, so a repeat loses nothing. */
export const telling: ActivityOptions = {
  startToCloseTimeout: '30 min',
  heartbeatTimeout: '75 s',
  retry,
}

/** After this long nothing begun before a person was erased is still on its way to the database. */
export const SETTLE_MS = 3_000

/** Work for one person: stores are swept whole, so it may take its time. */
export const answering: ActivityOptions = {
  startToCloseTimeout: '30 min',
  heartbeatTimeout: '30 s',
  retry,
}
