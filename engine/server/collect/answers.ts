/** Answers of the collect endpoints, with what browsers of other sites need to be let through. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { SourceDocument } from '../../store/sources.ts'

export interface Refused {
  status: number
  code: string
  message: string
  retryAfterS?: number
}

const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')

const crossOrigin = (req: IncomingMessage): Record<string, string> => {
  const { origin } = req.headers
  return origin === undefined
    ? {}
    : {
        'Access-Control-Allow-Origin': origin,
        'Access-Control-Allow-Credentials': 'true',
        Vary: 'Origin',
      }
}

export function sendPreflight(req: IncomingMessage, res: ServerResponse): void {
  const asked = req.headers['access-control-request-headers']
  res.writeHead(204, {
    ...crossOrigin(req),
    'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
    'Access-Control-Allow-Headers':
      asked ?? 'Authorization, Content-Type, Content-Encoding, X-Retry-Count, X-Write-Key',
    'Access-Control-Max-Age': '86400',
    ...(req.headers['access-control-request-private-network'] === 'true'
      ? { 'Access-Control-Allow-Private-Network': 'true' }
      : {}),
  })
  res.end()
}

export function sendJson(req: IncomingMessage, res: ServerResponse, body: object): void {
  const text = JSON.stringify(body)
  res.writeHead(200, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    ...crossOrigin(req),
  })
  res.end(text)
}

export function sendNothing(req: IncomingMessage, res: ServerResponse): void {
  res.writeHead(204, crossOrigin(req))
  res.end()
}

export function sendPixel(req: IncomingMessage, res: ServerResponse): void {
  res.writeHead(200, {
    'Content-Type': 'image/gif',
    'Content-Length': PIXEL.length,
    'Cache-Control': 'no-store',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    ...crossOrigin(req),
  })
  res.end(PIXEL)
}

export function sendRefused(
  req: IncomingMessage,
  res: ServerResponse,
  { status, code, message, retryAfterS }: Refused,
): void {
  if (res.headersSent || res.destroyed) return
  const text = JSON.stringify({ success: false, error: { code, message } })
  res.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    ...(retryAfterS === undefined ? {} : { 'Retry-After': String(retryAfterS) }),
    // The rest of a body that is too large is not read.
    ...(status === 413 ? { Connection: 'close' } : {}),
    ...crossOrigin(req),
  })
  res.end(text)
}

/** What Segment's browser library asks for before it starts. */
export const browserSettings = (writeKey: string, req: IncomingMessage): object => ({
  integrations: {
    'Segment.io': {
      apiKey: writeKey,
      apiHost: `${req.headers.host ?? ''}/v1`,
      protocol: req.headers['x-forwarded-proto'] === 'https' ? 'https' : 'http',
      unbundledIntegrations: [],
      addBundledMetadata: true,
      versionSettings: { version: '4.4.7', componentTypes: ['browser'] },
    },
  },
  plan: {
    track: { __default: { enabled: true, integrations: {} } },
    identify: { __default: { enabled: true } },
    group: { __default: { enabled: true } },
  },
  edgeFunction: {},
  analyticsNextEnabled: true,
  middlewareSettings: {},
  enabledMiddleware: {},
  metrics: { sampleRate: 0 },
  legacyVideoPluginsEnabled: false,
  remotePlugins: [],
})

export const isOriginAllowed = (req: IncomingMessage, source: SourceDocument): boolean =>
  source.allowedOrigins.length === 0 ||
  req.headers.origin === undefined ||
  source.allowedOrigins.includes(req.headers.origin)
