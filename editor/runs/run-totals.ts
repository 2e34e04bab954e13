/** Sums over the steps of a run. Pure. */
import { droppedTotal, failedTotal, type NodeCounts } from '../../engine/contract/counts.ts'
import type { FlowGraph } from '../../engine/contract/flow.ts'
import { DELIVERED_PORT } from '../../engine/contract/node.ts'

export interface RunTotals {
  /** Read by sources: known exactly with the graph, else the most any step had. */
  read: number
  delivered: number
  /** Held back by consent: dropped at a step of that role. */
  heldBack: number
  failed: number
}

export function runTotals(
  run: { counts: Readonly<Record<string, NodeCounts>>; graph?: FlowGraph | undefined },
  isConsent: (nodeId: string) => boolean = () => false,
): RunTotals {
  const all = Object.entries(run.counts)
  const fed = new Set(run.graph?.wires.map((wire) => wire.to.node))
  const sum = (of: (counts: NodeCounts) => number): number =>
    all.reduce((total, [, counts]) => total + of(counts), 0)
  return {
    read: run.graph
      ? all.reduce((total, [id, counts]) => total + (fed.has(id) ? 0 : counts.in), 0)
      : Math.max(0, ...all.map(([, counts]) => counts.in)),
    delivered: sum((counts) => counts.out[DELIVERED_PORT] ?? 0),
    heldBack: all.reduce(
      (total, [id, counts]) => total + (isConsent(id) ? droppedTotal(counts) : 0),
      0,
    ),
    failed: sum(failedTotal),
  }
}
