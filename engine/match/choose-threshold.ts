/** The threshold with the best expected F1, read from the probabilities alone. */

export interface Expected {
  threshold: number
  precision: number
  recall: number
}

/** `probabilities` of all likely pairs; `coverage` is the share of true pairs among the candidates. */
export function chooseThreshold(probabilities: Float64Array, coverage: number): Expected {
  const sorted = probabilities.slice().sort().reverse()
  const truth = sorted.reduce((a, b) => a + b, 0) / coverage
  let right = 0
  let best: Expected & { f1: number } = { threshold: 0.5, precision: 1, recall: 0, f1: -1 }
  sorted.forEach((p, i) => {
    right += p
    const f1 = (2 * right) / (i + 1 + truth)
    if (f1 > best.f1 && p >= LEAST)
      best = { threshold: p, precision: right / (i + 1), recall: right / truth, f1 }
  })
  const { threshold, precision, recall } = best
  return { threshold: Math.min(threshold, MOST), precision, recall }
}

/** A pair that is rather not one person than one is never linked on its own. */
const LEAST = 0.5
const MOST = 0.95
