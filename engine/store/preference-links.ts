/** Signed links to people's preference pages: whoever holds one may see and change that person's
 *  consent and nothing else. No login, nothing stored. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { deriveKey } from './secrets.ts'

/** Links stand in messages that are read late; each message brings a new one. */
const VALID_MS = 400 * 86_400_000
const HOUR_MS = 3_600_000

export interface PreferenceLink {
  url: string
  expiresAt: string
}

export function createPreferenceLinks(secretsKey: Buffer, publicUrl: string) {
  const key = deriveKey(secretsKey, 'preference links')
  const sign = (text: string): string =>
    createHmac('sha256', key).update(text).digest('base64url').slice(0, 32)
  return {
    make(profileId: string, now: number): PreferenceLink {
      // In whole hours, so that a repeated page sends the same link.
      const hours = Math.floor((now + VALID_MS) / HOUR_MS)
      const text = `${Buffer.from(profileId).toString('base64url')}.${hours.toString(36)}`
      const url = new URL(`/preferences/${text}.${sign(text)}`, publicUrl).href
      return { url, expiresAt: new Date(hours * HOUR_MS).toISOString() }
    },
    /** The profile id of a link; undefined when it was changed or is too old. */
    read(token: string, now: number): string | undefined {
      const [id = '', hours = '', signature = ''] = token.split('.')
      const given = Buffer.from(signature)
      const expected = Buffer.from(sign(`${id}.${hours}`))
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
      if (!(Number.parseInt(hours, 36) * HOUR_MS > now)) return undefined
      return Buffer.from(id, 'base64url').toString()
    },
  }
}

export type PreferenceLinks = ReturnType<typeof createPreferenceLinks>
