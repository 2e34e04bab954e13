/** What a signal of a browser, a consent platform or an event says of one purpose. */
import type { ConsentEntry } from '../../contract/profile.ts'

export interface ConsentSignal {
  purpose: string
  state: 'granted' | 'denied'
  kind: ConsentEntry['kind']
  /** When the person decided, as far as the signal tells, ISO 8601 UTC. */
  at: string
  /** Where it was read: `segment`, `rudderstack`, `google_consent_mode`, `tcf`, `gpp`, `gpc`. */
  source: string
  /** The signal as received, cut to what fits into a ledger entry. */
  proof: string
}

/** How the workspace reads signals; all parts have defaults, see `defaultSignalPolicy`. */
export interface SignalPolicy {
  /** The workspace's purposes; a signal about any other is ignored. */
  purposes: readonly string[]
  /** Categories of Segment and RudderStack for each purpose; a purpose's own key is always one. */
  categories: Readonly<Record<string, readonly string[]>>
  /** TCF purposes that must all be consented to, for each purpose. */
  tcf: Readonly<Record<string, readonly number[]>>
  /** Keys of Google's consent mode that must all be granted, for each purpose. */
  google: Readonly<Record<string, readonly string[]>>
  /** Purposes a do-not-sell-or-share signal refuses. */
  optOut: readonly string[]
  /** Our id in the IAB's vendor list; without one, vendor consents are not looked at. */
  vendorId?: number
}

export const defaultSignalPolicy: Omit<SignalPolicy, 'purposes'> = {
  categories: {},
  tcf: { ads: [1, 2, 3, 4], analytics: [1, 9], personalisation: [1, 5, 6], profiling: [3, 5] },
  google: {
    ads: ['ad_storage', 'ad_user_data', 'ad_personalization'],
    analytics: ['analytics_storage'],
    personalisation: ['personalization_storage'],
  },
  optOut: ['ads', 'sharing'],
}

/** Strings longer than this are not read at all. */
export const MAX_STRING = 8_192
const MAX_PROOF = 512

export const toProof = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return text.slice(0, MAX_PROOF)
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A property of its own: what a prototype holds says nothing. */
export const own = (value: unknown, key: string): unknown =>
  isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined
