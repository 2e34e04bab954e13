/** Routes that try a flow out: previews, estimates, one person's way, kept tests. None writes or sends. */
import { z } from 'zod'
import { flowGraphSchema, jsonSchema } from '../flow.ts'
import { countsSchema, idSchema, OPERATE, PEOPLE, timeSchema, type Route } from './route.ts'

const rowsSchema = z.array(z.record(z.string(), jsonSchema))
/** By port, reason or code. */
const rowsByKeySchema = z.record(z.string(), rowsSchema)

export const previewSchema = z.object({
  counts: z.record(z.string(), countsSchema),
  /** Up to 20 rows that left each node, personal values masked. */
  rows: z.record(z.string(), rowsSchema),
  /** Up to 20 rows of each fate at each node: who is behind a number. */
  fates: z.record(
    z.string(),
    z.object({ out: rowsByKeySchema, dropped: rowsByKeySchema, failed: rowsByKeySchema }),
  ),
  /** What each sending step would have sent; nothing was. */
  payloads: z.record(z.string(), z.array(z.string())),
  sampled: z.int(),
})
export type Preview = z.infer<typeof previewSchema>

/** A number of records, and between which it lies; all three are the same when it was counted. */
export const rangeSchema = z.object({ n: z.int(), low: z.int(), high: z.int() })
export type Range = z.infer<typeof rangeSchema>

export const estimateSchema = z.object({
  /** Records on each wire, by node and port. */
  wires: z.record(z.string(), z.record(z.string(), rangeSchema)),
  /** Records that end at each node: on purpose, and by failing. */
  ends: z.record(z.string(), z.object({ dropped: rangeSchema, failed: rangeSchema })),
  /** True when every record was counted. */
  exact: z.boolean(),
  read: z.int(),
  of: z.int(),
  tookMs: z.int(),
})
export type Estimate = z.infer<typeof estimateSchema>

export const followSchema = z.object({
  /** Records of the person in the sources. */
  found: z.int(),
  /** In the order of the flow; only where a record of the person came by. */
  steps: z.array(
    z.object({
      node: idSchema,
      counts: countsSchema,
      /** The first of the person's rows there, masked. */
      rows: rowsSchema,
      payloads: z.array(z.string()),
      /** Stored answers of the destination, newest first. */
      answers: z.array(z.object({ at: timeSchema, run: idSchema, status: z.int().optional() })),
    }),
  ),
  /** Profiles the records belong to. */
  profiles: z.array(idSchema),
})
export type Follow = z.infer<typeof followSchema>

export const fixtureResultSchema = z.object({
  id: idSchema,
  ok: z.boolean(),
  /** Why the test could not run. */
  failure: z.string().optional(),
  results: z.array(
    z.object({ node: idSchema, port: z.string(), expected: z.int(), found: z.int() }),
  ),
})
export type FixtureResult = z.infer<typeof fixtureResultSchema>

const previewBody = {
  graph: flowGraphSchema,
  rows: z.int().min(1).max(1_000).default(200),
  /** Ends with this step: it and what leads to it. */
  until: idSchema.optional(),
}

export const dryRunsRoutes = {
  flowPreview: {
    method: 'POST',
    path: '/api/flows/preview',
    summary: 'Dry run on a sample; sends and writes nothing',
    access: OPERATE,
    body: z.strictObject(previewBody),
    reads: true,
    answer: previewSchema,
  },
  flowPreviewReveal: {
    method: 'POST',
    path: '/api/flows/preview/reveal',
    summary: 'The same in the clear; audited with the reason',
    access: PEOPLE,
    body: z.strictObject({ ...previewBody, reason: z.string().trim().min(3).max(500) }),
    answer: previewSchema,
  },
  flowEstimate: {
    method: 'POST',
    path: '/api/flows/estimate',
    summary: 'How many records go along each wire: from a sample, or counted',
    access: OPERATE,
    body: z.strictObject({ graph: flowGraphSchema, exact: z.boolean().default(false) }),
    reads: true,
    answer: estimateSchema,
  },
  flowFollow: {
    method: 'POST',
    path: '/api/flows/follow',
    summary: "One person's way through a graph, from source record to destination",
    access: PEOPLE,
    body: z.strictObject({
      graph: flowGraphSchema,
      /** An address, number or name as it stands in a source. */
      person: z.string().trim().min(3).max(200),
      /** Stored answers of this run only. */
      run: idSchema.optional(),
    }),
    reads: true,
    answer: followSchema,
  },
  flowTest: {
    method: 'POST',
    path: '/api/flows/test',
    summary: 'Runs the tests kept with a graph',
    access: OPERATE,
    body: z.strictObject({ graph: flowGraphSchema }),
    reads: true,
    answer: z.object({ items: z.array(fixtureResultSchema) }),
  },
} as const satisfies Record<string, Route>
