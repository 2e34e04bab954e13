/** Seeded chance for fault tests; HEDDLE_TEST_SEED repeats an earlier run. */

/** Prints the seed, so that a failure can be repeated. */
export function seeded(name: string): () => number {
  const seed = Number(process.env['HEDDLE_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
  console.log(`${name}: seed ${seed} (HEDDLE_TEST_SEED=${seed} repeats it)`)
  let state = seed >>> 0
  // Mulberry32, public domain: small, and good enough to choose moments.
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t ^= t + Math.imul(t ^ (t >>> 7), 61 | t)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
