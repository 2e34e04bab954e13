/** The country a phone number without a country code is read as of. */
import type { Fields } from '../../engine/contract/json.ts'
import { normaliseCountry } from '../../engine/identity/normalise-traits.ts'
import { readPath } from './field-path.ts'

export interface RegionSettings {
  /** Field that holds the country, as a code or a name; empty for none. */
  regionField: string
  /** Country of records without one there, ISO 3166-1 alpha-2; empty for the flow's own. */
  region?: string
}

/** Of each record: the country in its field, else the step's, else the flow's. */
export function createRegionReader(
  { regionField, region }: RegionSettings,
  flowRegion: string | undefined,
): (fields: Fields) => string | undefined {
  const fallback = region || flowRegion
  if (regionField === '') return () => fallback
  const known = new Map<string, string | undefined>()
  return (fields) => {
    const value = readPath(fields, regionField)
    if (typeof value !== 'string') return fallback
    let code = known.get(value)
    if (code === undefined && !known.has(value)) {
      const result = normaliseCountry(value)
      code = 'value' in result ? result.value : undefined
      known.set(value, code)
    }
    return code ?? fallback
  }
}
