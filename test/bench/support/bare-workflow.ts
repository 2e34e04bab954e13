/** A workflow that does nothing but call activities one after another: the limit of a short run. */
import { proxyActivities } from '@temporalio/workflow'

const { nothing } = proxyActivities<{ nothing(): Promise<void> }>({
  startToCloseTimeout: '1 minute',
})

export async function callOneAfterAnother(times: number): Promise<void> {
  for (let i = 0; i < times; i++) await nothing()
}
