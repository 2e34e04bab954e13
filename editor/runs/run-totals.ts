/** Sums over the steps of a run. Pure. */
import { droppedTotal, failedTotal, type NodeCounts } from '../../engine/contract/counts.ts'
import { DELIVERED_PORT } from '../../engine/contract/node.ts'

export interface RunTotals {
  delivered: number
  /** Held back by consent: dropped at a step of that role. */
  heldBack: number
  failed: number
}

export function runTotals(
  run: { counts: Readonly<Record<string, NodeCounts>> },
  isConsent: (nodeId: string) => boolean = () => false,
): RunTotals {
  const all = Object.entries(run.counts)
  const sum = (of: (counts: NodeCounts) => number): number =>
    all.reduce((total, [, counts]) => total + of(counts), 0)
  return {
    delivered: sum((counts) => counts.out[DELIVERED_PORT] ?? 0),
    heldBack: all.reduce(
      (total, [id, counts]) => total + (isConsent(id) ? droppedTotal(counts) : 0),
      0,
    ),
    failed: sum(failedTotal),
  }
}
