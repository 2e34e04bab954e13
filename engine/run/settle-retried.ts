/** Counts of items that were tried again. */
import type { StageCounts } from '../contract/counts.ts'
import type { Item } from '../contract/item.ts'

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
