/**
 * The connection's own lookup: the addresses that were checked are those connected to, so a name that
 * resolves differently a moment later gains nothing.
 */
import { lookup as lookupByName, type LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { promisify } from 'node:util'
import type { AddressGuard } from './address-guard.ts'
import { blockedAddress } from './check-url.ts'
import { EgressFailure } from './egress-error.ts'

/** All addresses of a name. */
export type Resolver = (hostname: string) => Promise<LookupAddress[]>

const lookupAll = promisify(lookupByName)
export const systemResolver: Resolver = (hostname) => lookupAll(hostname, { all: true })

export function createCheckedLookup(resolve: Resolver, guard: AddressGuard): LookupFunction {
  return (hostname, { all }, callback) => {
    resolveChecked(hostname, resolve, guard).then(
      (addresses) => {
        const [first] = addresses
        if (all) callback(null, addresses)
        else callback(null, first.address, first.family)
      },
      (error: unknown) => callback(error as NodeJS.ErrnoException, '', 0),
    )
  }
}

/** One blocked address among several refuses the name: which is used is not ours to choose. */
async function resolveChecked(
  hostname: string,
  resolve: Resolver,
  guard: AddressGuard,
): Promise<[LookupAddress, ...LookupAddress[]]> {
  const [first, ...others] = await resolve(hostname).catch((error: unknown) => {
    throw unknownName(hostname, error)
  })
  if (!first) throw unknownName(hostname)
  for (const { address } of [first, ...others]) {
    const blocked = guard(address)
    if (blocked !== undefined) throw blockedAddress(hostname, blocked)
  }
  return [first, ...others]
}

const unknownName = (hostname: string, cause?: unknown): EgressFailure =>
  new EgressFailure('egress_dns', `No address is known for ${hostname}. Check its spelling.`, {
    cause,
  })
