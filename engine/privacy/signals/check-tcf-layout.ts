/** Walks the parts of a TCF string that tell their own length, before a decoder does: a part that ends
 *  too early, or ranges that repeat to make a short string take long, are no string at all. */

import { readBits, Unreadable, type Bits } from './read-bits.ts'

/** Bits before the vendors of the core segment. */
const CORE_HEAD = 213
const SEGMENT_HEAD = 3
/** Vendors all ranges of a string may name together: ten times what the IAB has listed. */
const MOST_NAMED = 20_000

interface Named {
  vendors: number
}

function walkRanges(bits: Bits, most: number, named: Named): void {
  let last = 0
  for (let entries = bits.take(12); entries > 0; entries--) {
    const isRange = bits.take(1) === 1
    const start = bits.take(16)
    const end = isRange ? bits.take(16) : start
    if (start <= last || end < start || end > most) throw new Unreadable()
    last = end
    named.vendors += end - start + 1
    if (named.vendors > MOST_NAMED) throw new Unreadable()
  }
}

function walkVendors(bits: Bits, named: Named): void {
  const most = bits.take(16)
  if (bits.take(1) === 1) walkRanges(bits, most, named)
  else bits.skip(most)
}

function walkRestrictions(bits: Bits, named: Named): void {
  for (let n = bits.take(12); n > 0; n--) {
    bits.skip(8)
    walkRanges(bits, 0xffff, named)
  }
}

export function hasSoundLayout(text: string, head = CORE_HEAD): boolean {
  const [core = '', ...others] = text.split('.')
  const named = { vendors: 0 }
  try {
    const bits = readBits(core)
    bits.skip(head)
    walkVendors(bits, named)
    walkVendors(bits, named)
    walkRestrictions(bits, named)
    for (const other of others) {
      const inner = readBits(other)
      // 1: vendors disclosed, 2: vendors allowed; the publisher's own part has a fixed form.
      if (inner.take(SEGMENT_HEAD) < 3) walkVendors(inner, named)
    }
    return true
  } catch (error) {
    if (error instanceof Unreadable) return false
    throw error
  }
}
