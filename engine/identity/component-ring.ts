/**
 * Union-find over identifier numbers with path halving and union by size. Members of a component
 * are linked in a ring, so they can be walked for limits; joining two rings is one swap.
 */
export type ComponentRing = {
  /** Next member on the ring; -1 while nobody holds the identifier. */
  next: Int32Array
  /** Members; right at the root only. */
  size: Int32Array
  find: (id: number) => number
  /** Makes an unclaimed identifier a component of its own. */
  claim: (id: number) => void
  /** Joins two components; returns the root that stays. */
  join: (rootA: number, rootB: number) => number
}

export const createComponentRing = (count: number): ComponentRing => {
  const parent = new Int32Array(count)
  const next = new Int32Array(count).fill(-1)
  const size = new Int32Array(count)

  const find = (id: number): number => {
    let node = id
    for (;;) {
      const up = parent[node] ?? node
      if (up === node) return node
      node = parent[node] = parent[up] ?? up
    }
  }

  return {
    next,
    size,
    find,
    claim: (id) => {
      parent[id] = next[id] = id
      size[id] = 1
    },
    join: (rootA, rootB) => {
      const [large, small] =
        (size[rootA] ?? 0) >= (size[rootB] ?? 0) ? [rootA, rootB] : [rootB, rootA]
      parent[small] = large
      size[large] = (size[large] ?? 0) + (size[small] ?? 0)
      const afterLarge = next[large] ?? large
      next[large] = next[small] ?? small
      next[small] = afterLarge
      return large
    },
  }
}
