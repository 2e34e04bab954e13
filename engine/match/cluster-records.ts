/**
 * Groups records so that chains do not: groups are joined strongest evidence first, and what speaks
 * against any of their pairs counts as well (greedy additive edge contraction).
 */

export interface Links {
  left: Int32Array
  right: Int32Array
  /** Log odds of the pair against the threshold; below zero speaks against. */
  weight: Float64Array
}

/** What a pair that shares no blocking rule says: rather not one person. */
export const UNSEEN = -2

/** The group of each record, by the number of its first record. */
export function clusterRecords(count: number, links: Links): Int32Array {
  const roots = Int32Array.from({ length: count }, (_, i) => i)
  const near = new Map<number, Map<number, number>>()
  const sizes = new Int32Array(count).fill(1)
  const queue = new LinkQueue()
  const connected = connectedBy(count, links)
  links.weight.forEach((weight, e) => {
    const a = links.left[e] ?? 0
    const b = links.right[e] ?? 0
    if (find(connected, a) !== find(connected, b)) return
    setNear(near, { a, b, weight: weight - UNSEEN })
    if (weight > 0) queue.push({ a, b, weight })
  })
  for (let link = queue.pop(); link; link = queue.pop())
    if (isCurrent(link, { near, sizes })) join(link, { near, sizes, roots, queue })
  return roots.map((_, i) => find(roots, i))
}

/** Groups by any link at all; across these nothing can be joined. */
function connectedBy(count: number, { left, right, weight }: Links): Int32Array {
  const roots = Int32Array.from({ length: count }, (_, i) => i)
  weight.forEach((w, e) => {
    if (w <= 0) return
    const a = find(roots, left[e] ?? 0)
    const b = find(roots, right[e] ?? 0)
    roots[Math.max(a, b)] = Math.min(a, b)
  })
  return roots
}

function find(roots: Int32Array, i: number): number {
  let at = i
  for (;;) {
    const up = roots[at] ?? at
    if (up === at) return at
    roots[at] = roots[up] ?? up
    at = up
  }
}

interface Link {
  a: number
  b: number
  weight: number
}

type Near = Map<number, Map<number, number>>

interface Groups {
  near: Near
  sizes: Int32Array
}

function setNear(near: Near, { a, b, weight }: Link): void {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    const map = near.get(from) ?? new Map<number, number>()
    map.set(to, weight)
    near.set(from, map)
  }
}

/** Evidence between two groups: what was seen, and the usual for pairs not seen. */
const between = (a: number, b: number, { near, sizes }: Groups): number | undefined => {
  const seen = near.get(a)?.get(b)
  return seen === undefined ? undefined : seen + UNSEEN * (sizes[a] ?? 1) * (sizes[b] ?? 1)
}

/** A link of groups that have been joined since is out of date. */
const isCurrent = ({ a, b, weight }: Link, groups: Groups): boolean =>
  Math.abs((between(a, b, groups) ?? Number.NaN) - weight) < 1e-9

function join(
  { a, b }: Link,
  { near, sizes, roots, queue }: Groups & { roots: Int32Array; queue: LinkQueue },
): void {
  const [keep, gone] = a < b ? [a, b] : [b, a]
  roots[gone] = keep
  sizes[keep] = (sizes[keep] ?? 1) + (sizes[gone] ?? 1)
  const mine = near.get(keep)
  const others = near.get(gone)
  near.delete(gone)
  mine?.delete(gone)
  others?.delete(keep)
  others?.forEach((weight, to) => {
    near.get(to)?.delete(gone)
    setNear(near, { a: keep, b: to, weight: weight + (mine?.get(to) ?? 0) })
  })
  near.get(keep)?.forEach((_, to) => {
    const weight = between(keep, to, { near, sizes }) ?? 0
    if (weight > 0) queue.push({ a: keep, b: to, weight })
  })
}

/** The strongest link first (a binary heap). */
class LinkQueue {
  private readonly links: Link[] = []

  push(link: Link): void {
    let i = this.links.push(link) - 1
    while (i > 0) {
      const up = (i - 1) >> 1
      if (this.weightAt(up) >= link.weight) break
      this.swap(i, up)
      i = up
    }
  }

  pop(): Link | undefined {
    const top = this.links[0]
    const last = this.links.pop()
    if (last && this.links.length > 0) {
      this.links[0] = last
      this.sink()
    }
    return top
  }

  private sink(): void {
    let i = 0
    for (;;) {
      const left = 2 * i + 1
      const child = this.weightAt(left + 1) > this.weightAt(left) ? left + 1 : left
      if (this.weightAt(child) <= this.weightAt(i)) return
      this.swap(i, child)
      i = child
    }
  }

  private weightAt(i: number): number {
    return this.links[i]?.weight ?? Number.NEGATIVE_INFINITY
  }

  private swap(i: number, j: number): void {
    const [a, b] = [this.links[i], this.links[j]]
    if (a && b) [this.links[i], this.links[j]] = [b, a]
  }
}
