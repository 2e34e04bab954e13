/** The chain that finds a program: steps tried in order, each saying why it did not help. */

export type Report = (line: string) => void

export interface FindContext {
  env: NodeJS.ProcessEnv
  cache: string
  report: Report
}

/** A service that runs elsewhere: nothing is started. */
export interface FoundAddress {
  kind: 'address'
  address: string
  source: string
}

export interface FoundBinary {
  kind: 'binary'
  path: string
  version: string
  source: string
  /** What its user should know although it works. */
  warning?: string
}

export interface NotFound {
  kind: 'none'
  reason: string
  /** The user named something that does not work: going on to another would hide it. */
  final?: boolean
}

export type StepResult = FoundAddress | FoundBinary | NotFound

export interface FindStep {
  name: string
  /** Fetches from the network; left out when only looking (doctor). */
  fetches: boolean
  find: (context: FindContext) => Promise<StepResult>
}

export interface Chain {
  /** For messages: "MongoDB". */
  product: string
  steps: FindStep[]
  /** What to install by hand when every step failed. */
  advice: string
}

export interface Tried {
  name: string
  reason: string
}

export class NotFoundError extends Error {
  override name = 'NotFoundError'
}

export async function findFirst(
  chain: Chain,
  context: FindContext,
): Promise<FoundAddress | FoundBinary> {
  const tried: Tried[] = []
  for (const step of chain.steps) {
    const result = await tryStep(step, context)
    if (result.kind !== 'none') return result
    tried.push({ name: step.name, reason: result.reason })
    if (step.fetches) context.report(`${step.name}: ${result.reason}`)
    if (result.final) break
  }
  throw new NotFoundError(explain(chain, tried))
}

/** The chain without the steps that reach for the network. */
export function lookOnly(chain: Chain): Chain {
  return { ...chain, steps: chain.steps.filter((step) => !step.fetches) }
}

async function tryStep(step: FindStep, context: FindContext): Promise<StepResult> {
  try {
    return await step.find(context)
  } catch (error) {
    return { kind: 'none', reason: error instanceof Error ? error.message : String(error) }
  }
}

function explain(chain: Chain, tried: Tried[]): string {
  const lines = tried.map(({ name, reason }) => `  - ${name}: ${reason}`)
  return [`${chain.product} was not found. Tried in this order:`, ...lines, chain.advice].join('\n')
}
