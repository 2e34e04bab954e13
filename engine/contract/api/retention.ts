/** Routes of retention: how long which data is kept. */
import { z } from 'zod'
import { type Route } from './route.ts'

export const retentionRuleSchema = z
  .strictObject({
    what: z.enum(['events', 'disclosures', 'dead_letters', 'requests']),
    days: z.int().min(1).max(36_500),
    /** Of events only: those of one source. */
    source: z.string().min(1).max(200).optional(),
    /** Of notes on who received what only: those for one purpose. */
    purpose: z.string().min(1).max(64).optional(),
  })
  .refine(({ what, source }) => source === undefined || what === 'events', {
    message: 'Only events are told apart by their source.',
    path: ['source'],
  })
  .refine(({ what, purpose }) => purpose === undefined || what === 'disclosures', {
    message: 'Only notes on who received what are told apart by purpose.',
    path: ['purpose'],
  })
export type RetentionRule = z.infer<typeof retentionRuleSchema>
export const retentionRulesSchema = z.array(retentionRuleSchema).max(200)

const answer = z.object({ rules: retentionRulesSchema })

export const retentionRoutes = {
  retentionRead: {
    method: 'GET',
    path: '/api/privacy/retention',
    summary: 'How long which data is kept, beside what always goes after some days',
    access: 'anyone',
    answer,
  },
  retentionWrite: {
    method: 'PUT',
    path: '/api/privacy/retention',
    summary: 'Change how long which data is kept; what is past its time goes within the hour',
    access: ['owner', 'privacy_officer'],
    body: z.strictObject({ rules: retentionRulesSchema }),
    answer,
  },
} as const satisfies Record<string, Route>
