/** Numbers of a dry run or a run, by step. Kept outside the document, so that ticks cost little and
 *  never reach undo or saving. */
import { create } from 'zustand'
import { imbalance, type NodeCounts } from '../../engine/contract/counts.ts'

export interface CountsState {
  /** Where the numbers come from. */
  from: 'nothing' | 'preview' | 'run'
  counts: Readonly<Record<string, NodeCounts>>
  /** True when the flow has changed since. */
  stale: boolean
}

export const useCounts = create<CountsState>()(() => ({
  from: 'nothing',
  counts: {},
  stale: false,
}))

/** Steps whose numbers did not change keep their object, so that only others draw again. */
export function showCounts(from: CountsState['from'], counts: Record<string, NodeCounts>): void {
  const before = useCounts.getState().counts
  const merged = Object.fromEntries(
    Object.entries(counts).map(([id, next]) => {
      const old = before[id]
      return [id, old && sameCounts(old, next) ? old : next]
    }),
  )
  useCounts.setState({ from, counts: merged, stale: false })
}

const sameNumbers = (a: Record<string, number>, b: Record<string, number>): boolean => {
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key])
}

const sameCounts = (a: NodeCounts, b: NodeCounts): boolean =>
  a.in === b.in &&
  a.waiting === b.waiting &&
  sameNumbers(a.out, b.out) &&
  sameNumbers(a.dropped, b.dropped) &&
  sameNumbers(a.failed, b.failed)

export const clearCounts = (): void =>
  useCounts.setState({ from: 'nothing', counts: {}, stale: false })

export function markStale(): void {
  if (!useCounts.getState().stale) useCounts.setState({ stale: true })
}

/** Steps whose numbers do not add up; empty when all is well. */
export const unbalanced = (counts: Readonly<Record<string, NodeCounts>>): string[] =>
  Object.entries(counts)
    .filter(([, count]) => imbalance(count) !== 0)
    .map(([id]) => id)

export const useNodeCounts = (id: string): NodeCounts | undefined =>
  useCounts((state) => state.counts[id])

/** Counted, and nothing went along. */
export const useIsEmptyWire = (node: string, port: string): boolean =>
  useCounts((state) => {
    const counts = state.counts[node]
    return counts !== undefined && (counts.out[port] ?? 0) === 0
  })
