/** The one HTTP client that nodes, connection tests and file fetches can reach (docs/security.md). */
import { Agent, type Dispatcher } from 'undici'
import { InterruptedError } from '../contract/error.ts'
import type { HttpAnswer, HttpRequest, HttpService } from '../contract/services.ts'
import { createAddressGuard } from './address-guard.ts'
import { checkHeaders } from './check-headers.ts'
import { createCheckedLookup, systemResolver, type Resolver } from './checked-lookup.ts'
import { checkUrl, type UrlRules } from './check-url.ts'
import { toEgressError } from './egress-error.ts'
import { followRedirect, isRedirect, tooManyRedirects } from './follow-redirect.ts'
import { readAll, readText, unpack } from './read-body.ts'

export interface EgressOptions {
  /** Networks besides the public ones, as `10.1.0.0/16` or `loopback`; explicit settings only. */
  allowAddresses?: readonly string[]
  allowPorts?: readonly number[] | 'any'
  /** Of an answer's text; what is longer is cut. */
  maxResponseBytes?: number
  /** Of a downloaded file; a longer one is an error. */
  maxDownloadBytes?: number
  /** From the lookup to the last byte; a request may ask for less or more. */
  timeoutMs?: number
  /** 0: a redirect is an answer like any other. */
  followRedirects?: number
  resolver?: Resolver
}

export interface EgressAnswer extends HttpAnswer {
  /** The body ends early: too long, too slow, or broken off. */
  truncated: boolean
}

export interface Download extends Omit<HttpAnswer, 'body'> {
  body: AsyncIterable<Uint8Array>
}

export interface Egress extends HttpService {
  request(request: HttpRequest): Promise<EgressAnswer>
  /** The whole body as bytes, or an error while reading it. */
  download(request: HttpRequest): Promise<Download>
  close(): Promise<void>
}

const DEFAULT_PORTS = [80, 443, 8080, 8443]
const MEBIBYTE = 1_048_576
const MAX_HEADER_BYTES = 32_768
const CONNECTIONS_PER_HOST = 64

export function createEgress({
  allowAddresses = [],
  allowPorts = DEFAULT_PORTS,
  maxResponseBytes = MEBIBYTE,
  maxDownloadBytes = 2_048 * MEBIBYTE,
  timeoutMs = 10_000,
  followRedirects = 0,
  resolver = systemResolver,
}: EgressOptions = {}): Egress {
  const guard = createAddressGuard(allowAddresses)
  const rules: UrlRules = { guard, ports: allowPorts === 'any' ? 'any' : new Set(allowPorts) }
  // Our own agent knows no proxy settings of the environment.
  const agent = new Agent({
    connect: { lookup: createCheckedLookup(resolver, guard) },
    connections: CONNECTIONS_PER_HOST,
    maxHeaderSize: MAX_HEADER_BYTES,
  })

  async function open(first: HttpRequest): Promise<Opened> {
    const limit = AbortSignal.timeout(first.timeoutMs ?? timeoutMs)
    const signal = first.signal ? AbortSignal.any([first.signal, limit]) : limit
    let request = first
    for (let hops = 0; ; hops++) {
      const url = checkUrl(request.url, rules)
      const answer = await send(agent, { ...request, signal }, url).catch((error: unknown) => {
        if (first.signal?.aborted) throw new InterruptedError()
        throw toEgressError(limit.aborted ? limit.reason : error, url.hostname)
      })
      const headers = flatten(answer.headers)
      const status = answer.statusCode
      const location = headers['location']
      if (followRedirects === 0 || !isRedirect(status, location))
        return { status, headers, host: url.hostname, body: answer.body }
      answer.body.on('error', () => undefined).destroy()
      if (hops >= followRedirects) throw tooManyRedirects(url.hostname)
      request = followRedirect(request, { status, location })
    }
  }

  return {
    async request(request) {
      const { body, ...answer } = await open(request)
      const read = await readText(
        unpack(body, answer.headers['content-encoding']),
        maxResponseBytes,
      )
      if (request.signal?.aborted) throw new InterruptedError()
      const { status, headers } = answer
      return { status, headers, body: read.text, truncated: read.truncated }
    },
    async download(request) {
      const { body, host, status, headers } = await open(request)
      const unpacked = unpack(body, headers['content-encoding'])
      return { status, headers, body: readAll(unpacked, { limit: maxDownloadBytes, host }) }
    },
    close: () => agent.destroy(),
  }
}

interface Opened {
  status: number
  headers: Record<string, string>
  host: string
  body: Dispatcher.ResponseData['body']
}

async function send(
  agent: Agent,
  { method, headers = {}, body, signal }: HttpRequest,
  url: URL,
): Promise<Dispatcher.ResponseData> {
  return agent.request({
    origin: url.origin,
    path: url.pathname + url.search,
    method,
    headers: { 'accept-encoding': 'identity', 'user-agent': 'Heddle', ...checkHeaders(headers) },
    body: body ?? null,
    // The signal is the one time limit, from lookup to last byte.
    headersTimeout: 0,
    bodyTimeout: 0,
    ...(signal ? { signal } : {}),
  })
}

/** Names are lower-case; a header sent twice is joined as RFC 9110 has it. */
function flatten(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const flat: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value
  return flat
}
