/** One person under one stable id, as stored and as read. */
import type { Identifier } from './item.ts'
import type { Json } from './json.ts'

/** A trait with where it came from. `at` is the time the value was true, ISO 8601 UTC. */
export interface Trait {
  value: Json
  source: string
  flow?: string
  flowVersion?: number
  at: string
  /** How often each value (as JSON text) was seen; kept for `most_frequent` traits only. */
  counts?: Record<string, number>
}

export type ConsentStateName = 'granted' | 'denied' | 'withdrawn' | 'objected'

export interface ConsentEntry {
  purpose: string
  state: ConsentStateName
  kind: 'explicit' | 'gpc' | 'tcf' | 'gpp' | 'objection' | 'restriction' | 'default'
  at: string
  expiresAt?: string
  basis?: string
  source?: string
  noticeVersion?: string
  jurisdiction?: string
  /** Language of the text the person was shown, BCP 47. */
  language?: string
  /** How the choice reached us: `form`, `event`, `import`, `api`, `preference_page`, `signal`. */
  method?: string
  /** What can be shown as evidence: the signal as received, a form's id, a person who took a call. */
  proof?: string
  /** The verified identifier the choice was made under, as `type:value` or its digest. */
  verifiedBy?: string
}

export interface ProfileIdentifier extends Identifier {
  firstSeen: string
  lastSeen: string
}

export interface Profile {
  profileId: string
  identifiers: ProfileIdentifier[]
  traits: Record<string, Trait>
  /** Fold of the ledger, by purpose. */
  consent: Record<string, ConsentEntry>
  /** By audience id: since when. */
  audiences: Record<string, { since: string }>
  createdAt: string
  updatedAt: string
  version: number
}
