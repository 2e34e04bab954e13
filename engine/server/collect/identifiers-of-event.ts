/** Whom an event names, in comparable form, wherever tracking clients put it. */
import { asJsonObject } from '../../contract/event.ts'
import type { Identifier } from '../../contract/item.ts'
import { readIdentifier } from '../../identity/normalise-identifier.ts'

const ID_FIELDS = [
  ['userId', 'user_id'],
  ['anonymousId', 'anonymous_id'],
  ['previousId', 'user_id'],
  ['previousId', 'anonymous_id'],
] as const
const CONTACTS = ['email', 'phone'] as const

export function identifiersOfEvent(given: unknown): Identifier[] {
  const event = asJsonObject(given)
  if (!event) return []
  const context = asJsonObject(event['context'])
  const places = [event['traits'], context?.['traits'], event['properties'], context, event]
  const found = ID_FIELDS.flatMap(([field, type]) => readIdentifier(type, event[field]))
  for (const place of places)
    for (const type of CONTACTS) found.push(...readIdentifier(type, asJsonObject(place)?.[type]))
  return found
}
