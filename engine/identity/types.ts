/**
 * The shapes identity resolution works on: an identifier and the rules of a workspace.
 * Plain JSON; the schema is the only definition, types are inferred.
 */
import { z } from 'zod'

/** `type:value`; the value is already normalised (see normalise-identifier.ts). */
export const identifierSchema = z.object({ type: z.string().min(1), value: z.string().min(1) })
export type Identifier = z.infer<typeof identifierSchema>

/** How far back values of one kind count against its limit; rolling 7, 30 or 365 days. */
export const limitWindowSchema = z.enum(['ever', 'monthly', 'weekly', 'annually'])
export type LimitWindow = z.infer<typeof limitWindowSchema>

/** One kind of identifier. Priority 1 ranks highest. Blocked lists add to those of all kinds. */
export const identifierKindSchema = z.object({
  type: z.string().min(1),
  limit: z.int().min(1),
  window: limitWindowSchema.optional(),
  priority: z.int().min(1),
  blocked: z.array(z.string()).optional(),
  blockedPatterns: z.array(z.string()).optional(),
})
export type IdentifierKind = z.infer<typeof identifierKindSchema>

export const identityRulesSchema = z.object({
  kinds: z.array(identifierKindSchema),
  /** Compared without regard to case. */
  blockedValues: z.array(z.string()),
  /** RE2 syntax, so that no pattern can be slow. */
  blockedPatterns: z.array(z.string()),
  /** Merges one profile may have taken part in. */
  maxMerges: z.int().min(0),
  /** Identifiers one profile may hold. */
  maxIdentifiers: z.int().min(1),
  /** Two profiles that each hold a `user_id` are never joined, whatever the limits say. */
  protectKnownUsers: z.boolean(),
  /** ISO 3166-1 alpha-2, for phone numbers written without a country code. */
  defaultRegion: z.string().length(2).optional(),
})
export type IdentityRules = z.infer<typeof identityRulesSchema>

/** Segment Unify's published defaults; kinds not listed rank alphabetically after these, limit 5. */
export const defaultIdentityRules: IdentityRules = {
  kinds: [
    { type: 'user_id', limit: 1, window: 'ever', priority: 1 },
    { type: 'email', limit: 5, window: 'ever', priority: 2 },
  ],
  blockedValues: ['-1', 'null', 'anonymous', 'undefined', 'none', 'nan', 'n/a', 'test@test.com'],
  blockedPatterns: ['^[0-]*$'],
  maxMerges: 100,
  maxIdentifiers: 1_000,
  protectKnownUsers: true,
}

/** The kind whose presence makes a profile a known user. */
export const knownUserKind = 'user_id'

/** Limit of a kind the rules do not list. */
export const defaultKindLimit = 5

/** An identifier as a stored profile holds it. */
export type HeldIdentifier = Identifier & {
  /** When the profile received it, epoch milliseconds; counts for windowed limits. */
  at: number
}

/** What resolution needs to know of a stored profile. */
export type OwnerProfile = {
  profileId: string
  /** Epoch milliseconds; of two merged profiles the older keeps its id. */
  createdAt: number
  identifiers: HeldIdentifier[]
  /** How many merges it has taken part in. */
  merges: number
  /** Profiles a person took it apart from. */
  apart?: readonly string[]
}

/** Why an identifier of an event was set aside. The order is the code stored by a batch. */
export const demotionReasons = [
  'blocked_value',
  'limit_reached',
  'known_users',
  'merge_cap',
  'identifier_cap',
  'kept_apart',
] as const
export type DemotionReason = (typeof demotionReasons)[number]

export const demotionSentences: Record<DemotionReason, string> = {
  blocked_value: 'The value is on the block list, so it stays in the event but identifies nobody.',
  limit_reached: 'The profile would hold more values of a kind than its limit allows.',
  known_users: 'It would have joined two known users; their profiles stay apart.',
  merge_cap: 'The profile has been merged as often as the rules allow.',
  identifier_cap: 'The profile holds as many identifiers as the rules allow.',
  kept_apart: 'Somebody took these two people apart, so they are not joined again.',
}
