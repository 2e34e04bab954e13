/**
 * Phone number -> E.164. A number without country code needs the region of its source; a number
 * with an extension reaches a switchboard, not a person, and is refused as a key.
 */
import {
  isSupportedCountry,
  ParseError,
  parsePhoneNumberWithError,
  type CountryCode,
} from 'libphonenumber-js/max'
import { refuse, type Normalised, type RefusalCode } from './refusal.ts'

export type PhoneOptions = { defaultRegion?: string | undefined }

const refusalOfParseError: Record<string, RefusalCode> = {
  INVALID_COUNTRY: 'phone_region_missing',
  TOO_SHORT: 'phone_impossible',
  TOO_LONG: 'phone_impossible',
}

const regionOf = (region: string | undefined): CountryCode | undefined => {
  const upper = region?.toUpperCase()
  return upper !== undefined && isSupportedCountry(upper) ? upper : undefined
}

// RFC 3966 without parameters, as links carry it; with parameters the parser knows the form.
const telPrefix = /^tel:(?=[^;]*$)/i

const parse = (text: string, region: CountryCode | undefined): Normalised => {
  // `extract: false`: a number inside other text ("=+1650…", "call +1…") is not a number.
  const options = { extract: false, ...(region && { defaultCountry: region }) }
  const number = parsePhoneNumberWithError(text, options)
  if (number.ext !== undefined) return refuse('phone_extension')
  return number.isValid() ? { value: number.number } : refuse('phone_impossible')
}

export const normalisePhone = (raw: unknown, options: PhoneOptions = {}): Normalised => {
  if (typeof raw !== 'string' && !Number.isSafeInteger(raw)) return refuse('not_text')
  const text = String(raw).trim()
  if (text === '') return refuse('empty')
  try {
    return parse(text.replace(telPrefix, ''), regionOf(options.defaultRegion))
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    return refuse(refusalOfParseError[error.message] ?? 'phone_malformed')
  }
}
