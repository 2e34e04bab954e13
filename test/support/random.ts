/** Seeded chance for tests: the same seed makes the same input everywhere. */

/** Mulberry32, public domain: small, and good enough to choose inputs and moments. */
export function createRandom(seed: number) {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  /** Whole number below `n`. */
  const below = (n: number): number => Math.floor(next() * n)
  return {
    next,
    below,
    pick: <T>(list: readonly [T, ...T[]]): T => list[below(list.length)] ?? list[0],
  }
}

export type Random = ReturnType<typeof createRandom>

/** Chance that prints its seed, so that a failure can be repeated: HEDDLE_TEST_SEED takes it. */
export function seeded(name: string): () => number {
  const seed = Number(process.env['HEDDLE_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
  console.log(`${name}: seed ${seed} (HEDDLE_TEST_SEED=${seed} repeats it)`)
  return createRandom(seed).next
}
