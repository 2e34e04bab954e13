/** Where an event departs from its source's tracking plan. Pure. */
import type { TrackingPlan } from '../../contract/api/sources.ts'
import type { Refusal } from '../../contract/event.ts'
import type { Json } from '../../contract/json.ts'
import type { Accepted } from './judge-event.ts'

export type PlanVerdict = { verdict: 'warn' | 'refuse'; refusal: Refusal } | undefined

export function checkPlan(plan: TrackingPlan | undefined, event: Accepted): PlanVerdict {
  if (!plan || event.type !== 'track') return undefined
  const rule = plan.events.find(({ name }) => name === event.name)
  if (!rule)
    return plan.onUnplanned === 'allow'
      ? undefined
      : { verdict: plan.onUnplanned, refusal: { code: 'unplanned_event' } }
  for (const { name, type, required } of rule.properties) {
    const value = event.properties?.[name]
    const isMissing = value === undefined || value === null
    if (isMissing ? required : type !== 'any' && kindOf(value) !== type)
      return { verdict: plan.onBreach, refusal: { code: 'against_plan', detail: name } }
  }
  return undefined
}

export const kindOf = (value: Json): string =>
  Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value
