/** Consent objects in events: Segment's category preferences and RudderStack's consent ids. A purpose
 *  is granted only when every category it stands for is; one that is missing counts as refused. */
import { isRecord, own, type SignalPolicy } from './signal.ts'

export type States = Map<string, 'granted' | 'denied'>

const categoriesOf = (purpose: string, { categories }: SignalPolicy): readonly string[] => {
  const listed = Object.hasOwn(categories, purpose) ? categories[purpose] : undefined
  return listed && listed.length > 0 ? listed : [purpose]
}

/**
 * `context.consent`. An object without preferences refuses all purposes that are mapped: Segment's own
 * pages contradict each other there, and strict is the safe reading. Anything but an object says
 * nothing.
 */
export function readSegment(consent: unknown, policy: SignalPolicy): States | undefined {
  if (!isRecord(consent)) return undefined
  const given = own(consent, 'categoryPreferences')
  if (given === undefined && Object.keys(consent).length > 0) return undefined
  if (given !== undefined && !isRecord(given)) return undefined
  const states: States = new Map()
  for (const purpose of policy.purposes) {
    const needed = categoriesOf(purpose, policy)
    const mapped = Object.hasOwn(policy.categories, purpose)
    const told = needed.filter((category) => own(given, category) !== undefined)
    if (!mapped && told.length === 0) continue
    const all = needed.every((category) => own(given, category) === true)
    states.set(purpose, all ? 'granted' : 'denied')
  }
  return states
}

const textsOf = (value: unknown): Set<string> =>
  new Set(Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [])

/** `context.consentManagement`. An id that is both allowed and denied is denied. */
export function readRudderStack(given: unknown, policy: SignalPolicy): States | undefined {
  if (!isRecord(given)) return undefined
  const allowed = textsOf(own(given, 'allowedConsentIds'))
  const denied = textsOf(own(given, 'deniedConsentIds'))
  const any = own(given, 'resolutionStrategy') === 'or'
  const states: States = new Map()
  for (const purpose of policy.purposes) {
    const ids = categoriesOf(purpose, policy)
    const isDenied = (id: string): boolean => denied.has(id)
    const isAllowed = (id: string): boolean => allowed.has(id) && !denied.has(id)
    if (any ? ids.every(isDenied) : ids.some(isDenied)) states.set(purpose, 'denied')
    else if (any ? ids.some(isAllowed) : ids.every(isAllowed)) states.set(purpose, 'granted')
  }
  return states
}

/** Google's consent mode: a missing key is not consent. */
export function readGoogle(given: unknown, policy: SignalPolicy): States | undefined {
  if (!isRecord(given)) return undefined
  const known = Object.values(policy.google).flat()
  if (!known.some((key) => own(given, key) !== undefined)) return undefined
  const states: States = new Map()
  for (const purpose of policy.purposes) {
    const keys = Object.hasOwn(policy.google, purpose) ? policy.google[purpose] : undefined
    if (!keys || keys.length === 0) continue
    const all = keys.every((key) => /^granted$/i.test(String(own(given, key))))
    states.set(purpose, all ? 'granted' : 'denied')
  }
  return states
}
