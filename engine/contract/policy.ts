/** What the workspace promises people: for each purpose, and where the law differs for each region,
 *  on which basis data is used, what holds until a person decides, and for how long a yes counts. */
import { z } from 'zod'

/** `opt_out`: allowed until the person says no, as in most states of the US. Otherwise GDPR's six. */
export const basisSchema = z.enum([
  'consent',
  'opt_out',
  'legitimate_interest',
  'contract',
  'legal_obligation',
  'public_task',
  'vital_interest',
])
export type Basis = z.infer<typeof basisSchema>

/** `*`, a group (`EEA`), a country (`DE`), or a part of one (`US-CA`). */
export const policyRegionSchema = z
  .string()
  .regex(/^(\*|EEA|[A-Z]{2}(-[A-Z0-9]{1,3})?)$/, 'Use a country such as DE, US-CA, EEA or *.')

export const policyRuleSchema = z.strictObject({
  purpose: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/),
  region: policyRegionSchema,
  basis: basisSchema,
  /** Days a yes counts; 0: until it is withdrawn. */
  validDays: z.int().min(0).max(36_500).default(0),
})
export type PolicyRule = z.infer<typeof policyRuleSchema>

/** What people are shown when they decide, by language. */
export const policyTextSchema = z.strictObject({
  purpose: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/),
  language: z.enum(['en', 'zh-CN']),
  title: z.string().trim().min(1).max(120),
  text: z.string().trim().max(2_000),
})
export type PolicyText = z.infer<typeof policyTextSchema>

export const controllerSchema = z.strictObject({
  name: z.string().trim().max(200).default(''),
  address: z.string().trim().max(500).default(''),
  contact: z.string().trim().max(200).default(''),
})

export const policySchema = z.strictObject({
  rules: z.array(policyRuleSchema).max(500).default([]),
  texts: z.array(policyTextSchema).max(500).default([]),
  controller: controllerSchema.default({ name: '', address: '', contact: '' }),
  /** Where data is stored, as told in receipts. */
  storage: z.string().trim().max(200).default(''),
  /** Traits that tell of health, belief, origin and the like (GDPR 9). */
  sensitiveTraits: z.array(z.string().min(1).max(256)).max(500).default([]),
})
export type Policy = z.infer<typeof policySchema>

/** One version of the policy: kept for good, so that a record can be read against its own text. */
export interface PolicyVersion extends Policy {
  version: number
  changedAt: string
  changedBy: string
}
