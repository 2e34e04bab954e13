/** How many records are told to go along each wire. Outside the document, as counts are. */
import { create } from 'zustand'
import type { Estimate, Range } from '../../engine/contract/api/dry-runs.ts'

export interface EstimateState {
  estimate: Estimate | undefined
  /** True while the flow has changed since. */
  stale: boolean
  busy: boolean
  /** Why there is none. */
  failure: string | undefined
}

export const useEstimate = create<EstimateState>()(() => ({
  estimate: undefined,
  stale: false,
  busy: false,
  failure: undefined,
}))

export const clearEstimate = (): void =>
  useEstimate.setState({ estimate: undefined, stale: false, busy: false, failure: undefined })

/** "±4 %": how far the number may be off, of the number itself; undefined when it was counted. */
export function marginOf({ n, low, high }: Range): number | undefined {
  if (low === high) return undefined
  return Math.max(high - n, n - low) / Math.max(1, n)
}
