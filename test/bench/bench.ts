/** What a bench is: it measures the product and, in the same run, the limit it is compared with. */

export interface BenchOptions {
  /** Records to run; a bench that counts none ignores it. */
  events: number
  /** Product runs, each between two runs of the limit. */
  rounds: number
  /** Tells what is going on, beside the result: goes to standard error. */
  say(line: string): void
}

export interface Figure {
  value: number
  unit: string
  /** The same work by the bare means, measured in the same run. */
  limit: number
  /** What `ok` compares: `ratio` for speeds and growth, `value` for budgets. */
  compares: 'ratio' | 'value'
  bar: number
  /** Whether more is better. */
  better: 'more' | 'less'
}

export interface Bench {
  name: string
  run(options: BenchOptions): Promise<Figure>
}

/** The one line a bench prints. */
export function toLine(name: string, { value, unit, limit, compares, bar, better }: Figure) {
  const ratio = value / limit
  const judged = compares === 'ratio' ? ratio : value
  const ok = better === 'more' ? judged >= bar : judged <= bar
  return {
    bench: name,
    value: round(value),
    unit,
    limit: round(limit),
    ratio: round(ratio),
    bar,
    ok,
  }
}

const round = (n: number): number => Number(n.toPrecision(4))

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}

/** Runs both in turn, limit first and last, so that a busy machine slows both alike. */
export async function alternate(
  { rounds, say }: BenchOptions,
  limit: () => Promise<number>,
  product: () => Promise<number>,
): Promise<{ limit: number; product: number }> {
  const limits: number[] = []
  const products: number[] = []
  for (let i = 0; i <= rounds; i++) {
    limits.push(await limit())
    say(`limit ${round(limits.at(-1) ?? 0)}`)
    if (i === rounds) break
    products.push(await product())
    say(`product ${round(products.at(-1) ?? 0)}`)
  }
  return { limit: median(limits), product: median(products) }
}
