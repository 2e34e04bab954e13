/**
 * Watches from outside which item a thread has in hand: a thread that stays with one item too long is
 * ended, which is the only stop that nothing within it can hold up. The thread writes a number of the
 * step and a count of the items it began into memory that both sides see.
 */

import type { ItemReporter } from '../run/node-context.ts'

/** Of one item, the watch's own slowness included. */
export const ITEM_MS = 300
const LOOK_MS = 25

/** An item that a thread was ended for: the nth of its step within the page. */
export interface EndedItem {
  nodeId: string
  nth: number
}

const STEP = 0
const NTH = 1
const BEGUN = 2

export type Shared = SharedArrayBuffer

export const createShared = (): Shared => new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT)

/** The thread's side. */
export function reportItems(
  shared: Shared,
  nodeIds: readonly string[],
  ended: readonly EndedItem[],
): ItemReporter {
  const memory = new Int32Array(shared)
  const counts = new Map<string, number>()
  let begun = 0
  return {
    begins(nodeId) {
      const nth = counts.get(nodeId) ?? 0
      counts.set(nodeId, nth + 1)
      Atomics.store(memory, NTH, nth)
      Atomics.store(memory, BEGUN, ++begun)
      Atomics.store(memory, STEP, nodeIds.indexOf(nodeId) + 1)
      return !ended.some((item) => item.nodeId === nodeId && item.nth === nth)
    },
    rests: () => void Atomics.store(memory, STEP, 0),
  }
}

/** The other side: calls `onStuck` once, when an item takes too long. Gives back how to stop. */
export function watchItems(
  shared: Shared,
  nodeIds: readonly string[],
  onStuck: (item: EndedItem) => void,
): () => void {
  const memory = new Int32Array(shared)
  let begun = 0
  let since = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    const nodeId = nodeIds[Atomics.load(memory, STEP) - 1]
    const seen = Atomics.load(memory, BEGUN)
    if (seen !== begun || nodeId === undefined) {
      begun = seen
      since = now
    } else if (now - since >= ITEM_MS - 2 * LOOK_MS) {
      clearInterval(timer)
      onStuck({ nodeId, nth: Atomics.load(memory, NTH) })
    }
  }, LOOK_MS)
  return () => clearInterval(timer)
}
