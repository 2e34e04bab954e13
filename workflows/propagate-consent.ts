/** Tells every recipient of a person's data that they said no, until each knows or cannot be told. */
import {
  condition,
  continueAsNew,
  defineSignal,
  proxyActivities,
  setHandler,
} from '@temporalio/workflow'
import type { ConsentActivities } from '../engine/contract/activities.ts'
import { telling, MAX_WAIT_MS, ROUNDS_PER_RUN } from './tuning.ts'

const { tellRecipients } = proxyActivities<ConsentActivities>(telling)
const changed = defineSignal('changed')

export async function propagateConsent(): Promise<void> {
  let again = false
  setHandler(changed, () => {
    again = true
  })
  for (let round = 0; round < ROUNDS_PER_RUN; round++) {
    again = false
    const { open, nextInMs } = await tellRecipients()
    if (open === 0 && !again) return
    if (nextInMs > 0) await condition(() => again, Math.min(nextInMs, MAX_WAIT_MS))
  }
  await continueAsNew<typeof propagateConsent>()
}
