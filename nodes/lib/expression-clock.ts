/**
 * Ends a formula that runs too long, from within: every turn of a list step and every call looks at the
 * clock. So a runaway formula costs its own record and nobody else's. What a single call does cannot be
 * stopped from here; the thread's watch ends that (engine/worker/item-watch.ts).
 */
import { ExpressionError } from './expression-error.ts'

/** Of one record. The thread's watch is a little slower, so this speaks first. */
export const FORMULA_MS = 200

/** Made once: thrown from a hot loop it must not cost a stack trace each time. */
export class TooSlowError extends ExpressionError {}
const TOO_SLOW = new TooSlowError(`It took longer than ${FORMULA_MS / 1_000} s.`)

let deadline = Infinity

/** Runs `work` and throws a TooSlowError when it takes too long. */
export function withinTime<Result>(work: () => Result): Result {
  deadline = performance.now() + FORMULA_MS
  const result = work()
  if (performance.now() > deadline) throw TOO_SLOW
  return result
}

/** Also told of by functions whose own work takes time. */
export function checkTime(): void {
  if (performance.now() > deadline) throw TOO_SLOW
}

type Evaluate = (this: unknown, ...args: unknown[]) => unknown

interface Timed {
  op: string
  args: unknown
  evaluate: Evaluate
  meta: { alternate?: { op: string; args: { condition?: Condition } } }
}
type Condition = (sofar: unknown) => unknown

/** What may work through a long text or list at once. */
const COSTLY: ReadonlySet<string> = new Set(['call', 'rcall', '+', '==', '!=', 'in'])

/** Makes the nodes of a checked formula look at the clock. */
export function watchTime(nodes: Iterable<unknown>): void {
  for (const node of nodes as Iterable<Timed>) {
    const loop = node.meta.alternate
    if (loop?.op === 'comprehension') watchLoop(loop.args)
    else if (COSTLY.has(node.op)) watchCall(node)
  }
}

/** The condition is asked before each turn, outside of what swallows the errors of a turn. */
function watchLoop(args: { condition?: Condition }): void {
  const { condition } = args
  args.condition = (sofar) => {
    checkTime()
    return condition ? condition(sofar) : true
  }
}

/** A node settles how it is evaluated at its first evaluation, and stores that as its own method. */
function watchCall(node: Timed): void {
  let evaluate = node.evaluate
  const watched: Evaluate = (...args) => {
    checkTime()
    return evaluate.apply(node, args)
  }
  Object.defineProperty(node, 'evaluate', {
    get: () => watched,
    set: (settled: Evaluate) => (evaluate = settled),
  })
}
