/** The document a marketer edits: nodes, wires, settings. Draft and versions share this shape. */
import { z } from 'zod'
import type { Json } from './json.ts'

/** Version of this shape; older saved flows pass `flowMigrations` when read. */
export const FLOW_SCHEMA_VERSION = 1

const idSchema = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9_-]+$/)

export const jsonSchema: z.ZodType<Json> = z.json()

export const flowNodeSchema = z.strictObject({
  id: idSchema,
  /** Node type, as in the catalogue. */
  type: z.string().min(1).max(64),
  /** Version of the node type the settings were made for. */
  version: z.int().min(1),
  /** The marketer's own name for the step; empty means the type's title. */
  name: z.string().max(120).default(''),
  config: z.record(z.string(), jsonSchema).default({}),
  /** Canvas pixels. */
  position: z.strictObject({ x: z.number(), y: z.number() }).default({ x: 0, y: 0 }),
})
export type FlowNode = z.infer<typeof flowNodeSchema>

export const wireEndSchema = z.strictObject({ node: idSchema, port: z.string().min(1).max(64) })

export const wireSchema = z.strictObject({ id: idSchema, from: wireEndSchema, to: wireEndSchema })
export type Wire = z.infer<typeof wireSchema>

export const scheduleSchema = z.strictObject({
  /** Five-field cron expression. */
  cron: z.string().min(1).max(120),
  /** IANA name. */
  timezone: z.string().min(1).max(64).default('UTC'),
  /** What happens when the earlier run still goes on. */
  overlap: z.enum(['skip', 'queue_one', 'cancel_earlier']).default('skip'),
  enabled: z.boolean().default(true),
})
export type Schedule = z.infer<typeof scheduleSchema>

export const flowSettingsSchema = z.strictObject({
  /** ISO 3166-1 alpha-2; phone numbers without a country code are read as of here. */
  defaultRegion: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  schedule: scheduleSchema.optional(),
})

export const flowGraphSchema = z.strictObject({
  schemaVersion: z.literal(FLOW_SCHEMA_VERSION).default(FLOW_SCHEMA_VERSION),
  nodes: z.array(flowNodeSchema).max(2_000),
  wires: z.array(wireSchema).max(8_000),
  settings: flowSettingsSchema.default({}),
})
export type FlowGraph = z.infer<typeof flowGraphSchema>

export const flowNameSchema = z.string().trim().min(1).max(120)

/** Each step lifts a stored graph from the version that is its index + 1 to the next. */
export const flowMigrations: ReadonlyArray<(graph: Record<string, Json>) => Record<string, Json>> =
  []

/** Reads a stored or pasted graph of any known version. Throws a ZodError on anything else. */
export function readFlowGraph(stored: unknown): FlowGraph {
  const start = z.looseObject({ schemaVersion: z.int().min(1).default(1) }).parse(stored)
  let graph = start as Record<string, Json>
  for (const migrate of flowMigrations.slice(start.schemaVersion - 1)) graph = migrate(graph)
  return flowGraphSchema.parse({ ...graph, schemaVersion: FLOW_SCHEMA_VERSION })
}
