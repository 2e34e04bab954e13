/** Routes of flows: drafts, versions, analysis, previews. */
import { z } from 'zod'
import { flowGraphSchema, flowNameSchema } from '../flow.ts'
import { problemSchema } from '../problem.ts'
import { runStateSchema } from '../run.ts'
import { wireShapeSchema } from '../shape.ts'
import {
  type Route,
  idSchema,
  timeSchema,
  okSchema,
  pageQuerySchema,
  listOf,
  EDIT,
} from './route.ts'

export const flowSummarySchema = z.object({
  id: idSchema,
  name: z.string(),
  /** Last published version, absent while the flow has none. */
  published: z.int().optional(),
  /** True when the draft differs from what is published. */
  draftAhead: z.boolean(),
  scheduled: z.boolean(),
  updatedAt: timeSchema,
  updatedBy: z.string(),
  lastRun: z
    .object({
      id: idSchema,
      state: runStateSchema,
      startedAt: timeSchema,
      live: z.literal(true).optional(),
    })
    .optional(),
  steps: z.int(),
})

export type FlowSummary = z.infer<typeof flowSummarySchema>

export const flowViewSchema = flowSummarySchema.extend({
  draft: flowGraphSchema,
  /** Hand back as `base` with each write; another writer's change makes it stale (409). */
  draftVersion: z.int(),
})

export type FlowView = z.infer<typeof flowViewSchema>

export const flowVersionSchema = z.object({
  flowId: idSchema,
  version: z.int(),
  name: z.string(),
  note: z.string().optional(),
  publishedAt: timeSchema,
  publishedBy: z.string(),
})

export const flowImpactSchema = z.object({
  /** Steps that send: what a no cuts, and whether the receiver can be told of it. */
  recipients: z.array(
    z.object({
      nodeId: z.string(),
      name: z.string(),
      purposes: z.array(z.string()),
      fields: z.array(z.string()),
      told: z.boolean(),
    }),
  ),
  /** Steps that keep something of people here. */
  stores: z.array(z.object({ nodeId: z.string(), name: z.string() })),
})
export type FlowImpact = z.infer<typeof flowImpactSchema>

export const analysisSchema = z.object({
  problems: z.array(problemSchema),
  /** Shape of what leaves each node, by port. */
  shapes: z.record(z.string(), z.record(z.string(), wireShapeSchema)),
  /** Shape of what arrives at each node, by port. */
  arrives: z.record(z.string(), z.record(z.string(), wireShapeSchema)),
  /** What a person's no or erasure cuts in this flow, and whom it must tell. */
  impact: flowImpactSchema.optional(),
})

export type Analysis = z.infer<typeof analysisSchema>

export const flowsRoutes = {
  flowList: {
    method: 'GET',
    path: '/api/flows',
    summary: 'Flows',
    access: 'anyone',
    query: pageQuerySchema,
    answer: listOf(flowSummarySchema),
  },
  flowCreate: {
    method: 'POST',
    path: '/api/flows',
    summary: 'Make a flow',
    access: EDIT,
    body: z.strictObject({ name: flowNameSchema, graph: flowGraphSchema.optional() }),
    answer: flowViewSchema,
  },
  flowRead: {
    method: 'GET',
    path: '/api/flows/:id',
    summary: 'One flow with its draft',
    access: 'anyone',
    answer: flowViewSchema,
  },
  flowWrite: {
    method: 'PUT',
    path: '/api/flows/:id/draft',
    summary: 'Save the draft; 409 when `base` is stale',
    access: EDIT,
    body: z.strictObject({ base: z.int(), name: flowNameSchema, graph: flowGraphSchema }),
    answer: flowViewSchema,
  },
  flowDelete: {
    method: 'DELETE',
    path: '/api/flows/:id',
    summary: 'Delete a flow that is not running',
    access: EDIT,
    answer: okSchema,
  },
  flowAnalyse: {
    method: 'POST',
    path: '/api/flows/analyse',
    summary: 'Problems and field lists of a graph',
    access: 'anyone',
    body: z.strictObject({ graph: flowGraphSchema }),
    reads: true,
    answer: analysisSchema,
  },
  flowPublish: {
    method: 'POST',
    path: '/api/flows/:id/publish',
    summary: 'Freeze the draft as a new version; 422 with problems',
    access: EDIT,
    body: z.strictObject({ base: z.int(), note: z.string().max(500).optional() }),
    answer: flowVersionSchema,
  },
  flowVersions: {
    method: 'GET',
    path: '/api/flows/:id/versions',
    summary: 'Published versions',
    access: 'anyone',
    query: pageQuerySchema,
    answer: listOf(flowVersionSchema),
  },
  flowVersion: {
    method: 'GET',
    path: '/api/flows/:id/versions/:version',
    summary: 'One version with its graph',
    access: 'anyone',
    answer: flowVersionSchema.extend({ graph: flowGraphSchema }),
  },
} as const satisfies Record<string, Route>
