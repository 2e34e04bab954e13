/** Every route of the JSON API: who may call it, what it takes, what it answers. The server, the
 *  OpenAPI page, the editor's client and the access test are all made from this table. */
import { z } from 'zod'
import { flowGraphSchema, flowNameSchema, jsonSchema } from './flow.ts'
import { problemSchema } from './problem.ts'
import { runStateSchema } from './run.ts'
import { fieldSpecSchema, wireShapeSchema } from './shape.ts'

export const userRoleSchema = z.enum([
  'owner',
  'marketer',
  'operator',
  'engineer',
  'privacy_officer',
])
export type UserRole = z.infer<typeof userRoleSchema>

/** `public`: no session needed. `anyone`: any signed-in user. Otherwise the roles, owner included. */
export type Access = 'public' | 'anyone' | readonly UserRole[]

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Express path; parameters as `:id`. */
  path: string
  summary: string
  access: Access
  query?: z.ZodType
  body?: z.ZodType
  /** The body is raw bytes, of any length up to the server's limit. */
  rawBody?: boolean
  /** A POST that changes nothing, so that it is not audited. */
  reads?: true
  /** A GET that shows people in the clear, so that it is audited. */
  reveals?: true
  answer: z.ZodType
  /** `events`: server-sent events. `file`: bytes to save. */
  answers?: 'json' | 'events' | 'file'
}

const idSchema = z.string().min(1).max(128)
/** Dead letters are named `run:node:item`, which is longer than other ids. */
const letterIdSchema = z.string().min(1).max(512)
const timeSchema = z.iso.datetime()
const okSchema = z.strictObject({ ok: z.literal(true) })
const localeSchema = z.enum(['en', 'zh-CN'])

/** Lists are read page by page: hand `next` back as `cursor`. */
export const pageQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(512).optional(),
})
const listOf = <Schema extends z.ZodType>(items: Schema) =>
  z.object({ items: z.array(items), next: z.string().optional() })

/** Every error answer. `fields` names settings by path, for the form they came from. */
export const apiErrorSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    fix: z.string().optional(),
    fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    problems: z.array(problemSchema).optional(),
    /** The stored thing, when another writer was faster (409). */
    current: z.unknown().optional(),
  }),
})
export type ApiError = z.infer<typeof apiErrorSchema>['error']

export const userViewSchema = z.object({
  id: idSchema,
  name: z.string(),
  email: z.string(),
  roles: z.array(userRoleSchema),
  disabled: z.boolean(),
  locale: localeSchema.optional(),
})
export type UserView = z.infer<typeof userViewSchema>

const passwordSchema = z.string().min(10).max(200)
const emailSchema = z.email().max(254)

export const healthSchema = z.object({
  ok: z.literal(true),
  version: z.string(),
  parts: z.record(z.string(), z.literal('up')),
})

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
  lastRun: z.object({ id: idSchema, state: runStateSchema, startedAt: timeSchema }).optional(),
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

export const analysisSchema = z.object({
  problems: z.array(problemSchema),
  /** Shape of what leaves each node, by port. */
  shapes: z.record(z.string(), z.record(z.string(), wireShapeSchema)),
  /** Shape of what arrives at each node, by port. */
  arrives: z.record(z.string(), z.record(z.string(), wireShapeSchema)),
})
export type Analysis = z.infer<typeof analysisSchema>

const countsSchema = z.object({
  in: z.int(),
  out: z.record(z.string(), z.int()),
  dropped: z.record(z.string(), z.int()),
  failed: z.record(z.string(), z.int()),
  waiting: z.int(),
})

export const previewSchema = z.object({
  counts: z.record(z.string(), countsSchema),
  /** Up to 20 rows that left each node, personal values masked. */
  rows: z.record(z.string(), z.array(z.record(z.string(), jsonSchema))),
  /** What each sending step would have sent; nothing was. */
  payloads: z.record(z.string(), z.array(z.string())),
  sampled: z.int(),
})
export type Preview = z.infer<typeof previewSchema>

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
  stages: z.record(
    z.string(),
    z.object({
      state: z.enum(['waiting', 'running', 'done', 'failed']),
      pages: z.int(),
      pagesDone: z.int(),
    }),
  ),
  counts: z.record(z.string(), countsSchema),
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

export const detectedColumnSchema = fieldSpecSchema.extend({ samples: z.array(z.string()) })
export const fileViewSchema = z.object({
  id: idSchema,
  name: z.string(),
  bytes: z.int(),
  uploadedAt: timeSchema,
  /** What the file looks like: format, and for CSV how it is written. */
  detected: z.object({
    format: z.enum(['csv', 'ndjson', 'json']),
    encoding: z.string(),
    delimiter: z.string().optional(),
    quote: z.string().optional(),
    header: z.boolean().optional(),
    columns: z.array(detectedColumnSchema),
  }),
})
export type FileView = z.infer<typeof fileViewSchema>

const traitViewSchema = z.object({
  value: jsonSchema,
  source: z.string(),
  flowName: z.string().optional(),
  flowVersion: z.int().optional(),
  at: z.string(),
})

export const profileSummarySchema = z.object({
  id: idSchema,
  /** A name or identifier to call the person by, masked like the rest. */
  label: z.string(),
  identifiers: z.array(z.object({ type: z.string(), value: z.string() })),
  updatedAt: timeSchema,
})

export const profileViewSchema = profileSummarySchema.extend({
  masked: z.boolean(),
  createdAt: timeSchema,
  traits: z.record(z.string(), traitViewSchema),
  consent: z.record(
    z.string(),
    z.object({ state: z.string(), at: z.string(), source: z.string().optional() }),
  ),
  audiences: z.array(z.object({ key: z.string(), since: z.string() })),
  events: z.array(
    z.object({
      time: z.string(),
      name: z.string(),
      source: z.string(),
      properties: z.record(z.string(), jsonSchema),
    }),
  ),
  /** What was sent where. */
  disclosures: z.array(
    z.object({
      at: z.string(),
      recipient: z.string(),
      flowName: z.string(),
      fields: z.array(z.string()),
      purposes: z.array(z.string()),
    }),
  ),
})
export type ProfileView = z.infer<typeof profileViewSchema>

export const audienceViewSchema = z.object({
  key: z.string(),
  name: z.string(),
  flowId: idSchema.optional(),
  members: z.int(),
  computedAt: timeSchema.optional(),
})

export const purposeSchema = z.object({
  key: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/),
  name: z.string().min(1).max(120),
  description: z.string().max(500).default(''),
  /** False for purposes that rest on another basis than consent. */
  needsConsent: z.boolean().default(true),
})
export type Purpose = z.infer<typeof purposeSchema>

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

export const tokenViewSchema = z.object({
  id: idSchema,
  name: z.string(),
  roles: z.array(userRoleSchema),
  createdAt: timeSchema,
  lastUsedAt: timeSchema.optional(),
})

export const auditEntrySchema = z.object({
  seq: z.int(),
  at: timeSchema,
  who: z.string(),
  action: z.string(),
  subject: z.string(),
  details: z.record(z.string(), jsonSchema),
})

const EDIT = ['owner', 'marketer', 'engineer'] as const
const OPERATE = ['owner', 'marketer', 'operator', 'engineer'] as const
const PEOPLE = ['owner', 'marketer', 'privacy_officer'] as const

const catalogSchema = z.object({
  entries: z.array(z.unknown()),
  /** Engineers' own node types that could not be loaded, and why. */
  broken: z.array(z.object({ file: z.string(), line: z.int().optional(), reason: z.string() })),
  purposes: z.array(purposeSchema),
})

/** The table. Keys are operation ids. */
export const routes = {
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

  sessionRead: {
    method: 'GET',
    path: '/api/session',
    summary: 'Who is signed in',
    access: 'anyone',
    answer: userViewSchema,
  },
  sessionOpen: {
    method: 'POST',
    path: '/api/session',
    summary: 'Sign in',
    access: 'public',
    body: z.strictObject({ email: emailSchema, password: z.string().min(1).max(200) }),
    answer: userViewSchema,
  },
  sessionClose: {
    method: 'DELETE',
    path: '/api/session',
    summary: 'Sign out',
    access: 'anyone',
    answer: okSchema,
  },
  sessionClaim: {
    method: 'POST',
    path: '/api/session/claim',
    summary: 'Use a one-time link to set a password and sign in',
    access: 'public',
    body: z.strictObject({
      token: z.string().min(16).max(200),
      name: z.string().trim().min(1).max(120),
      email: emailSchema,
      password: passwordSchema,
    }),
    answer: userViewSchema,
  },
  sessionUpdate: {
    method: 'PATCH',
    path: '/api/session',
    summary: 'Change own name or language',
    access: 'anyone',
    body: z.strictObject({
      name: z.string().trim().min(1).max(120).optional(),
      locale: localeSchema.optional(),
    }),
    answer: userViewSchema,
  },

  userList: {
    method: 'GET',
    path: '/api/users',
    summary: 'Users of the workspace',
    access: ['owner'],
    answer: listOf(userViewSchema),
  },
  userInvite: {
    method: 'POST',
    path: '/api/users',
    summary: 'Invite a user; answers with a one-time link',
    access: ['owner'],
    body: z.strictObject({
      name: z.string().trim().min(1).max(120),
      email: emailSchema,
      roles: z.array(userRoleSchema).min(1),
    }),
    answer: z.object({ user: userViewSchema, link: z.string() }),
  },
  userUpdate: {
    method: 'PATCH',
    path: '/api/users/:id',
    summary: 'Change roles or disable',
    access: ['owner'],
    body: z.strictObject({
      roles: z.array(userRoleSchema).min(1).optional(),
      disabled: z.boolean().optional(),
    }),
    answer: userViewSchema,
  },
  userLink: {
    method: 'POST',
    path: '/api/users/:id/link',
    summary: 'A new one-time link, as when a password is forgotten',
    access: ['owner'],
    answer: z.object({ user: userViewSchema, link: z.string() }),
  },
  tokenList: {
    method: 'GET',
    path: '/api/tokens',
    summary: 'API tokens',
    access: ['owner', 'engineer'],
    answer: listOf(tokenViewSchema),
  },
  tokenCreate: {
    method: 'POST',
    path: '/api/tokens',
    summary: 'Make an API token, shown once',
    access: ['owner'],
    body: z.strictObject({
      name: z.string().trim().min(1).max(120),
      roles: z.array(userRoleSchema).min(1),
    }),
    answer: z.object({ token: z.string(), view: tokenViewSchema }),
  },
  tokenDelete: {
    method: 'DELETE',
    path: '/api/tokens/:id',
    summary: 'Revoke an API token',
    access: ['owner'],
    answer: okSchema,
  },

  catalog: {
    method: 'GET',
    path: '/api/catalog',
    summary: 'Node types with their forms',
    access: 'anyone',
    answer: catalogSchema,
  },
  purposesWrite: {
    method: 'PUT',
    path: '/api/purposes',
    summary: 'Purposes data may be used for',
    access: ['owner', 'privacy_officer'],
    body: z.strictObject({ purposes: z.array(purposeSchema).max(100) }),
    answer: z.object({ purposes: z.array(purposeSchema) }),
  },

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
  flowPreview: {
    method: 'POST',
    path: '/api/flows/preview',
    summary: 'Dry run on a sample; sends and writes nothing',
    access: OPERATE,
    body: z.strictObject({ graph: flowGraphSchema, rows: z.int().min(1).max(1_000).default(200) }),
    reads: true,
    answer: previewSchema,
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

  fileUpload: {
    method: 'POST',
    path: '/api/files',
    summary: 'Upload a file; the body is its bytes',
    access: EDIT,
    rawBody: true,
    query: z.strictObject({ name: z.string().min(1).max(255) }),
    answer: fileViewSchema,
  },
  fileList: {
    method: 'GET',
    path: '/api/files',
    summary: 'Uploaded files',
    access: 'anyone',
    query: pageQuerySchema,
    answer: listOf(fileViewSchema),
  },
  fileRead: {
    method: 'GET',
    path: '/api/files/:id',
    summary: 'One uploaded file',
    access: 'anyone',
    answer: fileViewSchema,
  },
  fileDelete: {
    method: 'DELETE',
    path: '/api/files/:id',
    summary: 'Delete an uploaded file',
    access: EDIT,
    answer: okSchema,
  },

  profileSearch: {
    method: 'GET',
    path: '/api/profiles',
    summary: 'People by identifier or name',
    access: 'anyone',
    query: pageQuerySchema.extend({ search: z.string().max(200).optional() }),
    answer: listOf(profileSummarySchema),
  },
  profileRead: {
    method: 'GET',
    path: '/api/profiles/:id',
    summary: 'One person, values masked',
    access: 'anyone',
    answer: profileViewSchema,
  },
  profileReveal: {
    method: 'POST',
    path: '/api/profiles/:id/reveal',
    summary: 'One person in the clear; audited with the reason',
    access: ['owner', 'privacy_officer', 'marketer'],
    body: z.strictObject({ reason: z.string().trim().min(3).max(300) }),
    answer: profileViewSchema,
  },

  audienceList: {
    method: 'GET',
    path: '/api/audiences',
    summary: 'Audiences',
    access: 'anyone',
    query: pageQuerySchema,
    answer: listOf(audienceViewSchema),
  },

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

export type RouteId = keyof typeof routes
