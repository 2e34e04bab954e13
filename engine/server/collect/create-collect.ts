/** The collect endpoints: what tracking clients send is judged event by event, stored durably by the
 *  majority with its journal, and only then confirmed. Straight on the HTTP server, without Express. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { asJsonObject, BATCH_EVENTS, REFUSALS, type Refusal } from '../../contract/event.ts'
import type { Json } from '../../contract/json.ts'
import { createIncomingEvents, type IncomingEvent } from '../../store/incoming-events.ts'
import { createCatalogStore } from '../../store/event-catalog.ts'
import { createRefusedEvents } from '../../store/refused-events.ts'
import { createSourceStore, type SourceDocument } from '../../store/sources.ts'
import type { Database } from '../../store/database.ts'
import type { SuppressionStore } from '../../store/suppressions.ts'
import {
  browserSettings,
  isOriginAllowed,
  sendJson,
  sendNothing,
  sendPixel,
  sendPreflight,
  sendRefused,
  type Refused,
} from './answers.ts'
import { checkPlan } from './check-plan.ts'
import { findCall, type CollectCall } from './collect-paths.ts'
import { createEventTally } from './event-tally.ts'
import { keyOfBody, keysOf } from './find-key.ts'
import { createGroupCommit } from './group-commit.ts'
import { judgeEvent, type Arrival } from './judge-event.ts'
import { createKeyRing } from './key-ring.ts'
import { createRateLimit } from './rate-limit.ts'
import { identifiersOfEvent } from './identifiers-of-event.ts'
import { parseJson, readBytes, TooLargeError } from './read-bytes.ts'

export interface CollectDeps {
  database: Database
  /** Events of people who were erased are confirmed and kept nowhere. */
  suppressions?: Pick<SuppressionStore, 'erasedAmong' | 'isEmpty'>
  now?: () => number
}

class RefusedRequest extends Error {
  override readonly name = 'RefusedRequest'
  readonly answer: Refused
  constructor(answer: Refused) {
    super(answer.message)
    this.answer = answer
  }
}

const refuse = (status: number, code: string, message: string, retryAfterS?: number) =>
  new RefusedRequest({
    status,
    code,
    message,
    ...(retryAfterS === undefined ? {} : { retryAfterS }),
  })

/** What became of the events of one request. */
export interface Taken {
  refused: Array<{ index: number; refusal: Refusal }>
  stored: number
}

export function createCollect({ database, suppressions, now = Date.now }: CollectDeps) {
  const incoming = createIncomingEvents(database)
  const refusedEvents = createRefusedEvents(database)
  const keys = createKeyRing(createSourceStore(database))
  const limits = createRateLimit(now)
  const tally = createEventTally(createCatalogStore(database))
  const commit = createGroupCommit<IncomingEvent>({ insert: incoming.add })

  const erasedIn = async (events: readonly unknown[]): Promise<readonly boolean[]> =>
    !suppressions || (await suppressions.isEmpty())
      ? []
      : suppressions.erasedAmong(events.map(identifiersOfEvent))

  /** Judges and stores events of one source; resolves when what is good is durable. */
  const take = async (
    source: SourceDocument,
    events: readonly unknown[],
    arrival: Omit<Arrival, 'sourceId'>,
  ): Promise<Taken> => {
    const sourceId = source._id
    const at = new Date(arrival.receivedAt)
    const documents: IncomingEvent[] = []
    const refused: Taken['refused'] = []
    const erased = await erasedIn(events)
    for (const [index, event] of events.entries()) {
      if (erased[index]) continue
      const judged: ReturnType<typeof judgeEvent> =
        index < BATCH_EVENTS
          ? judgeEvent(event, { ...arrival, sourceId })
          : { refused: { code: 'too_many_events' } }
      if ('refused' in judged) {
        refused.push({ index, refusal: judged.refused })
        continue
      }
      const { accepted } = judged
      const breach = checkPlan(source.plan, accepted)
      if (breach?.verdict === 'refuse') {
        refused.push({ index, refusal: breach.refusal })
        continue
      }
      tally.count(sourceId, accepted)
      documents.push({
        _id: accepted.id,
        at,
        sourceId,
        part: accepted.part,
        body: accepted.body,
        ...(breach ? { warnings: [sentenceOf(breach.refusal)] } : {}),
      })
    }
    await Promise.all([
      documents.length > 0 ? commit.add(documents) : undefined,
      refusedEvents.keep(
        refused.map(({ index, refusal }) => ({
          at,
          sourceId,
          ...refusal,
          body: JSON.stringify(events[index] ?? null),
        })),
      ),
    ])
    return { refused, stored: documents.length }
  }

  const admit = async (
    req: IncomingMessage,
    candidates: readonly string[],
    count: number,
  ): Promise<SourceDocument> => {
    const source = await keys.find(candidates).catch(() => {
      throw refuse(503, 'busy', 'The write key cannot be checked just now. Send it again.', 2)
    })
    if (!source)
      throw refuse(
        401,
        'unknown_key',
        'The write key is not known. Copy it from the page of the source.',
      )
    if (source.disabled)
      throw refuse(404, 'source_disabled', 'The source is switched off. Switch it on to collect.')
    if (!isOriginAllowed(req, source))
      throw refuse(403, 'origin_not_allowed', 'The source takes no events from this site.')
    const waitMs = limits.take(source._id, count, source.ratePerSecond)
    if (waitMs > 0)
      throw refuse(
        429,
        'too_many',
        'The source sends more than its limit allows.',
        Math.max(1, Math.ceil(waitMs / 1_000)),
      )
    return source
  }

  const collectBody = async (
    req: IncomingMessage,
    query: URLSearchParams,
    call: CollectCall & { kind: 'one' | 'batch' },
  ): Promise<{ taken: Taken; count: number }> => {
    const body = asJsonObject(readJson(await readBytes(req)))
    if (!body) throw refuse(400, 'not_an_object', 'Send one JSON object.')
    const events = call.kind === 'batch' ? body['batch'] : [body]
    if (!Array.isArray(events))
      throw refuse(400, 'no_batch', 'A batch needs a list of events in "batch".')
    const own = call.kind === 'batch' ? asJsonObject(events[0])?.['writeKey'] : undefined
    const candidates = [...keysOf(req, query), ...keyOfBody(body['writeKey']), ...keyOfBody(own)]
    const source = await admit(req, candidates, events.length)
    if (events.length === 0) throw refuse(400, 'empty_batch', 'The batch holds no events.')
    const arrival: Omit<Arrival, 'sourceId'> = {
      receivedAt: now(),
      sentAt: body['sentAt'],
      gpc: req.headers['sec-gpc'] === '1',
      ...(call.kind === 'one'
        ? { type: call.type }
        : { context: body['context'], integrations: body['integrations'] }),
    }
    return { taken: await take(source, events, arrival), count: events.length }
  }

  const collectPixel = async (
    req: IncomingMessage,
    query: URLSearchParams,
    call: CollectCall & { kind: 'pixel' },
  ): Promise<void> => {
    const event = eventOfQuery(query)
    const source = await admit(req, [...keysOf(req, query), ...keyOfBody(event['writeKey'])], 1)
    await take(source, [event], {
      receivedAt: now(),
      type: call.type,
      gpc: req.headers['sec-gpc'] === '1',
    })
  }

  const answer = async (
    req: IncomingMessage,
    res: ServerResponse,
    call: CollectCall,
    query: URLSearchParams,
  ): Promise<void> => {
    if (call.kind === 'health') return sendJson(req, res, { server: 'UP' })
    if (call.kind === 'ignore') {
      req.resume()
      return sendJson(req, res, { success: true })
    }
    if (call.kind === 'settings') {
      await admit(req, [decodeURIComponent(call.writeKey)], 0)
      return sendJson(req, res, browserSettings(call.writeKey, req))
    }
    if (call.kind === 'pixel') {
      await collectPixel(req, query, call)
      return sendPixel(req, res)
    }
    const { taken, count } = await collectBody(req, query, call)
    const only = taken.refused[0]
    if (call.kind === 'one' && count === 1 && only)
      throw refuse(400, only.refusal.code, sentenceOf(only.refusal))
    if (call.answer === 'none') return sendNothing(req, res)
    return sendJson(req, res, {
      success: true,
      ok: true,
      ...(taken.refused.length === 0 ? {} : { refused: taken.refused.map(refusalView) }),
    })
  }

  return {
    /** A refused event once more, as of the time it came in; nothing is kept when it fails again. */
    async retake(
      source: SourceDocument,
      event: Json,
      receivedAt: number,
    ): Promise<Refusal | undefined> {
      if ((await erasedIn([event]))[0]) return undefined
      const judged = judgeEvent(event, { sourceId: source._id, receivedAt })
      if ('refused' in judged) return judged.refused
      const breach = checkPlan(source.plan, judged.accepted)
      if (breach?.verdict === 'refuse') return breach.refusal
      const { id: _id, part, body } = judged.accepted
      await commit.add([{ _id, at: new Date(), sourceId: source._id, part, body }])
      return undefined
    },
    /** True when the request is one of ours; it is then answered. */
    handle(req: IncomingMessage, res: ServerResponse): boolean {
      const url = req.url ?? ''
      const mark = url.indexOf('?')
      const call = findCall(mark < 0 ? url : url.slice(0, mark))
      if (!call) return false
      const isGet = req.method === 'GET' || req.method === 'HEAD'
      const wantsGet = call.kind === 'settings' || call.kind === 'pixel' || call.kind === 'health'
      if (req.method === 'OPTIONS') sendPreflight(req, res)
      else if (wantsGet !== isGet || (!isGet && req.method !== 'POST'))
        sendRefused(req, res, {
          status: 405,
          code: 'wrong_method',
          message: `Here only ${wantsGet ? 'GET' : 'POST'} is answered.`,
        })
      else {
        const query = mark < 0 ? NO_QUERY : new URLSearchParams(url.slice(mark + 1))
        answer(req, res, call, query).catch((error: unknown) =>
          sendRefused(req, res, describe(error)),
        )
      }
      return true
    },
  }
}

export type Collect = ReturnType<typeof createCollect>

const NO_QUERY = new URLSearchParams()

export const sentenceOf = ({ code, detail }: Refusal): string =>
  detail === undefined ? REFUSALS[code] : `${REFUSALS[code]} (${detail})`

const refusalView = ({ index, refusal }: Taken['refused'][number]) => ({
  index,
  code: refusal.code,
  message: sentenceOf(refusal),
})

function readJson(bytes: Buffer): unknown {
  try {
    return parseJson(bytes.toString('utf8'))
  } catch {
    throw refuse(400, 'bad_json', 'The body is not JSON.')
  }
}

/** Whatever else goes wrong is ours: the client keeps its events and comes back. */
function describe(error: unknown): Refused {
  if (error instanceof RefusedRequest) return error.answer
  if (error instanceof TooLargeError)
    return { status: 413, code: 'too_large', message: 'A request may hold 500 KB of events.' }
  if (error instanceof SyntaxError || error instanceof URIError || error instanceof RangeError)
    return { status: 400, code: 'unreadable', message: 'The request cannot be read.' }
  return {
    status: 503,
    code: 'busy',
    message: 'The events cannot be stored just now. Send them again.',
    retryAfterS: 2,
  }
}

/** A pixel carries its event as base64 JSON in `data`, or as plain parameters. */
function eventOfQuery(query: URLSearchParams): Record<string, Json> {
  const data = query.get('data')
  if (data !== null) {
    const event = asJsonObject(readJson(Buffer.from(data, 'base64')))
    if (!event) throw refuse(400, 'not_an_object', 'The data is not a JSON object.')
    return event
  }
  const event: Record<string, Json> = {}
  for (const [name, value] of query) if (name !== 'writeKey') event[name] = ofText(value)
  return event
}

function ofText(value: string): Json {
  if (!value.startsWith('{')) return value
  try {
    return parseJson(value) as Json
  } catch {
    return value
  }
}
