/** A live event as the fields of a record: what the client sent, and who it is about. */
import type { Fields, Json } from '../../engine/contract/json.ts'
import { asJsonObject } from '../../engine/contract/event.ts'
import type { FieldSpec } from '../../engine/contract/shape.ts'
import { isSet, toText } from './field-path.ts'

type Named = { type: string; value: Json }

/** The fields every event may have; `open`, as clients add their own. */
export const EVENT_FIELDS: readonly FieldSpec[] = [
  { name: 'type', type: 'text' },
  { name: 'name', type: 'text' },
  { name: 'timestamp', type: 'date', meaning: 'datetime' },
  { name: 'userId', type: 'text', meaning: 'user_id', personal: true },
  { name: 'anonymousId', type: 'text', meaning: 'anonymous_id', personal: true },
  { name: 'email', type: 'text', meaning: 'email', personal: true },
  { name: 'phone', type: 'text', meaning: 'phone', personal: true },
  { name: 'identifiers', type: 'list', personal: true },
  { name: 'traits', type: 'object', personal: true },
  { name: 'properties', type: 'object' },
  { name: 'groupId', type: 'text' },
  { name: 'context', type: 'object', personal: true },
  { name: 'messageId', type: 'text' },
  { name: 'receivedAt', type: 'date' },
]

/**
 * Traits of a person are those of an identify call, else those its context repeats; a group's own are
 * properties. Identifiers are read where Segment Unify reads them by default.
 */
export function eventFields(event: Fields): Fields {
  const context = asJsonObject(event['context']) ?? {}
  const own = asJsonObject(event['traits']) ?? {}
  const isGroup = event['type'] === 'group'
  const traits = {
    ...asJsonObject(context['traits']),
    ...(isGroup ? {} : own),
  }
  const properties = isGroup ? own : (asJsonObject(event['properties']) ?? {})
  const fields: Fields = {
    ...event,
    name: nameOf(event),
    traits,
    properties,
    identifiers: identifiersOf(event, context),
  }
  for (const key of ['email', 'phone']) {
    const value = traits[key] ?? properties[key]
    if (isSet(value)) fields[key] = value
  }
  return fields
}

/** What the timeline calls it. */
function nameOf({ type, event, name }: Fields): string {
  if (typeof event === 'string' && event !== '') return event
  if (typeof name === 'string' && name !== '') return name
  return TITLES[toText(type)] ?? toText(type)
}

const TITLES: Readonly<Record<string, string>> = {
  identify: 'Identified',
  page: 'Page viewed',
  screen: 'Screen viewed',
  group: 'Joined a group',
  alias: 'Alias',
  merge: 'Merge',
}

/** Identifiers besides userId, anonymousId, email and phone, which have fields of their own. */
function identifiersOf(event: Fields, context: Fields): Json {
  const device = asJsonObject(context['device']) ?? {}
  const isTracked = device['adTrackingEnabled'] === true
  const platform = platformOf(device['type'])
  const found: Named[] = [
    // The id a client had before it knew the person is an anonymous one.
    ...(event['type'] === 'alias' ? named('anonymous_id', event['previousId']) : []),
    ...(platform
      ? [
          ...named(`${platform}.id`, device['id']),
          ...named(`${platform}.push_token`, device['token']),
          ...(isTracked ? named(`${platform}.idfa`, device['advertisingId']) : []),
        ]
      : []),
    ...external(context['externalIds']),
    ...(event['type'] === 'merge' ? listed(event['mergeProperties']) : []),
  ]
  return found.map(({ type, value }) => ({ type, value }))
}

const named = (type: string, value: Json | undefined): Named[] =>
  isSet(value) ? [{ type, value }] : []

function platformOf(type: Json | undefined): 'android' | 'ios' | undefined {
  if (typeof type !== 'string') return undefined
  const known = type.toLowerCase()
  return known === 'android' || known === 'ios' ? known : undefined
}

/** `context.externalIds`: all four parts are due; those of accounts are not the person's. */
function external(value: Json | undefined): Named[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((entry) => {
    const { id, type, collection, encoding } = asJsonObject(entry) ?? {}
    return collection === 'users' && encoding === 'none' && typeof type === 'string'
      ? named(type, id)
      : []
  })
}

function listed(value: Json | undefined): Named[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((entry) => {
    const { type, value: id } = asJsonObject(entry) ?? {}
    return typeof type === 'string' ? named(KINDS[type] ?? type, id) : []
  })
}

/** RudderStack's names of our kinds. */
const KINDS: Readonly<Record<string, string>> = {
  userId: 'user_id',
  anonymousId: 'anonymous_id',
}
