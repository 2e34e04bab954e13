/** IAB Europe's TCF strings. A string that breaks a rule in force when it was made says nothing: it
 *  neither grants nor refuses. Legitimate interest is never taken for consent. */
import { RestrictionType, TCString, type TCModel } from '@iabtechlabtcf/core'
import { hasSoundLayout } from './check-tcf-layout.ts'
import { MAX_STRING, toProof, type ConsentSignal, type SignalPolicy } from './signal.ts'

export interface TcfInput {
  text: unknown
  /** Time of reading, ISO 8601. */
  now: string
  policy: SignalPolicy
  kind?: 'tcf' | 'gpp'
}

/** TCF 2.2: policy version 4 from this day on. */
const POLICY_4 = Date.UTC(2023, 8, 30)
/** TCF 2.3: policy version 5 and the disclosed vendors from this day on. */
const POLICY_5 = Date.UTC(2026, 1, 28)
/** The policies: people are asked again after 13 months at the latest. */
export const LONGEST_MS = 396 * 86_400_000
/** Clocks of browsers go wrong; this much in the future is taken for now. */
const SKEW_MS = 5 * 60_000

const SEGMENTS = /^C[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){0,3}$/
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

export function readTcf(input: TcfInput): ConsentSignal[] {
  try {
    return readValid(input)
  } catch {
    // Decoders throw many kinds of things at broken strings; none of them is a choice.
    return []
  }
}

function readValid({ text, now, policy, kind = 'tcf' }: TcfInput): ConsentSignal[] {
  if (typeof text !== 'string' || text.length > MAX_STRING || !hasKnownSegments(text)) return []
  if (!hasSoundLayout(text)) return []
  const model = TCString.decode(text)
  if (!isValid(model, text, Date.parse(now))) return []
  const at = new Date(Math.min(Date.parse(now), model.lastUpdated.getTime())).toISOString()
  return policy.purposes.flatMap((purpose): ConsentSignal[] => {
    const needed = Object.hasOwn(policy.tcf, purpose) ? policy.tcf[purpose] : undefined
    if (!needed || needed.length === 0) return []
    const state = needed.every((id) => allows(model, id, policy)) ? 'granted' : 'denied'
    return [{ purpose, state, kind, at, source: kind, proof: toProof(text) }]
  })
}

/** One core segment first, then each optional one at most once; its kind is in its first 3 bits. */
function hasKnownSegments(text: string): boolean {
  if (!SEGMENTS.test(text)) return false
  const kinds = text
    .split('.')
    .slice(1)
    .map((segment) => ALPHABET.indexOf(segment.charAt(0)) >> 3)
  return new Set(kinds).size === kinds.length && kinds.every((kind) => kind >= 1 && kind <= 3)
}

const hasDisclosedVendors = (text: string): boolean =>
  text
    .split('.')
    .slice(1)
    .some((segment) => ALPHABET.indexOf(segment.charAt(0)) >> 3 === 1)

function isValid(model: TCModel, text: string, now: number): boolean {
  const created = model.created.getTime()
  const updated = model.lastUpdated.getTime()
  const policyVersion = Number(model.policyVersion)
  if (model.version !== 2 || !(policyVersion >= 2)) return false
  if (!(created <= now + SKEW_MS) || !(updated <= now + SKEW_MS) || !(updated >= created))
    return false
  if (now - updated > LONGEST_MS) return false
  if (created >= POLICY_4 && policyVersion < 4) return false
  return created < POLICY_5 || (policyVersion >= 5 && hasDisclosedVendors(text))
}

function allows(model: TCModel, purpose: number, { vendorId }: SignalPolicy): boolean {
  if (!model.purposeConsents.has(purpose) || isRestricted(model, purpose, vendorId)) return false
  return vendorId === undefined || model.vendorConsents.has(vendorId)
}

/** A publisher may forbid a purpose: to our vendor, or to anybody when we are none. */
function isRestricted(model: TCModel, purpose: number, vendorId: number | undefined): boolean {
  return model.publisherRestrictions
    .getRestrictions(vendorId)
    .some(
      (restriction) =>
        Number(restriction.purposeId) === purpose &&
        restriction.restrictionType === RestrictionType.NOT_ALLOWED,
    )
}
