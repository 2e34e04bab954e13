/** Guards against other sites: a page elsewhere may neither call us with the user's cookie, nor reach
 *  a server on loopback by a name that it controls. */
import type { Request } from 'express'
import { RefusedError } from '../refused.ts'

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/** Throws unless the request names us as its host (DNS rebinding). */
export function createHostCheck(publicUrl: string): (req: Request) => void {
  const allowed = new Set([...LOOPBACK, new URL(publicUrl).hostname])
  return (req) => {
    const name = hostname(req.headers.host)
    if (name === undefined || !allowed.has(name))
      throw new RefusedError(
        403,
        'host_not_allowed',
        'The server does not answer under this name. Use the address it was started with.',
      )
  }
}

function hostname(host: string | undefined): string | undefined {
  const url = `http://${host ?? ''}`
  return host && /^[\w.:[\]-]+$/.test(host) && URL.canParse(url) ? new URL(url).hostname : undefined
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Throws when a changing call comes from another site (CSRF). Calls with a token carry no cookie. */
export function refuseCrossSite(req: Request, withCookie: boolean): void {
  if (SAFE.has(req.method) || req.headers.authorization !== undefined) return
  const { origin, host } = req.headers
  const site = req.headers['sec-fetch-site']
  const sameOrigin =
    origin === undefined
      ? site === 'same-origin' || (site === undefined && !withCookie)
      : URL.canParse(origin) && new URL(origin).host === host && site !== 'cross-site'
  if (!sameOrigin)
    throw new RefusedError(
      403,
      'cross_site',
      'The call did not come from the editor. Scripts use an API token instead of the cookie.',
    )
}
