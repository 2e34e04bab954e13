/** Reads an address the way the connection will, and refuses it before anything is looked up. */
import ipaddr from 'ipaddr.js'
import type { AddressGuard } from './address-guard.ts'
import { EgressRefusal } from './egress-error.ts'

export interface UrlRules {
  guard: AddressGuard
  ports: ReadonlySet<number> | 'any'
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 }

/** WHATWG parsing folds `0x7f.1`, `2130706433`, full-width digits and the like into one form. */
export function checkUrl(text: string, { guard, ports }: UrlRules): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url) return refuse('The address cannot be read. Enter one as https://example.com/path.')
  const defaultPort = DEFAULT_PORTS[url.protocol]
  if (defaultPort === undefined)
    return refuse(`Addresses of the kind "${url.protocol}" are not called. Use https://.`)
  if (url.username || url.password)
    return refuse(`The address of ${url.hostname} holds a password. Put it into a connection.`)
  const port = url.port ? Number(url.port) : defaultPort
  if (ports !== 'any' && !ports.has(port))
    return refuse(`Port ${port} of ${url.hostname} is not allowed. Ask an engineer to allow it.`)
  checkLiteral(url.hostname, guard)
  return url
}

/** A literal address never reaches the connection's lookup, so it is judged here. */
function checkLiteral(hostname: string, guard: AddressGuard): void {
  const literal = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
  const blocked = ipaddr.isValid(literal) ? guard(literal) : undefined
  if (blocked !== undefined) throw blockedAddress(hostname, blocked)
}

export const blockedAddress = (host: string, reason: string): EgressRefusal =>
  new EgressRefusal(
    'egress_blocked_address',
    `${host} is not a public address (${reason}). Use a public one, or ask an engineer to allow it.`,
  )

function refuse(message: string): never {
  throw new EgressRefusal('egress_bad_url', message)
}
