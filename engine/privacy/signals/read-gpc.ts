/** Global Privacy Control: only a header of exactly `1` counts; anything else is as if absent. */

/** Node's `headersDistinct`, or any headers by name. A list holds the values of repeated headers. */
export type SignalHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

export function hasGpc(headers: SignalHeaders | undefined): boolean {
  if (headers === undefined) return false
  return Object.entries(headers).some(
    ([name, value]) =>
      name.toLowerCase() === 'sec-gpc' &&
      (typeof value === 'string' ? value === '1' : (value ?? []).includes('1')),
  )
}
