/** Which address is which call: those of Segment, RudderStack, Jitsu and Dittofeed clients. */
import { EVENT_TYPES, type EventType } from '../../contract/event.ts'

export type CollectCall =
  | { kind: 'one'; type?: EventType; answer: 'json' | 'none' }
  | { kind: 'batch'; answer: 'json' | 'none' }
  | { kind: 'pixel'; type?: EventType }
  | { kind: 'settings'; writeKey: string }
  | { kind: 'ignore' }
  | { kind: 'health' }

const CALLS = new Map<string, CollectCall>()

for (const type of EVENT_TYPES) {
  CALLS.set(`/v1/${type}`, { kind: 'one', type, answer: 'json' })
  CALLS.set(`/api/s/${type}`, { kind: 'one', type, answer: 'json' })
  CALLS.set(`/api/s/s2s/${type}`, { kind: 'one', type, answer: 'json' })
  CALLS.set(`/api/public/apps/${type}`, { kind: 'one', type, answer: 'none' })
  CALLS.set(`/pixel/v1/${type}`, { kind: 'pixel', type })
  CALLS.set(`/v1/pixel/${type}`, { kind: 'pixel', type })
  if (type !== 'merge') CALLS.set(`/v1/${type[0]}`, { kind: 'one', type, answer: 'json' })
}
// Both begin with "s" and "p": the short forms mean screen and page.
CALLS.set('/v1/s', { kind: 'one', type: 'screen', answer: 'json' })
for (const path of ['/v1/batch', '/v1/b', '/v1/import', '/beacon/v1/batch', '/api/s/s2s/batch'])
  CALLS.set(path, { kind: 'batch', answer: 'json' })
CALLS.set('/api/public/apps/batch', { kind: 'batch', answer: 'none' })
CALLS.set('/api/s/event', { kind: 'one', answer: 'json' })
CALLS.set('/api/s/s2s/event', { kind: 'one', answer: 'json' })
CALLS.set('/v1/m', { kind: 'ignore' })
CALLS.set('/health', { kind: 'health' })

const SETTINGS = /^\/v1\/projects\/([^/]{1,200})\/settings$/

export function findCall(path: string): CollectCall | undefined {
  const call = CALLS.get(path)
  if (call) return call
  const key = SETTINGS.exec(path)?.[1]
  return key === undefined ? undefined : { kind: 'settings', writeKey: key }
}
