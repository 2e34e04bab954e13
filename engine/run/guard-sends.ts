/** Holds a step that sends to the gate: its page is filtered before it starts, it can ask again before
 *  each call, and a call made without asking is stopped when somebody said no in the meantime. */
import { InterruptedError, RejectedError } from '../contract/error.ts'
import type { Item } from '../contract/item.ts'
import type { HttpService } from '../contract/services.ts'
import type { Refusals, SendGate } from './send-gate.ts'

/** Thrown into a step that sends without asking: the engine takes the people out and goes on. */
export class ConsentChangedError extends InterruptedError {}

export interface SendGuard {
  /** What stands against the items now. */
  ask(items: readonly Item[]): Promise<Refusals>
  /** The same for other purposes than those the step declares. */
  askFor(items: readonly Item[], purposes: readonly string[]): Promise<Refusals>
  /** The page the step is about to work on. */
  begin(page: readonly Item[]): void
  fence(http: HttpService): HttpService
}

/** A step that asked this recently is not asked for again. */
const ASKED_MS = 1_000

export function createSendGuard(
  gate: SendGate | undefined,
  step: { purposes: readonly string[]; nodeId: string; nodeName: string },
): SendGuard {
  let page: readonly Item[] = []
  let asked = 0
  const askFor = async (items: readonly Item[], purposes: readonly string[]): Promise<Refusals> => {
    if (!gate)
      throw new RejectedError(
        'no_consent_check',
        `"${step.nodeName}" sends, but consent cannot be checked here. Run the flow on a worker.`,
        { nodeId: step.nodeId },
      )
    return gate.judge(items, purposes)
  }
  const ask = async (items: readonly Item[]): Promise<Refusals> => {
    const at = Date.now()
    const refusals = await askFor(items, step.purposes)
    asked = at
    return refusals
  }
  return {
    ask,
    askFor,
    begin: (items) => void (page = items),
    fence: (http) => ({
      async request(request) {
        if (Date.now() - asked > ASKED_MS && (await ask(page)).size > 0)
          throw new ConsentChangedError()
        return http.request(request)
      },
    }),
  }
}
