/** Routes of profiles and audiences. */
import { z } from 'zod'
import { jsonSchema } from '../flow.ts'
import { type Route, idSchema, timeSchema, pageQuerySchema, listOf } from './route.ts'

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
  /** Rounded to tens, and 0 when `small`: no single person's coming or going shows. */
  members: z.int(),
  /** Fewer than 20. */
  small: z.boolean(),
  computedAt: timeSchema.optional(),
})

export const profilesRoutes = {
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
} as const satisfies Record<string, Route>
