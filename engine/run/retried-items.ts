/** Items that are tried again: taken under a lease, and counted as what stops waiting. */
import type { StageCounts } from '../contract/counts.ts'
import type { Item } from '../contract/item.ts'
import type { ParkedStore } from '../store/parked.ts'

/** Most waiting items one lease takes. */
const RETRY_ITEMS = 1_000

export interface RetryLease {
  runId: string
  stageId: string
  lease: number
}

/** By node; undefined when nothing is due. */
export async function takeRetried(
  { runId, stageId, lease }: RetryLease,
  parked: Pick<ParkedStore, 'takeDue'>,
): Promise<Record<string, Item[]> | undefined> {
  const due = await parked.takeDue(runId, stageId, lease, RETRY_ITEMS)
  if (due.length === 0) return undefined
  const inbox: Record<string, Item[]> = {}
  for (const row of due) (inbox[row.nodeId] ??= []).push({ ...row.item, attempt: row.attempts })
  return inbox
}

/** Pages of retried items are numbered below zero, so that they never meet the stage's own. */
export const retryPageNo = (lease: number): number => -lease

/** A retried item came in before: it only stops waiting now. */
export function settleRetried(counts: StageCounts, inbox: Record<string, Item[]>): StageCounts {
  for (const [nodeId, items] of Object.entries(inbox)) {
    const node = counts[nodeId]
    if (!node) continue
    node.in -= items.length
    node.waiting -= items.length
  }
  return counts
}
