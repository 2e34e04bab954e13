/** Live sources: write keys, the debugger, refused events, the catalogue. */
import { setTimeout as sleep } from 'node:timers/promises'
import { asJsonObject } from '../../contract/event.ts'
import type { SeenEvent } from '../../contract/api/sources.ts'
import type { Json } from '../../contract/json.ts'
import { createCatalogStore } from '../../store/event-catalog.ts'
import type { IncomingEvent } from '../../store/incoming-events.ts'
import { createRefusedEvents, type RefusedEvent } from '../../store/refused-events.ts'
import { createSourceStore } from '../../store/sources.ts'
import { NotFoundError } from '../../store/store-errors.ts'
import { readCaller } from '../auth/caller.ts'
import type { SomeHandlers } from '../call.ts'
import { sentenceOf } from '../collect/create-collect.ts'
import { parseJson } from '../collect/read-bytes.ts'
import type { ServerContext } from '../context.ts'
import { openEventStream, RETRY_LINE, type EventStreamInput } from '../event-stream.ts'
import { maskFields } from '../mask.ts'

type Ids =
  | 'sourceList'
  | 'sourceCreate'
  | 'sourceRead'
  | 'sourceChange'
  | 'sourceRotate'
  | 'sourceEvents'
  | 'sourceRefused'
  | 'refusedRetry'
  | 'refusedDiscard'
  | 'sourceCatalog'

const SEEN_MS = 500
const SEEN_AT_ONCE = 100
const CATALOG = 1_000

export function sourceRoutes(context: ServerContext): SomeHandlers<Ids> {
  const { database, collect } = context.parts
  const sources = createSourceStore(database)
  const refused = createRefusedEvents(database)
  const catalog = createCatalogStore(database)

  const needRefused = async (id: string): Promise<RefusedEvent> => {
    const found = await refused.find(id)
    if (!found || found.state !== 'refused') throw new NotFoundError('refused event')
    return found
  }

  return {
    async sourceList() {
      return { items: await sources.list() }
    },
    async sourceCreate({ body, caller, note }) {
      const made = await sources.create({ name: body.name, by: caller.name })
      note({ subject: made.id, details: { name: body.name } })
      return made
    },
    async sourceRead({ params }) {
      return sources.read(params.id)
    },
    async sourceChange({ params, body, note }) {
      note({ details: { changed: Object.keys(body) } })
      const given = Object.entries(body).filter(([, value]) => value !== undefined)
      return given.length === 0
        ? sources.read(params.id)
        : sources.change(params.id, Object.fromEntries(given))
    },
    async sourceRotate({ params, body, note }) {
      note({ details: { now: body.now } })
      return sources.rotate(params.id, body.now)
    },
    async sourceEvents({ params, req, res }) {
      await sources.read(params.id)
      await sendSeen({
        res,
        read: (since) => seenSince(context, params.id, since),
        stillAllowed: async () => (await readCaller(context, req)) !== undefined,
      })
    },
    async sourceRefused({ params, query }) {
      await sources.read(params.id)
      const before = query.cursor === undefined ? undefined : new Date(query.cursor)
      const items = (await refused.list(params.id, query.limit, before)).map(refusedView)
      const last = items.at(-1)
      return items.length < query.limit || !last ? { items } : { items, next: last.at }
    },
    async refusedRetry({ params, body }) {
      const found = await needRefused(params.id)
      const source = await sources.find(found.sourceId)
      if (!source) throw new NotFoundError('source')
      const event = correct(asJsonObject(parseJson(found.body)) ?? {}, body.changes)
      const result = await collect.retake(source, event, found.at.getTime())
      if (result) return { accepted: false, reason: sentenceOf(result) }
      await refused.settle(found._id, 'accepted')
      return { accepted: true }
    },
    async refusedDiscard({ params }) {
      await needRefused(params.id)
      await refused.settle(params.id, 'discarded')
      return { ok: true }
    },
    async sourceCatalog({ params }) {
      await sources.read(params.id)
      const found = await catalog.list(params.id, CATALOG)
      return {
        items: found.map(({ type, name, count, firstAt, lastAt, properties }) => ({
          type,
          name,
          count,
          firstAt: firstAt.toISOString(),
          lastAt: lastAt.toISOString(),
          properties,
        })),
      }
    },
  }
}

const fieldsOf = (body: string): Record<string, Json> =>
  maskFields(asJsonObject(JSON.parse(body)) ?? { value: body })

/** Sets values at dotted places; own properties only, so that no name reaches into machinery. */
function correct(
  event: Record<string, Json>,
  changes: Readonly<Record<string, Json>>,
): Record<string, Json> {
  let corrected = event
  for (const [place, value] of Object.entries(changes))
    corrected = setAt(corrected, place.split('.'), value)
  return corrected
}

function setAt(
  object: Record<string, Json>,
  [name = '', ...rest]: readonly string[],
  value: Json,
): Record<string, Json> {
  const inner = Object.hasOwn(object, name) ? asJsonObject(object[name]) : undefined
  return { ...object, [name]: rest.length === 0 ? value : setAt(inner ?? {}, rest, value) }
}

const refusedView = ({ _id, at, code, detail, messageId, body }: RefusedEvent) => ({
  id: _id,
  at: at.toISOString(),
  code,
  reason: sentenceOf({ code, ...(detail === undefined ? {} : { detail }) }),
  ...(messageId === undefined ? {} : { messageId }),
  fields: fieldsOf(body),
})

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

/** Both collections have an index that begins with, or is, the time. */
async function seenSince({ parts }: ServerContext, sourceId: string, since: Date) {
  const stored = await parts.database
    .collection<IncomingEvent>('incoming_events')
    .find({ at: { $gt: since }, sourceId })
    .sort({ at: -1 })
    .limit(SEEN_AT_ONCE)
    .toArray()
  const refused = await parts.database
    .collection<RefusedEvent>('refused_events')
    .find({ sourceId, state: 'refused', at: { $gt: since } })
    .sort({ at: -1 })
    .limit(SEEN_AT_ONCE)
    .toArray()
  const seen: SeenEvent[] = [
    ...stored.map(({ at, body, warnings }): SeenEvent => {
      const event = asJsonObject(JSON.parse(body)) ?? {}
      return {
        at: at.toISOString(),
        type: textOf(event['type']),
        name: textOf(event['event'] ?? event['name']),
        verdict: warnings ? 'warned' : 'accepted',
        ...(warnings?.[0] === undefined ? {} : { reason: warnings[0] }),
        fields: maskFields(event),
      }
    }),
    ...refused.map((found): SeenEvent => {
      const event = asJsonObject(JSON.parse(found.body)) ?? {}
      const { at, reason } = refusedView(found)
      return {
        at,
        type: textOf(event['type']),
        name: textOf(event['event'] ?? event['name']),
        verdict: 'refused',
        reason,
        fields: maskFields(event),
      }
    }),
  ]
  return seen.sort((a, b) => (a.at < b.at ? -1 : 1))
}

interface SeenInput extends EventStreamInput {
  read(since: Date): Promise<SeenEvent[]>
}

/** The last minute first, then what arrives, twice a second. */
async function sendSeen({ res, read, stillAllowed }: SeenInput): Promise<void> {
  const gone = openEventStream({ res, stillAllowed })
  res.write(RETRY_LINE)
  let since = new Date(Date.now() - 60_000)
  while (!gone.aborted) {
    for (const event of await read(since)) {
      res.write(`data: ${JSON.stringify(event)}\n\n`)
      since = new Date(Math.max(since.getTime(), Date.parse(event.at)))
    }
    await sleep(SEEN_MS, undefined, { signal: gone }).catch(() => undefined)
  }
  res.end()
}
