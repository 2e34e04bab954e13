/** Which network addresses requests may go to: public ones, and those an administrator allowed. */
import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6
type Network = [Address, number]

/** Tells why an address may not be called; undefined when it may. */
export type AddressGuard = (address: string) => string | undefined

/** Public IPv6 lies in here; mapped, NAT64, 6to4 and Teredo forms are refused with all the rest. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3')
/** In a public range, but answered by the machine's own cloud (Azure's WireServer). */
const PUBLIC_LOOKING: readonly Network[] = [ipaddr.IPv4.parseCIDR('168.63.129.16/32')]
const LOOPBACK = ['127.0.0.0/8', '::1/128']

/** `allowed`: networks as `10.0.0.0/8`, or `loopback`. Throws when one cannot be read. */
export function createAddressGuard(allowed: readonly string[] = []): AddressGuard {
  const networks = allowed
    .flatMap((entry) => (entry === 'loopback' ? LOOPBACK : [entry]))
    .map((entry): Network => ipaddr.parseCIDR(entry))
  return (text) => {
    if (!ipaddr.isValid(text)) return 'not an address'
    const address = ipaddr.parse(text)
    return networks.some((network) => contains(network, address)) ? undefined : reason(address)
  }
}

function reason(address: Address): string | undefined {
  if (PUBLIC_LOOKING.some((network) => contains(network, address))) return 'cloud service'
  const range = address.range()
  if (range !== 'unicast') return range
  return address.kind() === 'ipv6' && !contains(GLOBAL_UNICAST, address) ? 'reserved' : undefined
}

const contains = ([network, bits]: Network, address: Address): boolean =>
  network.kind() === address.kind() && address.match(network, bits)
