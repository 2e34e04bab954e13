/** A published flow's schedule, kept by Temporal: one schedule per flow. */
import { ScheduleNotFoundError, ScheduleOverlapPolicy, type Client } from '@temporalio/client'
import type { Schedule } from '../contract/flow.ts'

const OVERLAP = {
  skip: ScheduleOverlapPolicy.SKIP,
  queue_one: ScheduleOverlapPolicy.BUFFER_ONE,
  cancel_earlier: ScheduleOverlapPolicy.CANCEL_OTHER,
} as const

const scheduleId = (flowId: string): string => `flow-${flowId}`

export function createSchedules({ client, taskQueue }: { client: Client; taskQueue: string }) {
  const remove = async (flowId: string): Promise<void> => {
    try {
      await client.schedule.getHandle(scheduleId(flowId)).delete()
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error
    }
  }
  return {
    remove,
    /** Makes Temporal's schedule equal to the published one. A missed start is made up for a minute. */
    async sync(flowId: string, _version: number, schedule: Schedule | undefined): Promise<void> {
      await remove(flowId)
      if (!schedule?.enabled) return
      await client.schedule.create({
        scheduleId: scheduleId(flowId),
        spec: { cronExpressions: [schedule.cron], timezone: schedule.timezone },
        policies: { overlap: OVERLAP[schedule.overlap], catchupWindow: '1 minute' },
        action: {
          type: 'startWorkflow',
          workflowType: 'scheduledFlow',
          workflowId: `scheduled-${flowId}`,
          taskQueue,
          args: [{ flowId }],
        },
      })
    },
  }
}
