/**
 * E-mail address -> comparable form: trimmed, lower case, NFC, domain in ASCII (punycode).
 * Accepts what the HTML Standard calls a valid address, plus quoted and non-ASCII local parts.
 * Dots and +suffixes are kept: folding them is a rule of single providers, not of e-mail.
 */
import { refuse, type Normalised } from './refusal.ts'

const MAX_EMAIL = 254
const LOCAL = 1
const DOMAIN = 2
const UPPER = 4

const AT = 64
const DOT = 46
const HYPHEN = 45

const charClass = new Uint8Array(128)
const mark = (chars: string, bits: number): void => {
  for (const char of chars) charClass[char.charCodeAt(0)] = bits
}
mark("!#$%&'*+/=?^_`{|}~", LOCAL)
mark('abcdefghijklmnopqrstuvwxyz0123456789.-', LOCAL | DOMAIN)
mark('ABCDEFGHIJKLMNOPQRSTUVWXYZ', LOCAL | DOMAIN | UPPER)

const isLetter = (code: number): boolean => (code | 32) >= 97 && (code | 32) <= 122

/** Labels of 1 to 63, two or more, no hyphen at an end, the last not a number. */
const hasDomainShape = (text: string, from: number): boolean => {
  let labelStart = from
  let labels = 0
  for (let i = from; i <= text.length; i++) {
    if (i < text.length && text.charCodeAt(i) !== DOT) continue
    const length = i - labelStart
    if (length < 1 || length > 63) return false
    if (text.charCodeAt(labelStart) === HYPHEN || text.charCodeAt(i - 1) === HYPHEN) return false
    labels++
    if (i < text.length) labelStart = i + 1
  }
  return labels > 1 && isLetter(text.charCodeAt(labelStart))
}

/** The common case in one pass over the characters; undefined means "look closer". */
const plainEmail = (text: string): string | undefined => {
  if (text.length > MAX_EMAIL) return undefined
  let at = -1
  let seen = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === AT) {
      if (at >= 0 || i === 0) return undefined
      at = i
      continue
    }
    const bits = code < 128 ? (charClass[code] ?? 0) : 0
    if ((bits & (at < 0 ? LOCAL : DOMAIN)) === 0) return undefined
    seen |= bits
  }
  if (at < 0 || !hasDomainShape(text, at + 1)) return undefined
  const plain = (seen & UPPER) === 0 ? text : text.toLowerCase()
  return plain.includes('xn--', at) ? undefined : plain
}

const unreadable = /[\p{Cc}\p{Cf}\p{Cs}]/u
const plainLocal = /^[^\s@"(),:;<>[\]\\]+$/u
const quotedLocal = /^"(?:[^"\\]|\\.)*"$/u
const notInDomain = /[\s/?#:@%\\[\]<>^|]/u
const asciiDomain = /^[a-z0-9.-]+$/

const toAsciiDomain = (domain: string): string | undefined => {
  if (domain === '' || notInDomain.test(domain)) return undefined
  try {
    const host = new URL(`http://${domain}`).hostname
    return asciiDomain.test(host) && hasDomainShape(host, 0) ? host : undefined
  } catch {
    return undefined
  }
}

const unusualEmail = (trimmed: string): Normalised => {
  if (trimmed === '') return refuse('empty')
  if (trimmed.length > MAX_EMAIL) return refuse('too_long')
  if (unreadable.test(trimmed)) return refuse('unreadable_character')
  const text = trimmed.normalize('NFC').toLowerCase().normalize('NFC')
  const at = text.lastIndexOf('@')
  const local = text.slice(0, Math.max(at, 0))
  if (!plainLocal.test(local) && !quotedLocal.test(local)) return refuse('email_malformed')
  const domain = toAsciiDomain(text.slice(at + 1))
  if (domain === undefined) return refuse('email_domain_malformed')
  const value = `${local}@${domain}`
  return value.length > MAX_EMAIL ? refuse('too_long') : { value }
}

export const normaliseEmail = (raw: unknown): Normalised => {
  if (typeof raw !== 'string') return refuse('not_text')
  const trimmed = raw.trim()
  const value = plainEmail(trimmed)
  return value === undefined ? unusualEmail(trimmed) : { value }
}
