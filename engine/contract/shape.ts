/** What is known about the items on a wire before anything runs. */
import { z } from 'zod'

/** `records`: not yet tied to a person. `people`: every item carries a `profileId`. */
export const wireKindSchema = z.enum(['records', 'people'])
export type WireKind = z.infer<typeof wireKindSchema>

export const fieldTypeSchema = z.enum([
  'text',
  'number',
  'boolean',
  'date',
  'object',
  'list',
  'unknown',
])
export type FieldType = z.infer<typeof fieldTypeSchema>

/** What a field means, where it matters to matching, privacy or formatting. */
export const fieldMeaningSchema = z.enum([
  'email',
  'phone',
  'first_name',
  'last_name',
  'full_name',
  'birth_date',
  'street',
  'city',
  'postcode',
  'country',
  'user_id',
  'anonymous_id',
  'loyalty_id',
  'device_id',
  'order_id',
  'amount',
  'currency',
  'datetime',
  'purpose',
  'consent_state',
])
export type FieldMeaning = z.infer<typeof fieldMeaningSchema>

export const fieldSpecSchema = z.object({
  /** Exact key of `item.fields`, or a dotted path into it. */
  name: z.string().min(1).max(256),
  type: fieldTypeSchema,
  meaning: fieldMeaningSchema.optional(),
  /** True for anything that points at a person. */
  personal: z.boolean().optional(),
  /** True when the value has been hashed and is no longer readable. */
  hashed: z.boolean().optional(),
})
export type FieldSpec = z.infer<typeof fieldSpecSchema>

export const wireShapeSchema = z.object({
  kind: wireKindSchema,
  fields: z.array(fieldSpecSchema),
  /** True when more fields than listed may be there (free-form JSON). */
  open: z.boolean().optional(),
})
export type WireShape = z.infer<typeof wireShapeSchema>

const PERSONAL: ReadonlySet<FieldMeaning> = new Set([
  'email',
  'phone',
  'first_name',
  'last_name',
  'full_name',
  'birth_date',
  'street',
  'postcode',
  'user_id',
  'anonymous_id',
  'loyalty_id',
  'device_id',
])

/** Whether a field of this meaning points at a person. */
export const isPersonal = (meaning: FieldMeaning | undefined): boolean =>
  meaning !== undefined && PERSONAL.has(meaning)
