/** Sends items to an address: signed, at a set rate, and each one once. */
import { createHash } from 'node:crypto'
import { InterruptedError, RejectedError } from '../../../engine/contract/error.ts'
import {
  drop,
  fail,
  out,
  retryLater,
  type Item,
  type Verdict,
} from '../../../engine/contract/item.ts'
import { DELIVERED_PORT, defineNode, type NodeContext } from '../../../engine/contract/node.ts'
import type { DeliveryRecord, HttpAnswer } from '../../../engine/contract/services.ts'
import { webhookWords } from '../../words/webhook.ts'
import {
  judgeStatus,
  readResults,
  refuseSettings,
  type AnsweredFate,
  type Fate,
} from './judge-answer.ts'
import { createDescriber, fieldsSent, type Describe } from './make-body.ts'
import { tellConsent } from './tell-consent.ts'
import { webhookConfig, type WebhookConfig } from './settings.ts'
import { isSigningSecret, signRequest } from './sign-request.ts'

export const webhook = defineNode({
  type: 'webhook',
  version: 1,
  role: 'destination',
  title: 'Webhook',
  summary: 'Sends each person or record as JSON to a web address.',
  config: webhookConfig,
  effects: 'sends',
  uses: ({ target }) =>
    target.kind === 'connection'
      ? ['http', 'deliveries', 'limits', 'connections']
      : ['http', 'deliveries', 'limits'],
  fails: {
    refused_by_receiver: 'The receiver refused the record.',
    gave_up: 'The receiver did not take the record after many attempts.',
    receiver_busy: 'The receiver cannot take the record now; it is tried again later.',
  },
  privacy: (settings, input) => {
    const sent = fieldsSent(settings)
    return {
      purposes: settings.purposes,
      needsReadable: settings.readable,
      sends: input.fields.filter(({ name }) => !sent || sent.includes(name)),
    }
  },
  fieldsUsed: (settings) => {
    const path = settings.body === 'template' ? () => 'template' : (i: number) => `fields.${i}`
    return (fieldsSent(settings) ?? []).map((field, i) => [path(i), field] as const)
  },
  async run(page, settings, ctx) {
    const send = {
      settings,
      ctx,
      describe: createDescriber(settings),
      ...(await openTarget(settings, ctx)),
    }
    const keys = page.map((item) => keyOf(item, ctx))
    const before = await ctx.service('deliveries').delivered(keys)
    const fates = new Map<string, Fate>()
    const open = page.filter((_, i) => !before.has(keys[i] ?? ''))
    await sendAll(cut(open, settings), send, fates)
    return page.map((item) => toVerdict(item, fates.get(item.id), send))
  },
  tell: async (change, settings, ctx) => {
    const target = await openTarget(settings, ctx)
    const { nodeName, nodeId, signal } = ctx
    const http = ctx.service('http')
    await tellConsent(change, settings, { ...target, nodeName, nodeId, signal, http })
  },
  render: (page, settings) => {
    const describe = createDescriber(settings)
    return page.map((item) => JSON.stringify(describe(item)))
  },
  examples: [],
  words: { 'zh-CN': webhookWords },
})

interface Target {
  url: string
  host: string
  secret: string
  headers: Record<string, string>
}

interface Sending extends Target {
  settings: WebhookConfig
  ctx: NodeContext
  describe: Describe
}

async function openTarget(
  { target, signature, headers }: WebhookConfig,
  ctx: NodeContext,
): Promise<Target> {
  const set = Object.fromEntries(headers.map(({ name, value }) => [name.toLowerCase(), value]))
  if (target.kind === 'url')
    return { url: target.url, host: new URL(target.url).host, secret: '', headers: set }
  const { name, settings, secrets } = await ctx.service('connections').read(target.connection)
  const url = settings['url']
  const reject = (code: string, reason: string): never => {
    throw new RejectedError(code, `"${ctx.nodeName}": the connection "${name}" ${reason}`, {
      nodeId: ctx.nodeId,
    })
  }
  if (typeof url !== 'string' || !URL.canParse(url))
    return reject('connection_without_url', 'has no address. Enter one there.')
  const secret = secrets['signing_secret'] ?? ''
  if (!isSigningSecret(signature, secret))
    return reject(
      'connection_without_secret',
      'has no usable signing secret. Enter one there, or choose no signature.',
    )
  const authorization = secrets['authorization']
  return {
    url,
    host: new URL(url).host,
    secret,
    headers: authorization ? { ...set, authorization } : set,
  }
}

const keyOf = (item: Item, { runId, nodeId }: NodeContext): string =>
  `${runId}:${nodeId}:${item.id}`

function cut(items: Item[], { send, batchSize }: WebhookConfig): Item[][] {
  const size = send === 'one' ? 1 : batchSize
  const calls: Item[][] = []
  for (let i = 0; i < items.length; i += size) calls.push(items.slice(i, i + size))
  return calls
}

/** In waves: what a wave delivered is stored before the next one starts, also when one call ends it. */
async function sendAll(calls: Item[][], send: Sending, fates: Map<string, Fate>): Promise<void> {
  const { settings, ctx } = send
  const waiting = [...calls]
  while (waiting.length > 0) {
    if (ctx.signal.aborted) throw new InterruptedError()
    const wave = waiting.splice(0, settings.concurrency)
    const settled = await Promise.allSettled(wave.map((items) => call(items, send, fates)))
    await recordDelivered(wave.flat(), send, fates)
    for (const outcome of settled) {
      if (outcome.status === 'rejected') throw outcome.reason
      waiting.unshift(...outcome.value)
    }
  }
}

/** Makes one request. Gives back smaller ones to make instead, when one record spoilt a batch. */
async function call(given: Item[], send: Sending, fates: Map<string, Fate>): Promise<Item[][]> {
  const { limits, perSecond } = rateOf(send)
  await limits.take(limitKey(send), 1, perSecond, send.ctx.signal)
  // After the wait, which may have been long: whoever said no in the meantime is not sent.
  const refusals = await send.ctx.refusals(given)
  for (const [id, reason] of refusals) fates.set(id, { kind: 'stopped', reason })
  const items = refusals.size === 0 ? given : given.filter(({ id }) => !refusals.has(id))
  if (items.length === 0) return []
  const answer = await request(items, send)
  if (!answer) {
    for (const item of items) fates.set(item.id, { kind: 'later', status: 0, afterMs: undefined })
    return []
  }
  refuseSettings(answer, { ...send.ctx, host: send.host })
  const fate = judgeStatus(answer.status, answer.headers['retry-after'])
  if (fate.kind === 'later' && fate.afterMs !== undefined)
    await send.ctx.service('limits').pause(limitKey(send), Math.min(LONGEST_PAUSE_MS, fate.afterMs))
  if (fate.kind === 'refused' && items.length > 1) {
    const middle = Math.ceil(items.length / 2)
    return [items.slice(0, middle), items.slice(middle)]
  }
  const results = send.settings.send === 'batch' ? readResults(answer.body) : undefined
  for (const item of items) fates.set(item.id, fateOf(item, { fate, results, send }))
  return []
}

/** A batch that answers item by item says nothing of one it leaves out: that one is sent again. */
function fateOf(
  item: Item,
  {
    fate,
    results,
    send,
  }: { fate: AnsweredFate; results: Map<string, number> | undefined; send: Sending },
): AnsweredFate {
  if (fate.kind !== 'delivered' || !results) return fate
  return judgeStatus(results.get(keyOf(item, send.ctx)) ?? 503)
}

/** A rate no receiver reaches: the call still waits when the receiver asked everyone to. */
const UNLIMITED = 10_000
/** Longer, only the items wait, not the pages that hold them. */
const LONGEST_PAUSE_MS = 30_000

const rateOf = ({ settings, ctx }: Sending) => ({
  limits: ctx.service('limits'),
  perSecond: settings.ratePerSecond || UNLIMITED,
})

const limitKey = ({ host }: Sending): string => `webhook:${host}`

/** Undefined when there was no answer; the receiver may have got the request all the same. */
async function request(items: Item[], send: Sending): Promise<HttpAnswer | undefined> {
  const { settings, ctx, url, secret, describe } = send
  if (ctx.signal.aborted) throw new InterruptedError()
  const body = JSON.stringify(bodyOf(items, { settings, ctx, describe }))
  const id = requestId(items, ctx)
  const timestamp = Math.floor(Date.now() / 1_000)
  try {
    return await ctx.service('http').request({
      method: settings.method,
      url,
      headers: {
        'content-type': 'application/json',
        ...send.headers,
        'idempotency-key': id,
        ...signRequest({ kind: settings.signature, secret, id, timestamp, body }),
      },
      body,
      signal: ctx.signal,
      timeoutMs: settings.timeoutSeconds * 1_000,
    })
  } catch (error) {
    if (ctx.signal.aborted) throw new InterruptedError()
    // The egress client rejects addresses that may not be called; anything else may pass.
    if (error instanceof RejectedError || error instanceof InterruptedError) throw error
    return undefined
  }
}

function bodyOf(
  items: Item[],
  { settings, ctx, describe }: Pick<Sending, 'settings' | 'ctx' | 'describe'>,
) {
  const [first] = items
  if (settings.send === 'one' && first) return describe(first)
  return { items: items.map((item) => ({ id: keyOf(item, ctx), data: describe(item) })) }
}

/** Of one item its key, as far as a header can hold it; of a batch the digest of its keys. */
function requestId(items: Item[], ctx: NodeContext): string {
  const key = items.map((item) => keyOf(item, ctx)).join('\n')
  return items.length === 1 && /^[\x21-\x7e]{1,200}$/.test(key)
    ? key
    : createHash('sha256').update(key).digest('base64url')
}

async function recordDelivered(
  items: Item[],
  { settings, ctx, host }: Sending,
  fates: ReadonlyMap<string, Fate>,
): Promise<void> {
  const sent = fieldsSent(settings)
  const rows = items.flatMap((item): DeliveryRecord[] => {
    const fate = fates.get(item.id)
    if (fate?.kind !== 'delivered') return []
    return [
      {
        key: keyOf(item, ctx),
        fields: sent ?? Object.keys(item.fields),
        purposes: settings.purposes,
        recipient: host,
        status: fate.status,
        ...(item.profileId === undefined ? {} : { profileId: item.profileId }),
      },
    ]
  })
  await ctx.service('deliveries').record(rows)
}

/** No fate: it was delivered before. */
function toVerdict(item: Item, fate: Fate | undefined, { settings }: Sending): Verdict {
  if (!fate || fate.kind === 'delivered') return out(item, DELIVERED_PORT)
  if (fate.kind === 'stopped') return drop(fate.reason)
  const detail = fate.status === 0 ? 'No answer.' : `Status ${fate.status}.`
  if (fate.kind === 'refused') return fail('refused_by_receiver', detail)
  const attempt = (item.attempt ?? 0) + 1
  if (attempt >= settings.maxAttempts) return fail('gave_up', detail)
  return retryLater('receiver_busy', Math.max(fate.afterMs ?? 0, backOff(item, attempt)), detail)
}

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 15 * 60_000

/** Doubles with each attempt; spread by the item's id, so that a repeat waits as long. */
function backOff(item: Item, attempt: number): number {
  const spread = createHash('sha256').update(`${item.id}:${attempt}`).digest().readUInt16BE(0)
  const most = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt)
  return Math.round(most / 2 + (most / 2) * (spread / 0xffff))
}
