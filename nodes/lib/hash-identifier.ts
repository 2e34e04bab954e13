/**
 * Identifiers as each platform wants them hashed: one normaliser for each, because they differ. What
 * cannot be an identifier gives a reason instead of a hash; an empty text is never hashed.
 */
import { createHash } from 'node:crypto'
import { normaliseEmail } from '../../engine/identity/normalise-email.ts'
import { normalisePhone } from '../../engine/identity/normalise-phone.ts'
import { isSet } from './field-path.ts'

export type HashPlatform = 'google' | 'meta' | 'uid2' | 'tiktok' | 'snap'
export type HashKind = 'email' | 'phone' | 'name'

/** `md5`: a digest of 32 characters, which no platform takes and some libraries let slip out. */
export type HashRefusal =
  'empty' | 'not_an_email' | 'not_a_phone' | 'no_region' | 'md5' | 'not_taken'

export type Hashed = { value: string } | { refused: HashRefusal }

export interface HashRequest {
  platform: HashPlatform
  kind: HashKind
  raw: unknown
  /** Country of phone numbers without a country code; without one they are refused. */
  region?: string | undefined
}

type Plain = { text: string } | { refused: HashRefusal }
type Normaliser = (raw: string, region: string | undefined) => Plain

const refuse = (refused: HashRefusal): { refused: HashRefusal } => ({ refused })

const readEmail = (raw: string): Plain => {
  const text = raw.trim().toLowerCase()
  return 'value' in normaliseEmail(text) ? { text } : refuse('not_an_email')
}

/** Dots and what follows a plus name the same box, at these hosts only. */
const toOneBox = (email: string, hosts: readonly string[]): string => {
  const at = email.lastIndexOf('@')
  if (!hosts.includes(email.slice(at + 1))) return email
  const box = email.slice(0, at).split('+')[0] ?? ''
  return `${box.replaceAll('.', '')}${email.slice(at)}`
}

const boxed =
  (hosts: readonly string[]): Normaliser =>
  (raw) => {
    const read = readEmail(raw.replace(/\s/gu, ''))
    if ('refused' in read) return read
    const text = toOneBox(read.text, hosts)
    return text.startsWith('@') ? refuse('not_an_email') : { text }
  }

const e164: Normaliser = (raw, region) => {
  const phone = normalisePhone(raw, region === undefined ? {} : { defaultRegion: region })
  if ('value' in phone) return { text: phone.value }
  return refuse(phone.refused === 'phone_region_missing' ? 'no_region' : 'not_a_phone')
}

const digits: Normaliser = (raw, region) => {
  const phone = e164(raw, region)
  return 'refused' in phone ? phone : { text: phone.text.replace(/\D/g, '').replace(/^0+/, '') }
}

const TITLES = /^(mr|mrs|ms|miss|dr|prof)\.?\s+/u

const bareName: Normaliser = (raw) => ({
  text: raw.trim().toLowerCase().replace(TITLES, '').trim(),
})
/** Lower case without punctuation, other writing kept as it is. */
const wordsOnly: Normaliser = (raw) => ({
  text: raw
    .trim()
    .toLowerCase()
    .replace(/[\p{P}\p{S}\s]/gu, ''),
})
const notTaken: Normaliser = () => refuse('not_taken')

const NORMALISERS: Record<HashPlatform, Record<HashKind, Normaliser>> = {
  google: { email: boxed(['gmail.com', 'googlemail.com']), phone: e164, name: bareName },
  meta: { email: readEmail, phone: digits, name: wordsOnly },
  uid2: { email: boxed(['gmail.com']), phone: e164, name: notTaken },
  tiktok: { email: (raw) => readEmail(raw.replace(/\s/gu, '')), phone: e164, name: notTaken },
  snap: { email: readEmail, phone: digits, name: wordsOnly },
}

const SHA256 = /^[0-9a-f]{64}$/i
const MD5 = /^[0-9a-f]{32}$/i

const encode = (digest: Buffer, platform: HashPlatform): string =>
  digest.toString(platform === 'uid2' ? 'base64' : 'hex')

/** What is a SHA-256 already is only put into the platform's form. */
export function hashIdentifier({ platform, kind, raw, region }: HashRequest): Hashed {
  if (typeof raw !== 'string' && typeof raw !== 'number') return refuse('empty')
  const text = String(raw)
  if (!isSet(text) || text.trim() === '') return refuse('empty')
  if (SHA256.test(text.trim())) return { value: encode(Buffer.from(text.trim(), 'hex'), platform) }
  if (platform === 'uid2' && /^[A-Za-z0-9+/]{43}=$/.test(text.trim())) return { value: text.trim() }
  if (MD5.test(text.trim())) return refuse('md5')
  const plain = NORMALISERS[platform][kind](text, region)
  if ('refused' in plain) return plain
  if (plain.text === '') return refuse('empty')
  return { value: encode(createHash('sha256').update(plain.text, 'utf8').digest(), platform) }
}
