/** One thing that happened, as tracking clients send it (Segment's wire format) and as it is kept. */
import { z } from 'zod'
import type { Fields, Json } from './json.ts'

export const EVENT_TYPES = [
  'identify',
  'track',
  'page',
  'screen',
  'group',
  'alias',
  'merge',
] as const
export type EventType = (typeof EVENT_TYPES)[number]

/** Bytes of JSON one event may have. */
export const EVENT_BYTES = 32 * 1024
/** Bytes of one request, after it was inflated. */
export const BATCH_BYTES = 500 * 1024
/** Events of one request. */
export const BATCH_EVENTS = 2_500
/** Traits or properties of one event. */
export const EVENT_PROPERTIES = 300
/** How deep values may stand in each other. */
export const EVENT_DEPTH = 40
/** How many places events are spread over, by person; a live run takes them in shares. */
export const PARTS = 64
/** A second event with the same `messageId` within this time is the first one sent again. */
export const DEDUPE_DAYS = 7

const id = z.string().max(500)
const object = z.looseObject({})
/** Any ISO 8601 form; what cannot be read as a time counts as absent. */
const time = z.string().max(64)

/** The shape on the wire, `null` taken for absent. Keys it does not name pass through as they are. */
export const receivedEventSchema = z.looseObject({
  type: z.enum(EVENT_TYPES),
  messageId: z.string().min(1).max(100).optional(),
  userId: id.optional(),
  anonymousId: id.optional(),
  previousId: id.optional(),
  groupId: id.optional(),
  event: z.string().max(500).optional(),
  name: z.string().max(500).optional(),
  timestamp: time.optional(),
  originalTimestamp: time.optional(),
  sentAt: time.optional(),
  context: object.optional(),
  integrations: object.optional(),
  traits: object.optional(),
  properties: object.optional(),
})
export type ReceivedEvent = z.infer<typeof receivedEventSchema>

/** As kept: with an id, the source, and times corrected for the sender's clock. */
export interface StoredEvent extends Fields {
  messageId: string
  type: EventType
  /** When it happened by our clock: receivedAt − (sentAt − originalTimestamp). ISO 8601 UTC. */
  timestamp: string
  receivedAt: string
}

/** Why an event was refused, with what to do. */
export const REFUSALS = {
  not_an_event: 'It is not a JSON object. Send one object for each event.',
  unknown_type: 'Its type is none of identify, track, page, screen, group and alias.',
  no_identity: 'It names nobody. Give it a userId or an anonymousId.',
  no_event_name: 'A track call needs the name of the event in "event".',
  no_group: 'A group call needs a groupId.',
  no_previous_id: 'An alias call needs a previousId and a userId.',
  bad_field: 'A field is not of the kind it should be.',
  too_large: 'It is larger than 32 KB. Leave out what is not needed.',
  too_many_properties: 'It has more than 300 traits or properties.',
  too_deep: 'Its values stand too deep in each other. Flatten them.',
  too_many_events: 'The request held more than 2,500 events; this one was beyond them.',
  bad_name: 'A field name holds a character that cannot be stored.',
  unplanned_event: 'The tracking plan of the source does not know this event.',
  against_plan: 'It does not fit the tracking plan of the source.',
} as const
export type RefusalCode = keyof typeof REFUSALS

export interface Refusal {
  code: RefusalCode
  /** What exactly, without values: a field's name. */
  detail?: string
}

export const asJsonObject = (value: unknown): Record<string, Json> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, Json>)
    : undefined
