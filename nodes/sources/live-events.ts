/** Events of sites, apps and servers, as they come in at the collect endpoints. */
import { z } from 'zod'
import { EVENT_TYPES } from '../../engine/contract/event.ts'
import type { Fields } from '../../engine/contract/json.ts'
import { defineNode, type SourceRecord } from '../../engine/contract/node.ts'
import { EVENT_FIELDS, eventFields } from '../lib/event-fields.ts'
import { toText } from '../lib/field-path.ts'
import { liveEventsWords } from '../words/live-events.ts'

const config = z.strictObject({
  sources: z.array(z.string().min(1).max(120)).max(200).default([]).meta({
    title: 'Sources',
    description: 'Names of the sources to take events of. Empty: all.',
  }),
  types: z
    .array(z.enum(EVENT_TYPES))
    .default([])
    .meta({
      title: 'Kinds of calls',
      description: 'Empty: all.',
      labels: {
        identify: 'identify: who somebody is',
        track: 'track: what somebody did',
        page: 'page: a page seen',
        screen: 'screen: a screen seen',
        group: 'group: a company or household joined',
        alias: 'alias: a new id for somebody',
        merge: 'merge: ids of one person',
      },
    }),
  names: z.array(z.string().min(1).max(500)).max(200).default([]).meta({
    title: 'Event names',
    description: 'Such as Order Completed. Empty: all.',
  }),
})
type Config = z.output<typeof config>

/** What one line of a page holds. */
interface Line {
  id: string
  source: string
  event: Fields
}

/** Events shown while a flow is designed. */
const PREVIEW_EVENTS = 1_000

export const liveEvents = defineNode({
  type: 'live_events',
  version: 1,
  role: 'source',
  title: 'Live events',
  summary: 'Takes events of sites, apps and servers within a second after they happened.',
  config,
  uses: ['incoming'],
  output: () => ({ out: { kind: 'records', fields: [...EVENT_FIELDS], open: true } }),
  source: {
    live: true,
    open: async () => [{ latest: PREVIEW_EVENTS }],
    fetch: (split, _config, ctx) => ctx.service('incoming').latest(Number(split['latest'])),
    decode: (bytes, _split, settings) => decode(bytes, settings),
  },
  examples: [],
  words: { 'zh-CN': liveEventsWords },
})

function* decode(bytes: Uint8Array, settings: Config): Iterable<SourceRecord> {
  const wants = wanted(settings)
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  for (const line of text.split('\n')) {
    if (line === '') continue
    const { id, source, event } = JSON.parse(line) as Line
    if (wants(source, event)) yield { position: id, fields: eventFields(event), source }
  }
}

function wanted({ sources, types, names }: Config) {
  const [ofSource, ofType, ofName] = [new Set(sources), new Set<unknown>(types), new Set(names)]
  return (source: string, event: Fields): boolean =>
    (ofSource.size === 0 || ofSource.has(source)) &&
    (ofType.size === 0 || ofType.has(event['type'])) &&
    (ofName.size === 0 || ofName.has(toText(event['event'] ?? event['name'])))
}
