/** Routes of connections to outside systems. */
import { z } from 'zod'
import { jsonSchema } from '../flow.ts'
import { type Route, idSchema, timeSchema, okSchema, listOf, EDIT } from './route.ts'

export const connectionViewSchema = z.object({
  id: idSchema,
  name: z.string(),
  kind: z.enum(['webhook']),
  settings: z.record(z.string(), jsonSchema),
  /** Names of the secrets that are set; their values are never shown again. */
  secrets: z.array(z.string()),
  updatedAt: timeSchema,
})

const connectionBodySchema = z.strictObject({
  name: z.string().trim().min(1).max(120),
  kind: z.enum(['webhook']),
  settings: z.record(z.string(), jsonSchema).default({}),
  /** Only the ones to set or replace. */
  secrets: z.record(z.string(), z.string().max(10_000)).default({}),
})

export const connectionsRoutes = {
  connectionList: {
    method: 'GET',
    path: '/api/connections',
    summary: 'Outside systems',
    access: 'anyone',
    answer: listOf(connectionViewSchema),
  },
  connectionCreate: {
    method: 'POST',
    path: '/api/connections',
    summary: 'Add an outside system',
    access: EDIT,
    body: connectionBodySchema,
    answer: connectionViewSchema,
  },
  connectionUpdate: {
    method: 'PUT',
    path: '/api/connections/:id',
    summary: 'Change an outside system',
    access: EDIT,
    body: connectionBodySchema,
    answer: connectionViewSchema,
  },
  connectionDelete: {
    method: 'DELETE',
    path: '/api/connections/:id',
    summary: 'Remove an outside system',
    access: EDIT,
    answer: okSchema,
  },
  connectionTest: {
    method: 'POST',
    path: '/api/connections/:id/test',
    summary: 'Send a test message',
    access: EDIT,
    answer: z.object({ ok: z.boolean(), message: z.string() }),
  },
} as const satisfies Record<string, Route>
