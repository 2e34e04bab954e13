/** Updates a run takes; each answers when it has taken effect. */
import { defineUpdate } from '@temporalio/workflow'

export const pauseUpdate = defineUpdate('pause')
export const resumeUpdate = defineUpdate('resume')
export const cancelUpdate = defineUpdate('cancel')
