/** Where a redirect leads and what may go along; the new address is checked like any other. */
import type { HttpRequest } from '../contract/services.ts'
import { EgressRefusal } from './egress-error.ts'

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
/** Credentials, signatures and keys were meant for the first receiver only. */
const GOES_ALONG: ReadonlySet<string> = new Set(['accept', 'content-type', 'user-agent'])

export const isRedirect = (status: number, location: string | undefined): location is string =>
  REDIRECTS.has(status) && location !== undefined

export function followRedirect(
  request: HttpRequest,
  { status, location }: { status: number; location: string },
): HttpRequest {
  const from = new URL(request.url)
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined
  if (!to) throw refused(`${from.hostname} redirects to an address that cannot be read.`)
  if (from.protocol === 'https:' && to.protocol === 'http:')
    throw refused(`${from.hostname} redirects from https:// to http://.`)
  const { body, headers = {}, ...rest } = request
  const next = {
    ...rest,
    url: to.href,
    headers: to.origin === from.origin ? headers : cut(headers),
  }
  const becomesGet = status === 303 || (status < 303 && request.method === 'POST')
  if (becomesGet) return { ...next, method: 'GET' }
  return body === undefined ? next : { ...next, body }
}

export const tooManyRedirects = (host: string): EgressRefusal =>
  refused(`${host} redirects too many times.`)

const refused = (reason: string): EgressRefusal =>
  new EgressRefusal('egress_bad_redirect', `${reason} Enter the final address.`)

const cut = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => GOES_ALONG.has(name.toLowerCase())))
