/** Routes of consent: the policy, people's ledgers, receipts, preference pages, browser signals. */
import { z } from 'zod'
import { consentRecordSchema } from '../consent-record.ts'
import { policySchema } from '../policy.ts'
import { idSchema, listOf, okSchema, PEOPLE, timeSchema, type Route } from './route.ts'
import { purposeSchema } from './workspace.ts'

export const policyViewSchema = policySchema.extend({
  version: z.int(),
  changedAt: timeSchema,
  changedBy: z.string(),
})
export type PolicyView = z.infer<typeof policyViewSchema>

const purposeKeySchema = z.string().regex(/^(\*|[a-z][a-z0-9_]{0,63})$/)

export const consentEntrySchema = z.object({
  id: z.string(),
  purpose: z.string(),
  state: z.enum(['granted', 'denied', 'withdrawn', 'objected']),
  kind: z.string(),
  at: z.string(),
  recordedAt: z.string().optional(),
  expiresAt: z.string().optional(),
  source: z.string().optional(),
  method: z.string().optional(),
  noticeVersion: z.string().optional(),
  language: z.string().optional(),
  jurisdiction: z.string().optional(),
  /** How the recipients of this person's data were told. */
  told: z
    .array(
      z.object({
        recipient: z.string(),
        state: z.enum(['pending', 'told', 'failed', 'cannot']),
        reason: z.string().optional(),
        at: z.string(),
      }),
    )
    .optional(),
})
export type ConsentEntryView = z.infer<typeof consentEntrySchema>

const consentBodySchema = z.strictObject({
  purpose: purposeKeySchema,
  state: z.enum(['granted', 'denied', 'withdrawn', 'objected']),
  /** Freezes all use but storage, or lifts it with `granted`. */
  restriction: z.boolean().default(false),
  at: timeSchema.optional(),
  noticeVersion: z.string().max(200).optional(),
  proof: z.string().max(500).optional(),
  verifiedBy: z.string().max(300).optional(),
  /** Makes a repeat harmless. */
  key: z
    .string()
    .regex(/^[\w.:-]{8,100}$/)
    .optional(),
})

export const consentRoutes = {
  policyRead: {
    method: 'GET',
    path: '/api/privacy/policy',
    summary: 'The privacy policy in force',
    access: 'anyone',
    answer: z.object({ policy: policyViewSchema, purposes: z.array(purposeSchema) }),
  },
  policyWrite: {
    method: 'PUT',
    path: '/api/privacy/policy',
    summary: 'Change the privacy policy; 409 when `base` is stale',
    access: ['owner', 'privacy_officer'],
    body: z.strictObject({ base: z.int().min(0), policy: policySchema }),
    answer: policyViewSchema,
  },
  policyVersions: {
    method: 'GET',
    path: '/api/privacy/policy/versions',
    summary: 'Versions of the privacy policy, newest first',
    access: 'anyone',
    answer: listOf(policyViewSchema),
  },
  consentHistory: {
    method: 'GET',
    path: '/api/profiles/:id/consents',
    summary: "A person's consent ledger, newest first",
    access: 'anyone',
    answer: listOf(consentEntrySchema),
  },
  consentRecord: {
    method: 'POST',
    path: '/api/profiles/:id/consents',
    summary: 'Record a choice; when it answers, no later send passes by a refusal',
    access: PEOPLE,
    body: consentBodySchema,
    answer: okSchema,
  },
  consentReceipts: {
    method: 'GET',
    path: '/api/profiles/:id/receipts',
    summary: "A person's consent records (ISO/IEC TS 27560), one for each purpose",
    access: PEOPLE,
    reveals: true,
    answer: z.object({ items: z.array(consentRecordSchema) }),
  },
  preferenceLink: {
    method: 'POST',
    path: '/api/profiles/:id/preference-link',
    summary: "A signed link to a person's preference page",
    access: PEOPLE,
    answer: z.object({ url: z.string(), expiresAt: timeSchema }),
  },
  preferencePage: {
    method: 'GET',
    path: '/preferences/:token',
    summary: 'The page on which a person sees and changes their consent',
    access: 'public',
    query: z.strictObject({
      lang: z.enum(['en', 'zh-CN']).optional(),
      saved: z.literal('1').optional(),
    }),
    answers: 'page',
    answer: z.unknown(),
  },
  preferenceSave: {
    method: 'POST',
    path: '/preferences/:token',
    summary: 'What the preference page sends',
    access: 'public',
    query: z.strictObject({ lang: z.enum(['en', 'zh-CN']).optional() }),
    formBody: true,
    body: z.record(z.string().max(70), z.string().max(100)),
    answers: 'page',
    answer: z.unknown(),
  },
  gpcSupport: {
    method: 'GET',
    path: '/.well-known/gpc.json',
    summary: 'Tells that Global Privacy Control is honoured',
    access: 'public',
    answer: z.object({ gpc: z.literal(true), lastUpdate: z.string() }),
  },
  signalRead: {
    method: 'GET',
    path: '/api/privacy/signal',
    summary: "Tells a site whether the visitor's opt-out signal was seen and is kept",
    access: 'public',
    query: z.strictObject({ anonymousId: z.string().min(8).max(200).optional() }),
    answer: z.object({
      /** This very request carried `Sec-GPC: 1`. */
      signal: z.boolean(),
      /** It stands in the ledger of the profile with this anonymous id. */
      kept: z.boolean(),
      purposes: z.array(z.string()),
    }),
  },
  profileIdOf: {
    method: 'POST',
    path: '/api/profiles/find-id',
    summary: 'The profile id of an identifier, for recording consent by API',
    access: PEOPLE,
    reads: true,
    body: z.strictObject({ type: z.string().max(64), value: z.string().max(500) }),
    answer: z.object({ id: idSchema.optional() }),
  },
} as const satisfies Record<string, Route>
