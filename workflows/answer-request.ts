/** Answers one request of a person: waits for the identity check and the approval, does the work in each
 *  store, tells each recipient, and tries again what failed. Carries the request's id and nothing else. */
import {
  condition,
  continueAsNew,
  defineSignal,
  proxyActivities,
  setHandler,
  sleep,
} from '@temporalio/workflow'
import type { RequestActivities, RequestRef } from '../engine/contract/activities.ts'
import { answering, MAX_WAIT_MS, ROUNDS_PER_RUN, SETTLE_MS } from './tuning.ts'

const { lookAtRequest, answerInStores, tellOfRequest, closeRequest } =
  proxyActivities<RequestActivities>(answering)
const changed = defineSignal('changed')

export async function answerRequest(input: RequestRef): Promise<void> {
  let again = false
  setHandler(changed, () => {
    again = true
  })
  for (let round = 0; round < ROUNDS_PER_RUN; round++) {
    again = false
    const next = await lookAtRequest(input)
    if (next === 'over') return
    if (next === 'wait') {
      await condition(() => again)
      continue
    }
    const stores = await answerInStores(input)
    const { open, nextInMs } = await tellOfRequest(input)
    if (stores.failed === 0 && open === 0) {
      // What workers had in hand when it began is written by now.
      await sleep(SETTLE_MS)
      return closeRequest(input)
    }
    const wait = stores.failed > 0 ? MAX_WAIT_MS : Math.min(nextInMs, MAX_WAIT_MS)
    if (wait > 0) await condition(() => again, wait)
  }
  await continueAsNew<typeof answerRequest>(input)
}
