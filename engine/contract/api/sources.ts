/** Routes of live sources: write keys, what arrives, what was refused, and the tracking plan. */
import { z } from 'zod'
import { jsonSchema } from '../flow.ts'
import {
  type Route,
  idSchema,
  listOf,
  okSchema,
  pageQuerySchema,
  timeSchema,
  EDIT,
} from './route.ts'

export const trackingPlanSchema = z.strictObject({
  /** What happens to an event that departs from the plan. */
  onBreach: z.enum(['warn', 'refuse']),
  /** What happens to a track event the plan does not name. */
  onUnplanned: z.enum(['allow', 'warn', 'refuse']),
  events: z
    .array(
      z.strictObject({
        name: z.string().trim().min(1).max(500),
        properties: z
          .array(
            z.strictObject({
              name: z.string().min(1).max(200),
              type: z.enum(['any', 'string', 'number', 'boolean', 'array', 'object']),
              required: z.boolean(),
            }),
          )
          .max(300),
      }),
    )
    .max(1_000),
})
export type TrackingPlan = z.infer<typeof trackingPlanSchema>

const sourceNameSchema = z.string().trim().min(1).max(120)

export const sourceViewSchema = z.object({
  id: idSchema,
  name: z.string(),
  disabled: z.boolean(),
  allowedOrigins: z.array(z.string()),
  ratePerSecond: z.number(),
  plan: trackingPlanSchema.optional(),
  createdAt: timeSchema,
  /** Newest first; those with `expiresAt` were replaced. */
  keys: z.array(
    z.object({ key: z.string(), createdAt: timeSchema, expiresAt: timeSchema.optional() }),
  ),
})
export type SourceView = z.infer<typeof sourceViewSchema>

export const sourceChangeSchema = z
  .strictObject({
    name: sourceNameSchema,
    disabled: z.boolean(),
    allowedOrigins: z
      .array(z.string().regex(/^https?:\/\/[^/\s]+$/, 'Write it as https://shop.example.com'))
      .max(100),
    ratePerSecond: z.number().min(0).max(1_000_000),
    plan: trackingPlanSchema,
  })
  .partial()
/** Only what is given is changed. */
export type SourceChange = {
  [Key in keyof z.infer<typeof sourceChangeSchema>]?: Exclude<
    z.infer<typeof sourceChangeSchema>[Key],
    undefined
  >
}

/** One event as the debugger shows it: values masked. */
export const seenEventSchema = z.object({
  at: timeSchema,
  type: z.string(),
  name: z.string(),
  verdict: z.enum(['accepted', 'warned', 'refused']),
  reason: z.string().optional(),
  fields: z.record(z.string(), jsonSchema),
})
export type SeenEvent = z.infer<typeof seenEventSchema>

export const refusedEventSchema = z.object({
  id: idSchema,
  at: timeSchema,
  code: z.string(),
  reason: z.string(),
  messageId: z.string().optional(),
  /** The event as it came, values masked. */
  fields: z.record(z.string(), jsonSchema),
})

export const catalogEventSchema = z.object({
  type: z.string(),
  name: z.string(),
  count: z.int(),
  firstAt: timeSchema,
  lastAt: timeSchema,
  properties: z.array(
    z.object({ name: z.string(), types: z.record(z.string(), z.int()), seen: z.int() }),
  ),
})

export const sourcesRoutes = {
  sourceList: {
    method: 'GET',
    path: '/api/sources',
    summary: 'Sources of live events',
    access: 'anyone',
    answer: listOf(sourceViewSchema),
  },
  sourceCreate: {
    method: 'POST',
    path: '/api/sources',
    summary: 'Make a source with its first write key',
    access: EDIT,
    body: z.strictObject({ name: sourceNameSchema }),
    answer: sourceViewSchema,
  },
  sourceRead: {
    method: 'GET',
    path: '/api/sources/:id',
    summary: 'One source',
    access: 'anyone',
    answer: sourceViewSchema,
  },
  sourceChange: {
    method: 'PATCH',
    path: '/api/sources/:id',
    summary: 'Rename, disable, limit, or set the tracking plan',
    access: EDIT,
    body: sourceChangeSchema,
    answer: sourceViewSchema,
  },
  sourceRotate: {
    method: 'POST',
    path: '/api/sources/:id/rotate',
    summary: 'A new write key; the old one works for a day more unless ended now',
    access: EDIT,
    body: z.strictObject({ now: z.boolean().default(false) }),
    answer: sourceViewSchema,
  },
  sourceEvents: {
    method: 'GET',
    path: '/api/sources/:id/events',
    summary: 'Events as they arrive, with verdict and reason',
    access: 'anyone',
    answers: 'events',
    answer: seenEventSchema,
  },
  sourceRefused: {
    method: 'GET',
    path: '/api/sources/:id/refused',
    summary: 'Refused events, newest first',
    access: 'anyone',
    query: pageQuerySchema,
    answer: listOf(refusedEventSchema),
  },
  refusedRetry: {
    method: 'POST',
    path: '/api/refused-events/:id/retry',
    summary: 'Take a refused event again, with corrections',
    access: EDIT,
    /** By place, as `userId` or `properties.revenue`; null takes a value away. */
    body: z.strictObject({
      changes: z
        .record(
          z.string().min(1).max(500),
          z.union([z.string().max(10_000), z.number(), z.boolean(), z.null()]),
        )
        .default({}),
    }),
    answer: z.object({ accepted: z.boolean(), reason: z.string().optional() }),
  },
  refusedDiscard: {
    method: 'POST',
    path: '/api/refused-events/:id/discard',
    summary: 'Give a refused event up',
    access: EDIT,
    answer: okSchema,
  },
  sourceCatalog: {
    method: 'GET',
    path: '/api/sources/:id/catalog',
    summary: 'Which events arrive, with the properties found in them',
    access: 'anyone',
    answer: listOf(catalogEventSchema),
  },
} as const satisfies Record<string, Route>
