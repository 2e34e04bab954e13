/** Routes of the workspace as a whole: health, catalog, purposes, sample, audit. */
import { z } from 'zod'
import { jsonSchema } from '../flow.ts'
import { type Route, idSchema, timeSchema, pageQuerySchema, listOf } from './route.ts'

export const healthSchema = z.object({
  ok: z.literal(true),
  version: z.string(),
  parts: z.record(z.string(), z.literal('up')),
})

export const purposeSchema = z.object({
  key: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/),
  name: z.string().min(1).max(120),
  description: z.string().max(500).default(''),
  /** False for purposes that rest on another basis than consent. */
  needsConsent: z.boolean().default(true),
})

export type Purpose = z.infer<typeof purposeSchema>

export const auditEntrySchema = z.object({
  seq: z.int(),
  at: timeSchema,
  who: z.string(),
  action: z.string(),
  subject: z.string(),
  details: z.record(z.string(), jsonSchema),
})

const catalogSchema = z.object({
  entries: z.array(z.unknown()),
  /** Engineers' own node types that could not be loaded, and why. */
  broken: z.array(z.object({ file: z.string(), line: z.int().optional(), reason: z.string() })),
  purposes: z.array(purposeSchema),
  /** Another one when a node type was added, changed or taken away. */
  version: z.string(),
  /** True while engineers work on node types: `catalogEvents` then tells each change. */
  changes: z.boolean(),
})

export const catalogEventSchema = z.object({ version: z.string() })

export const workspaceRoutes = {
  health: {
    method: 'GET',
    path: '/api/health',
    summary: 'Answers when all parts are up',
    access: 'public',
    answer: healthSchema,
  },
  openapi: {
    method: 'GET',
    path: '/api/openapi.json',
    summary: 'This API as OpenAPI 3.1',
    access: 'public',
    answer: z.unknown(),
  },
  catalog: {
    method: 'GET',
    path: '/api/catalog',
    summary: 'Node types with their forms',
    access: 'anyone',
    answer: catalogSchema,
  },
  catalogEvents: {
    method: 'GET',
    path: '/api/catalog/events',
    summary: 'The version of the node types, at once and after each change',
    access: 'anyone',
    answers: 'events',
    answer: catalogEventSchema,
  },
  purposesWrite: {
    method: 'PUT',
    path: '/api/purposes',
    summary: 'Purposes data may be used for',
    access: ['owner', 'privacy_officer'],
    body: z.strictObject({ purposes: z.array(purposeSchema).max(100) }),
    answer: z.object({ purposes: z.array(purposeSchema) }),
  },
  sampleRead: {
    method: 'GET',
    path: '/api/sample',
    summary: 'Whether the sample workspace is there',
    access: 'anyone',
    answer: z.object({
      state: z.enum(['absent', 'loading', 'loaded', 'failed']),
      progress: z.string().optional(),
      flowId: idSchema.optional(),
    }),
  },
  sampleLoad: {
    method: 'POST',
    path: '/api/sample',
    summary: 'Load the sample workspace',
    access: ['owner', 'marketer', 'engineer'],
    answer: z.object({ state: z.enum(['absent', 'loading', 'loaded', 'failed']) }),
  },
  auditList: {
    method: 'GET',
    path: '/api/audit',
    summary: 'Who did what',
    access: ['owner', 'privacy_officer'],
    query: pageQuerySchema,
    answer: listOf(auditEntrySchema),
  },
} as const satisfies Record<string, Route>
