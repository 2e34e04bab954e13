/**
 * Repeatable randomness for the sample: sfc32 seeded from text, one stream per topic, so that a
 * change to one file of the sample leaves the others as they were.
 */
export type Random = {
  /** Uniform in [0, 1). */
  next: () => number
  chance: (probability: number) => boolean
  /** Whole number from `min` to `max`, both included. */
  int: (min: number, max: number) => number
  pick: <T>(list: readonly T[]) => T
  weighted: <T>(list: readonly (readonly [T, number])[]) => T
  normal: () => number
  exponential: (mean: number) => number
  gamma: (shape: number) => number
  hex: (length: number) => string
}

/** xmur3: spreads a text over as many 32-bit words as asked for. */
const wordsOf = (text: string): (() => number) => {
  let h = 1779033703 ^ text.length
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 3432918353)
    h = (h << 13) | (h >>> 19)
  }
  return () => {
    h = Math.imul(h ^ (h >>> 16), 2246822507)
    h = Math.imul(h ^ (h >>> 13), 3266489909)
    return (h ^= h >>> 16) >>> 0
  }
}

const sfc32 = (word: () => number): (() => number) => {
  let [a, b, c, d] = [word(), word(), word(), word()]
  return () => {
    const t = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return (t >>> 0) / 4294967296
  }
}

const pickFrom = <T>(list: readonly T[], position: number): T => {
  const value = list[Math.floor(position * list.length)]
  if (value === undefined) throw new Error('Cannot pick from an empty list; give it one value.')
  return value
}

const weightedFrom = <T>(list: readonly (readonly [T, number])[], position: number): T => {
  let left = position * list.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [value, weight] of list) if ((left -= weight) < 0) return value
  return pickFrom(list, 0.999999)[0]
}

/** Marsaglia and Tsang (2000); a shape below 1 is boosted as they describe. */
const gammaFrom = (next: () => number, normal: () => number, shape: number): number => {
  if (shape < 1) return gammaFrom(next, normal, shape + 1) * (1 - next()) ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = normal()
    const v = (1 + c * x) ** 3
    if (v > 0 && Math.log(1 - next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
  }
}

export const createRandom = (seed: number | string, stream: string): Random => {
  const next = sfc32(wordsOf(`${seed}/${stream}`))
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  const int = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1))
  return {
    next,
    chance: (probability) => next() < probability,
    int,
    pick: (list) => pickFrom(list, next()),
    weighted: (list) => weightedFrom(list, next()),
    normal,
    exponential: (mean) => -mean * Math.log(1 - next()),
    gamma: (shape) => gammaFrom(next, normal, shape),
    hex: (length) => Array.from({ length }, () => int(0, 15).toString(16)).join(''),
  }
}
