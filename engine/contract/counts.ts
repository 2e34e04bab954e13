/** Counts per node, kept by the engine as verdicts come in: in = out + dropped + failed + waiting. */

export interface NodeCounts {
  in: number
  /** Items that left, by port. A destination's delivered items leave by `delivered`. */
  out: Record<string, number>
  /** Items that ended here on purpose, by reason. */
  dropped: Record<string, number>
  /** Items parked as dead letters, by code. */
  failed: Record<string, number>
  /** Items that will be tried again. */
  waiting: number
}

/** By node id. */
export type StageCounts = Record<string, NodeCounts>

export const emptyCounts = (): NodeCounts => ({
  in: 0,
  out: {},
  dropped: {},
  failed: {},
  waiting: 0,
})

const addInto = (into: Record<string, number>, from: Record<string, number>): void => {
  for (const [key, n] of Object.entries(from)) into[key] = (into[key] ?? 0) + n
}

/** Adds `from` to `into`, node by node. */
export function addCounts(into: StageCounts, from: StageCounts): StageCounts {
  for (const [nodeId, counts] of Object.entries(from)) {
    const sum = (into[nodeId] ??= emptyCounts())
    sum.in += counts.in
    sum.waiting += counts.waiting
    addInto(sum.out, counts.out)
    addInto(sum.dropped, counts.dropped)
    addInto(sum.failed, counts.failed)
  }
  return into
}

const total = (byKey: Record<string, number>): number =>
  Object.values(byKey).reduce((sum, n) => sum + n, 0)

export const outTotal = (counts: NodeCounts): number => total(counts.out)
export const droppedTotal = (counts: NodeCounts): number => total(counts.dropped)
export const failedTotal = (counts: NodeCounts): number => total(counts.failed)

/** What is missing for the counts to add up: 0 when they do. */
export const imbalance = (counts: NodeCounts): number =>
  counts.in - outTotal(counts) - droppedTotal(counts) - failedTotal(counts) - counts.waiting
