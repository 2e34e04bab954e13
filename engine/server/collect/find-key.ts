/** The write key of a request, in any of the forms the official clients use. */
import type { IncomingMessage } from 'node:http'

/** Candidates in order; the first one that is known counts. */
export function keysOf(req: IncomingMessage, query: URLSearchParams): string[] {
  const found: string[] = []
  const { authorization } = req.headers
  if (authorization !== undefined) {
    const [scheme = '', value = ''] = authorization.split(' ')
    if (scheme.toLowerCase() === 'basic') found.push(userOf(value), value)
    else if (scheme.toLowerCase() === 'bearer') found.push(value)
    found.push(authorization)
  }
  const header = req.headers['x-write-key']
  if (typeof header === 'string') found.push(header, header.split(':')[0] ?? '')
  for (const name of ['writeKey', 'writekey', 'write_key']) found.push(query.get(name) ?? '')
  return found.filter((key) => key !== '')
}

/** Basic: the key is the user, the password is empty. */
const userOf = (encoded: string): string =>
  Buffer.from(encoded, 'base64').toString('utf8').split(':')[0] ?? ''

/** `id:***` is how Jitsu hides its key; the header holds the real one. */
export function keyOfBody(value: unknown): string[] {
  return typeof value === 'string' && value !== '' ? [value, value.split(':')[0] ?? ''] : []
}
