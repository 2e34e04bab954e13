/** Routes of the privacy officer: people's requests, and everything that is known of one person. */
import { z } from 'zod'
import { jsonSchema } from '../flow.ts'
import { idSchema, listOf, okSchema, pageQuerySchema, timeSchema, type Route } from './route.ts'

const OFFICERS = ['owner', 'privacy_officer'] as const

/** GDPR 15, 20, 16, 18, 21 and 17. */
export const requestKindSchema = z.enum([
  'access',
  'portability',
  'rectification',
  'restriction',
  'objection',
  'erasure',
])
export type RequestKind = z.infer<typeof requestKindSchema>

export const requestStateSchema = z.enum([
  'check_identity',
  'approve',
  'working',
  'done',
  'partly',
  'cancelled',
])
export type RequestState = z.infer<typeof requestStateSchema>

/** How long there is: one month (GDPR 12(3)) or 45 days (CCPA). */
export const lawSchema = z.enum(['gdpr', 'ccpa'])
export type Law = z.infer<typeof lawSchema>

export const identifierInputSchema = z.strictObject({
  /** `email`, `phone`, `user_id`, …; `sha256`, `sha1` and `md5` for digests of an address or number. */
  type: z.string().regex(/^[a-z][a-z0-9_.]{0,63}$/),
  value: z.string().trim().min(1).max(500),
})

export const requestStoreSchema = z.object({
  store: z.string(),
  state: z.enum(['done', 'failed', 'cannot']),
  erased: z.int(),
  /** What is left to be done by hand. */
  left: z.array(z.string()).optional(),
})

export const requestRecipientSchema = z.object({
  recipient: z.string(),
  state: z.enum(['pending', 'told', 'failed', 'cannot']),
  reason: z.string().optional(),
  attempts: z.int(),
  at: timeSchema,
})

export const requestViewSchema = z.object({
  id: idSchema,
  kind: requestKindSchema,
  law: lawSchema,
  state: requestStateSchema,
  mode: z.enum(['erase', 'anonymise']),
  /** Masked; gone once the person is erased. */
  subject: z.string(),
  receivedAt: timeSchema,
  receivedBy: z.string(),
  dueAt: timeSchema,
  extended: z.boolean(),
  overdue: z.boolean(),
  finishedAt: timeSchema.optional(),
  /** Whether anybody by these identifiers is known here. */
  known: z.boolean().optional(),
  needsApproval: z.boolean(),
  stores: z.array(requestStoreSchema),
  recipients: z.array(requestRecipientSchema),
  history: z.array(
    z.object({ at: timeSchema, who: z.string(), what: z.string(), note: z.string() }),
  ),
})
export type RequestView = z.infer<typeof requestViewSchema>

export const requestCreateSchema = z.strictObject({
  kind: requestKindSchema,
  law: lawSchema.default('gdpr'),
  identifiers: z.array(identifierInputSchema).min(1).max(20),
  /** Of erasure. */
  mode: z.enum(['erase', 'anonymise']).default('erase'),
  /** Of objection; `*` for all. */
  purpose: z
    .string()
    .regex(/^(\*|[a-z][a-z0-9_]{0,63})$/)
    .default('*'),
  /** Of rectification: traits with their right values. */
  corrections: z.record(z.string().min(1).max(256), jsonSchema).default({}),
  needsApproval: z.boolean().default(false),
})
export type RequestCreate = z.output<typeof requestCreateSchema>

const noteSchema = z.string().trim().max(500).default('')
export const requestActionSchema = z.enum([
  'confirm_identity',
  'approve',
  'extend',
  'cancel',
  'retry',
])
export type RequestAction = z.infer<typeof requestActionSchema>

const whereFromSchema = z.object({
  source: z.string(),
  at: z.string(),
  flow: z.string().optional(),
  flowVersion: z.int().optional(),
  /** Who received it. */
  recipients: z.array(z.string()),
})
export const personReportSchema = z.object({
  madeAt: timeSchema,
  controller: z.object({ name: z.string(), address: z.string(), contact: z.string() }),
  profileIds: z.array(z.string()),
  identifiers: z.array(
    z.object({ type: z.string(), value: z.string(), firstSeen: z.string(), lastSeen: z.string() }),
  ),
  fields: z.array(whereFromSchema.extend({ name: z.string(), value: jsonSchema })),
  audiences: z.array(z.object({ key: z.string(), since: z.string(), why: z.string() })),
  consents: z.array(
    z.object({
      purpose: z.string(),
      state: z.string(),
      kind: z.string(),
      at: z.string(),
      source: z.string().optional(),
    }),
  ),
  recipients: z.array(
    z.object({
      recipient: z.string(),
      flow: z.string(),
      flowVersion: z.int(),
      fields: z.array(z.string()),
      purposes: z.array(z.object({ purpose: z.string(), basis: z.string() })),
      firstAt: timeSchema,
      lastAt: timeSchema,
      times: z.int(),
    }),
  ),
  /** The newest; `eventCount` counts all. */
  events: z.array(
    z.object({
      time: timeSchema,
      type: z.string(),
      name: z.string(),
      source: z.string(),
      properties: z.record(z.string(), jsonSchema),
    }),
  ),
  eventCount: z.int(),
  /** How long what is kept. */
  retention: z.array(z.object({ what: z.string(), days: z.int().optional() })),
})
export type PersonReport = z.infer<typeof personReportSchema>

export const requestsRoutes = {
  requestList: {
    method: 'GET',
    path: '/api/privacy/requests',
    summary: "People's requests, newest first",
    access: OFFICERS,
    query: pageQuerySchema.extend({
      state: requestStateSchema.optional(),
      kind: requestKindSchema.optional(),
    }),
    answer: listOf(requestViewSchema),
  },
  requestCreate: {
    method: 'POST',
    path: '/api/privacy/requests',
    summary: 'Take in a request of a person',
    access: OFFICERS,
    body: requestCreateSchema,
    answer: requestViewSchema,
  },
  requestRead: {
    method: 'GET',
    path: '/api/privacy/requests/:id',
    summary: 'One request with its state in each store and at each recipient',
    access: OFFICERS,
    answer: requestViewSchema,
  },
  requestAct: {
    method: 'POST',
    path: '/api/privacy/requests/act',
    summary: 'Confirm the identity, approve, extend, cancel or try again, for one or many requests',
    access: OFFICERS,
    body: z.strictObject({
      ids: z.array(idSchema).min(1).max(200),
      action: requestActionSchema,
      note: noteSchema,
    }),
    answer: z.object({
      items: z.array(z.object({ id: idSchema, ok: z.boolean(), message: z.string().optional() })),
    }),
  },
  requestAnswer: {
    method: 'GET',
    path: '/api/privacy/requests/:id/answer',
    summary: 'The copy for the person: JSON, or a page that can be read and printed',
    access: OFFICERS,
    reveals: true,
    query: z.strictObject({ format: z.enum(['json', 'html']).default('json') }),
    answers: 'file',
    answer: z.unknown(),
  },
  requestEvidence: {
    method: 'GET',
    path: '/api/privacy/requests/:id/evidence',
    summary: 'What was done for a request, when and by whom, as proof; holds no personal data',
    access: OFFICERS,
    answers: 'file',
    answer: z.unknown(),
  },
  findMyData: {
    method: 'POST',
    path: '/api/privacy/find-my-data',
    summary: 'Everything known of one person: each field, where from, and who received it',
    access: OFFICERS,
    body: identifierInputSchema,
    answer: z.object({ report: personReportSchema.optional() }),
  },
  suppressionLift: {
    method: 'POST',
    path: '/api/privacy/suppressions/lift',
    summary: 'Let an erased person come back as a new one, at their own wish',
    access: OFFICERS,
    body: z.strictObject({ identifiers: z.array(identifierInputSchema).min(1).max(20) }),
    answer: okSchema.extend({ lifted: z.int() }),
  },
} as const satisfies Record<string, Route>
