/**
 * All that an event and its request say about consent. Pure; never throws; never grants on an error.
 *
 *   readEventSignals(event, req.headersDistinct, { ...defaultSignalPolicy, purposes }, now)
 *
 * `event` is the event as received (Segment's form). Read are `context.consent` (Segment),
 * `context.consentManagement` (RudderStack), `context.consentMode` or `context.googleConsent` (Google),
 * `context.tcf` or `context.consent.tcString` (TCF), `context.gpp` or `context.consent.gppString` (GPP),
 * `context.globalPrivacyControl` and the header `Sec-GPC`. `toConsentWrites` makes ledger entries of
 * the outcome, keyed by the event, so that an event that comes twice is recorded once.
 */
import type { ConsentWrite } from '../contract/services.ts'
import { readGoogle, readRudderStack, readSegment, type States } from './signals/read-categories.ts'
import { hasGpc, type SignalHeaders } from './signals/read-gpc.ts'
import { readGpp } from './signals/read-gpp.ts'
import { readTcf } from './signals/read-tcf.ts'
import { own, toProof, type ConsentSignal, type SignalPolicy } from './signals/signal.ts'

export function readEventSignals(
  event: unknown,
  headers: SignalHeaders | undefined,
  policy: SignalPolicy,
  /** Time of receipt, ISO 8601 UTC. */
  now: string,
): ConsentSignal[] {
  try {
    return readAll(event, headers, policy, now)
  } catch {
    // Hostile objects may throw from getters; the header still binds.
    return hasGpc(headers) ? gpcSignals(policy, now) : []
  }
}

function readAll(
  event: unknown,
  headers: SignalHeaders | undefined,
  policy: SignalPolicy,
  now: string,
): ConsentSignal[] {
  const context = own(event, 'context')
  const consent = own(context, 'consent')
  const management = own(context, 'consentManagement')
  const google = own(context, 'consentMode') ?? own(context, 'googleConsent')
  const at = timeOf(event, now)
  const states = (
    found: States | undefined,
    kind: 'explicit' | 'tcf',
    source: string,
    given: unknown,
  ) =>
    [...(found ?? [])].map(([purpose, state]): ConsentSignal => ({
      purpose,
      state,
      kind,
      at,
      source,
      proof: toProof(given),
    }))
  const gpc = hasGpc(headers) || own(context, 'globalPrivacyControl') === true
  return [
    ...states(readSegment(consent, policy), 'explicit', 'segment', consent),
    ...states(readRudderStack(management, policy), 'explicit', 'rudderstack', management),
    // A platform's state, not a choice put to us: it gives way to one.
    ...states(readGoogle(google, policy), 'tcf', 'google_consent_mode', google),
    ...readTcf({ text: stringAt(context, consent, 'tcf', 'tcString'), now, policy }),
    ...readGpp({ text: stringAt(context, consent, 'gpp', 'gppString'), now, policy }),
    ...(gpc ? gpcSignals(policy, at) : []),
  ]
}

/** `context.tcf` as text or as an object that holds it, or the same beside Segment's preferences. */
function stringAt(context: unknown, consent: unknown, name: string, inner: string): unknown {
  const direct = own(context, name)
  return typeof direct === 'string' ? direct : (own(direct, inner) ?? own(consent, inner))
}

const gpcSignals = ({ optOut, purposes }: SignalPolicy, at: string): ConsentSignal[] =>
  optOut
    .filter((purpose) => purposes.includes(purpose))
    .map((purpose) => ({
      purpose,
      state: 'denied',
      kind: 'gpc',
      at,
      source: 'gpc',
      proof: 'Sec-GPC: 1',
    }))

/** The event's own time, unless it cannot be read or lies ahead of ours. */
function timeOf(event: unknown, now: string): string {
  const given = own(event, 'originalTimestamp') ?? own(event, 'timestamp')
  const time = typeof given === 'string' ? Date.parse(given) : NaN
  return time <= Date.parse(now) ? new Date(time).toISOString() : now
}

export function toConsentWrites(
  signals: readonly ConsentSignal[],
  of: { profileId: string; messageId: string; verifiedBy?: string },
): ConsentWrite[] {
  return signals.map(({ purpose, state, kind, at, source, proof }) => ({
    key: `signal:${of.messageId}:${source}:${purpose}`,
    profileId: of.profileId,
    purpose,
    state,
    kind,
    at,
    source,
    proof,
    method: kind === 'explicit' ? 'event' : 'signal',
    ...(of.verifiedBy === undefined ? {} : { verifiedBy: of.verifiedBy }),
  }))
}
