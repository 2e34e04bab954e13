/** Which rule of the policy holds for a person of a region. An unknown region gets the strictest. */
import type { Basis, Policy, PolicyRule } from '../contract/policy.ts'
import type { ConsentPolicy } from './decide-consent.ts'

const EEA: ReadonlySet<string> = new Set(
  (
    'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE ' + 'IS LI NO'
  ).split(' '),
)

/** From the narrowest to the widest. */
export function regionsOf(region: string): string[] {
  const country = region.slice(0, 2)
  return [...new Set([region, country, ...(EEA.has(country) ? ['EEA'] : []), '*'])]
}

const needsConsent = ({ basis }: PolicyRule): boolean => basis === 'consent'

const shorter = (a: PolicyRule, b: PolicyRule): number =>
  (a.validDays || Infinity) - (b.validDays || Infinity)

/** The rule of one purpose; undefined when the policy says nothing, which means consent. */
export function ruleFor(
  { rules }: Pick<Policy, 'rules'>,
  purpose: string,
  region: string | undefined,
): PolicyRule | undefined {
  const mine = rules.filter((rule) => rule.purpose === purpose)
  if (region !== undefined) {
    for (const name of regionsOf(region)) {
      const found = mine.find((rule) => rule.region === name)
      if (found) return found
    }
    return undefined
  }
  // Without a rule for everywhere, somewhere there is none: there consent is needed.
  if (!mine.some((rule) => rule.region === '*')) return undefined
  const strict = mine.filter(needsConsent)
  return (strict.length > 0 ? strict : mine).sort(shorter)[0]
}

export const basisFor = (policy: Pick<Policy, 'rules'>, purpose: string, region?: string): Basis =>
  ruleFor(policy, purpose, region)?.basis ?? 'consent'

/** The policy in the form `decideConsent` takes it, for people of one region. */
export function resolvePolicy(
  policy: Pick<Policy, 'rules'>,
  region: string | undefined,
): ConsentPolicy {
  const defaults: Array<[string, 'granted' | 'denied']> = []
  const validDays: Array<[string, number]> = []
  for (const purpose of new Set(policy.rules.map((rule) => rule.purpose))) {
    const rule = ruleFor(policy, purpose, region)
    if (!rule) continue
    if (!needsConsent(rule)) defaults.push([purpose, 'granted'])
    if (rule.validDays > 0) validDays.push([purpose, rule.validDays])
  }
  return { defaults: Object.fromEntries(defaults), validDays: Object.fromEntries(validDays) }
}
