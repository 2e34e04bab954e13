/** Routes of runs, the files they made, and the records they parked. */
import { z } from 'zod'
import { flowGraphSchema, jsonSchema } from '../flow.ts'
import { runStateSchema } from '../run.ts'
import {
  type Route,
  idSchema,
  letterIdSchema,
  timeSchema,
  pageQuerySchema,
  listOf,
  OPERATE,
  PEOPLE,
  countsSchema,
} from './route.ts'

export const runViewSchema = z.object({
  id: idSchema,
  flowId: idSchema,
  flowName: z.string(),
  flowVersion: z.int(),
  state: runStateSchema,
  startedAt: timeSchema,
  finishedAt: timeSchema.optional(),
  startedBy: z.string(),
  trigger: z.enum(['person', 'schedule', 'api', 'retry']),
  live: z.literal(true).optional(),
  stages: z.record(
    z.string(),
    z.object({
      state: z.enum(['waiting', 'running', 'done', 'failed']),
      pages: z.int(),
      pagesDone: z.int(),
    }),
  ),
  counts: z.record(z.string(), countsSchema),
  /** Records its sources have read so far; of a rerun, the parked records it takes up. */
  read: z.int(),
  failure: z
    .object({
      code: z.string(),
      message: z.string(),
      nodeId: z.string().optional(),
      stageId: z.string().optional(),
    })
    .optional(),
  /** The graph that ran, so that counts can be drawn on it. Only when one run is read. */
  graph: flowGraphSchema.optional(),
})

export const deadLetterSchema = z.object({
  id: letterIdSchema,
  runId: idSchema,
  flowId: idSchema,
  nodeId: z.string(),
  code: z.string(),
  detail: z.string().optional(),
  attempts: z.int(),
  firstAt: timeSchema,
  lastAt: timeSchema,
  state: z.enum(['parked', 'rerunning', 'resolved', 'discarded']),
  /** The record, masked unless the caller may see people. */
  fields: z.record(z.string(), jsonSchema),
})

export type DeadLetterView = z.infer<typeof deadLetterSchema>

export const outputFileSchema = z.object({
  id: idSchema,
  runId: idSchema,
  nodeId: z.string(),
  name: z.string(),
  mediaType: z.string(),
  bytes: z.int(),
  rows: z.int(),
})

export const runsRoutes = {
  flowRun: {
    method: 'POST',
    path: '/api/flows/:id/runs',
    summary: 'Run a published version (default: the last)',
    access: OPERATE,
    body: z.strictObject({ version: z.int().optional() }),
    answer: runViewSchema,
  },
  runList: {
    method: 'GET',
    path: '/api/runs',
    summary: 'Runs, newest first',
    access: 'anyone',
    query: pageQuerySchema.extend({ flow: idSchema.optional(), state: runStateSchema.optional() }),
    answer: listOf(runViewSchema),
  },
  runRead: {
    method: 'GET',
    path: '/api/runs/:id',
    summary: 'One run with its counts',
    access: 'anyone',
    answer: runViewSchema,
  },
  runEvents: {
    method: 'GET',
    path: '/api/runs/:id/events',
    summary: 'The run as it changes',
    access: 'anyone',
    answers: 'events',
    answer: runViewSchema,
  },
  runPause: {
    method: 'POST',
    path: '/api/runs/:id/pause',
    summary: 'Pause; answers when nothing is being sent any more',
    access: OPERATE,
    answer: runViewSchema,
  },
  runResume: {
    method: 'POST',
    path: '/api/runs/:id/resume',
    summary: 'Go on',
    access: OPERATE,
    answer: runViewSchema,
  },
  runCancel: {
    method: 'POST',
    path: '/api/runs/:id/cancel',
    summary: 'Cancel; answers when nothing is being sent any more',
    access: OPERATE,
    answer: runViewSchema,
  },
  runRetry: {
    method: 'POST',
    path: '/api/runs/:id/retry',
    summary: 'Go on from the failed stage',
    access: OPERATE,
    answer: runViewSchema,
  },
  runFiles: {
    method: 'GET',
    path: '/api/runs/:id/files',
    summary: 'Files the run made',
    access: 'anyone',
    answer: listOf(outputFileSchema),
  },
  runFileDownload: {
    method: 'GET',
    path: '/api/runs/:id/files/:nodeId',
    summary: 'A file the run made',
    access: PEOPLE,
    reveals: true,
    answers: 'file',
    answer: z.unknown(),
  },
  deadLetterList: {
    method: 'GET',
    path: '/api/dead-letters',
    summary: 'Parked records with their reasons',
    access: OPERATE,
    query: pageQuerySchema.extend({
      run: idSchema.optional(),
      node: z.string().max(64).optional(),
      code: z.string().max(64).optional(),
    }),
    answer: listOf(deadLetterSchema),
  },
  deadLetterRerun: {
    method: 'POST',
    path: '/api/dead-letters/rerun',
    summary: 'Try parked records again, through consent and all that follows',
    access: OPERATE,
    body: z.strictObject({
      run: idSchema,
      node: z.string().max(64).optional(),
      ids: z.array(letterIdSchema).max(1_000).optional(),
    }),
    answer: z.object({ run: runViewSchema }),
  },
  deadLetterDiscard: {
    method: 'POST',
    path: '/api/dead-letters/discard',
    summary: 'Give parked records up',
    access: OPERATE,
    body: z.strictObject({ ids: z.array(letterIdSchema).min(1).max(1_000) }),
    answer: z.object({ discarded: z.int() }),
  },
} as const satisfies Record<string, Route>
