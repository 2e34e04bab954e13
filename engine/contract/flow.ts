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

const placeSchema = z.strictObject({ x: z.number(), y: z.number() })

/** Colours of notes and groups, by name, so that both themes can have their own shade. */
export const tintSchema = z.enum(['yellow', 'green', 'blue', 'pink', 'grey'])
export type Tint = z.infer<typeof tintSchema>

/** A text beside the steps; it does nothing. */
export const noteSchema = z.strictObject({
  id: idSchema,
  text: z.string().max(4_000),
  tint: tintSchema.default('yellow'),
  position: placeSchema,
  size: z.strictObject({
    width: z.number().min(80).max(2_000),
    height: z.number().min(48).max(2_000),
  }),
})
export type Note = z.infer<typeof noteSchema>

/** Steps shown together under a title; folded, they are drawn as one card. They run as without. */
export const groupSchema = z.strictObject({
  id: idSchema,
  title: z.string().max(120),
  tint: tintSchema.default('blue'),
  nodes: z.array(idSchema).min(1).max(2_000),
  folded: z.boolean().default(false),
})
export type StepGroup = z.infer<typeof groupSchema>

/** Made-up or kept rows put into one step, and what is expected of them; run before publishing. */
export const fixtureSchema = z.strictObject({
  id: idSchema,
  name: z.string().min(1).max(120),
  /** The step whose output the rows stand in for. */
  node: idSchema,
  port: z.string().min(1).max(64),
  rows: z
    .array(z.record(z.string().max(256), jsonSchema))
    .min(1)
    .max(100),
  /** Records that must leave a step by a port; `dropped` counts those it keeps back. */
  expect: z
    .array(
      z.strictObject({
        node: idSchema,
        port: z.string().min(1).max(64),
        count: z.int().min(0),
      }),
    )
    .max(50),
})
export type Fixture = z.infer<typeof fixtureSchema>

export const flowGraphSchema = z.strictObject({
  schemaVersion: z.literal(FLOW_SCHEMA_VERSION).default(FLOW_SCHEMA_VERSION),
  nodes: z.array(flowNodeSchema).max(2_000),
  wires: z.array(wireSchema).max(8_000),
  settings: flowSettingsSchema.default({}),
  notes: z.array(noteSchema).max(200).optional(),
  groups: z.array(groupSchema).max(200).optional(),
  fixtures: z.array(fixtureSchema).max(50).optional(),
})
export type FlowGraph = z.infer<typeof flowGraphSchema>

export const flowNameSchema = z.string().trim().min(1).max(120)

/** Each step lifts a stored graph from the version that is its index + 1 to the next. */
export const flowMigrations: ReadonlyArray<(graph: Record<string, Json>) => Record<string, Json>> =
  []

/** Reads a stored or pasted graph of any known version. Throws a ZodError on anything else. */
export function readFlowGraph(stored: unknown): FlowGraph {
  if (isDeeperThan(stored, MAX_DEPTH)) throw new z.ZodError([tooDeep(stored)])
  const start = z.looseObject({ schemaVersion: z.int().min(1).default(1) }).parse(stored)
  let graph = start as Record<string, Json>
  for (const migrate of flowMigrations.slice(start.schemaVersion - 1)) graph = migrate(graph)
  return flowGraphSchema.parse({ ...graph, schemaVersion: FLOW_SCHEMA_VERSION })
}

/** More than any settings need; what reads them goes as deep as they do. */
const MAX_DEPTH = 100

const tooDeep = (input: unknown): z.core.$ZodIssue => ({
  code: 'custom',
  path: [],
  input,
  message: `The flow holds settings within settings, more than ${MAX_DEPTH} deep. Look for a group of conditions that holds itself.`,
})

/** Looks level by level, so that no depth ends the stack. */
function isDeeperThan(value: unknown, limit: number): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true
    level = level.flatMap((entry) =>
      typeof entry === 'object' && entry !== null ? (Object.values(entry) as unknown[]) : [],
    )
  }
  return false
}
