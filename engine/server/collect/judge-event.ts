/** The verdict on one event: kept in its normal form, or refused with a reason. Pure. */
import { hash, randomUUID } from 'node:crypto'
import {
  asJsonObject,
  EVENT_BYTES,
  EVENT_DEPTH,
  EVENT_PROPERTIES,
  PARTS,
  receivedEventSchema,
  type EventType,
  type ReceivedEvent,
  type Refusal,
} from '../../contract/event.ts'
import type { Json } from '../../contract/json.ts'

export interface Arrival {
  sourceId: string
  /** Epoch milliseconds. */
  receivedAt: number
  /** When the request as a whole was sent, by the client's clock. */
  sentAt?: Json | undefined
  /** The type the path tells; a batch leaves it to each event. */
  type?: EventType | undefined
  /** Batch-level values that hold for each event that has none of its own. */
  context?: Json | undefined
  integrations?: Json | undefined
  /** Request headers worth keeping, such as Sec-GPC. */
  gpc?: boolean
}

export interface Accepted {
  /** Id in the store: the same for the same message of the same source. */
  id: string
  type: EventType
  name: string
  /** Number that puts all events of one person in one place. */
  part: number
  /** The stored event as JSON. */
  body: string
  properties: Record<string, Json> | undefined
}

export type Judgement = { accepted: Accepted } | { refused: Refusal; messageId?: string }

export function judgeEvent(given: unknown, arrival: Arrival): Judgement {
  const draft = clean(given, arrival)
  if (!draft) return { refused: { code: 'not_an_event' } }
  const messageId = typeof draft['messageId'] === 'string' ? draft['messageId'] : undefined
  const refused = (refusal: Refusal): Judgement => ({
    refused: refusal,
    ...(messageId === undefined ? {} : { messageId: messageId.slice(0, 100) }),
  })
  const parsed = receivedEventSchema.safeParse(draft)
  if (!parsed.success) {
    const path = parsed.error.issues[0]?.path.join('.') ?? ''
    return refused(path === 'type' ? { code: 'unknown_type' } : { code: 'bad_field', detail: path })
  }
  const event = parsed.data
  const missing = whatIsMissing(event) ?? whatIsTooMuch(event, given)
  return missing ? refused(missing) : { accepted: accept(event, arrival) }
}

/** `null` is absent; ids given as numbers are texts; values of the batch fill gaps. */
function clean(given: unknown, arrival: Arrival): Record<string, Json> | undefined {
  const object = asJsonObject(given)
  if (!object) return undefined
  const draft: Record<string, Json> = {}
  for (const key in object) {
    const value = object[key]
    if (value === null || value === undefined || key === 'writeKey' || key === '__proto__') continue
    draft[key] = value
  }
  for (const key of ['userId', 'anonymousId', 'previousId', 'groupId', 'messageId'] as const) {
    const value = draft[key]
    if (typeof value === 'number') draft[key] = String(value)
    if (value === '') delete draft[key]
  }
  if (arrival.type !== undefined) draft['type'] = arrival.type
  for (const key of ['context', 'integrations'] as const) {
    const common = asJsonObject(arrival[key])
    if (common) draft[key] = { ...common, ...asJsonObject(draft[key]) }
  }
  for (const key of ['timestamp', 'originalTimestamp', 'sentAt'] as const) {
    const value = draft[key]
    if (typeof value === 'number') draft[key] = new Date(value).toJSON() ?? ''
  }
  return draft
}

function whatIsMissing(event: ReceivedEvent): Refusal | undefined {
  if (event.type === 'alias')
    return event.previousId && (event.userId ?? event.anonymousId)
      ? undefined
      : { code: 'no_previous_id' }
  if (event.type === 'merge')
    return Array.isArray(event['mergeProperties']) ? undefined : { code: 'no_identity' }
  if (event.userId === undefined && event.anonymousId === undefined) return { code: 'no_identity' }
  if (event.type === 'track' && !event.event) return { code: 'no_event_name' }
  if (event.type === 'group' && event.groupId === undefined) return { code: 'no_group' }
  return undefined
}

function whatIsTooMuch(event: ReceivedEvent, given: unknown): Refusal | undefined {
  for (const key of ['traits', 'properties'] as const)
    if (Object.keys(event[key] ?? {}).length > EVENT_PROPERTIES)
      return { code: 'too_many_properties', detail: key }
  const shape = lookInto(event, 0)
  if (shape) return { code: shape }
  return byteLength(given) > EVENT_BYTES ? { code: 'too_large' } : undefined
}

/** A short text cannot be too large, so that most are never counted byte by byte. */
function byteLength(given: unknown): number {
  const text = JSON.stringify(given)
  return text.length * 3 <= EVENT_BYTES ? 0 : Buffer.byteLength(text)
}

function lookInto(value: object, depth: number): 'too_deep' | 'bad_name' | undefined {
  if (depth > EVENT_DEPTH) return 'too_deep'
  for (const key in value) {
    if (key.includes('\0') || key.startsWith('$')) return 'bad_name'
    const inner = (value as Record<string, unknown>)[key]
    if (typeof inner !== 'object' || inner === null) continue
    const found = lookInto(inner, depth + 1)
    if (found) return found
  }
  return undefined
}

function accept(event: ReceivedEvent, arrival: Arrival): Accepted {
  const messageId = event.messageId ?? randomUUID()
  const { originalTimestamp, timestamp } = correctTime(event, arrival)
  const strongest = event.userId ?? event.anonymousId ?? ''
  const body = JSON.stringify({
    ...event,
    messageId,
    timestamp,
    ...(originalTimestamp === undefined ? {} : { originalTimestamp }),
    receivedAt: new Date(arrival.receivedAt).toISOString(),
    ...(arrival.gpc ? { secGpc: true } : {}),
  })
  return {
    id: hash('sha1', `${arrival.sourceId}\0${messageId}`, 'base64url'),
    type: event.type,
    name: event.event ?? event.name ?? '',
    part: partOf(strongest),
    body,
    properties: (event.type === 'identify' ? event.traits : event.properties) as
      Record<string, Json> | undefined,
  }
}

/** FNV-1a. */
export function partOf(text: string): number {
  let sum = 0x811c9dc5
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193)
  return (sum >>> 0) % PARTS
}

/** The sender's clock may be wrong: what counts is how long before sending the event happened. */
function correctTime(
  event: ReceivedEvent,
  { receivedAt, sentAt }: Arrival,
): { timestamp: string; originalTimestamp?: string } {
  const original = event.originalTimestamp ?? event.timestamp
  const happened = Date.parse(original ?? '')
  const sent = Date.parse(event.sentAt ?? (typeof sentAt === 'string' ? sentAt : ''))
  if (!Number.isFinite(happened)) return { timestamp: new Date(receivedAt).toISOString() }
  const at = Number.isFinite(sent) ? receivedAt - (sent - happened) : happened
  const inRange = Math.abs(at) <= 8.64e15 ? at : receivedAt
  return { timestamp: new Date(inRange).toISOString(), originalTimestamp: original ?? '' }
}
