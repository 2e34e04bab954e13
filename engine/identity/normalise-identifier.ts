/**
 * Raw identifier of an event -> its one comparable form, or the reason it identifies nobody.
 * E-mail and phone have rules of their own; every other kind is text the sender chose.
 */
import { normaliseEmail } from './normalise-email.ts'
import type { Identifier } from './types.ts'
import { normalisePhone, type PhoneOptions } from './normalise-phone.ts'
import { refuse, type Normalised } from './refusal.ts'

const MAX_TEXT = 500

// NUL and its like break stores and logs; a lone surrogate cannot be written as UTF-8.
const unreadable = /[\p{Cc}\p{Cs}]/u

const normaliseText = (raw: unknown): Normalised => {
  if (typeof raw !== 'string' && !Number.isSafeInteger(raw)) return refuse('not_text')
  const trimmed = String(raw).trim()
  if (trimmed === '') return refuse('empty')
  if (trimmed.length > MAX_TEXT) return refuse('too_long')
  if (unreadable.test(trimmed)) return refuse('unreadable_character')
  const value = trimmed.normalize('NFC')
  return value.length > MAX_TEXT ? refuse('too_long') : { value }
}

export const normaliseIdentifier = (
  type: string,
  raw: unknown,
  options: PhoneOptions = {},
): Normalised => {
  if (type === 'email') return normaliseEmail(raw)
  if (type === 'phone') return normalisePhone(raw, options)
  return normaliseText(raw)
}

/** In its comparable form; none when it identifies nobody. */
export function readIdentifier(type: string, raw: unknown): Identifier[] {
  const result = normaliseIdentifier(type, raw)
  return 'value' in result ? [{ type, value: result.value }] : []
}
