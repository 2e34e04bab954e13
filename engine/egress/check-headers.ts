/** Refuses headers that could change where or how a request goes, or start a second one. */
import { EgressRefusal } from './egress-error.ts'

const NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/
/** Visible signs, blanks and the upper half of Latin-1: no line ends, no NUL. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/
/** Set by the connection itself. */
const OWN: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** The headers with lower-case names. Messages never repeat a value: it may be a secret. */
export function checkHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const checked: Record<string, string> = {}
  for (const [given, value] of Object.entries(headers)) {
    const name = given.toLowerCase()
    if (!NAME.test(given) || OWN.has(name) || name.startsWith('proxy-'))
      return refuse(`The header ${JSON.stringify(given.slice(0, 40))} cannot be set. Remove it.`)
    if (!VALUE.test(value))
      return refuse(`The header "${given}" holds a line end or other sign it must not. Change it.`)
    checked[name] = value
  }
  return checked
}

function refuse(message: string): never {
  throw new EgressRefusal('egress_bad_header', message)
}
