/** Takes out what was kept long enough; started every hour by a schedule. */
import { proxyActivities } from '@temporalio/workflow'
import type { RetentionActivities } from '../engine/contract/activities.ts'
import { answering } from './tuning.ts'

const { takeOutOld } = proxyActivities<RetentionActivities>(answering)

export async function sweepRetention(): Promise<void> {
  await takeOutOld()
}
