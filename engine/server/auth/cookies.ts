/** The session cookie, and the one by which a browser that signed in before is known again. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { CookieOptions, Request, Response } from 'express'
import { deriveKey } from '../../store/secrets.ts'
import { ABSOLUTE_MS } from '../../store/sessions.ts'

const YEAR_MS = 365 * 24 * 3_600_000

export function createCookies(publicUrl: string, secretsKey: Buffer) {
  const url = new URL(publicUrl)
  const secure = url.protocol === 'https:'
  // Cookies are shared by all ports of a host: two instances beside each other need two names.
  const suffix = url.port === '' ? '' : `_${url.port}`
  const prefix = secure ? '__Host-' : ''
  const session = `${prefix}heddle_session${suffix}`
  const device = `${prefix}heddle_device${suffix}`
  const key = deriveKey(secretsKey, 'device')
  const shared: CookieOptions = { httpOnly: true, sameSite: 'strict', secure, path: '/' }

  const sign = (userId: string): string =>
    createHmac('sha256', key).update(userId).digest('base64url')

  return {
    session,
    readSession: (req: Request): string | undefined => readCookie(req, session),
    setSession(res: Response, secret: string): void {
      res.cookie(session, secret, { ...shared, maxAge: ABSOLUTE_MS })
    },
    clearSession(res: Response): void {
      res.clearCookie(session, shared)
    },
    setDevice(res: Response, userId: string): void {
      res.cookie(device, sign(userId), { ...shared, maxAge: YEAR_MS })
    },
    /** Whether this user signed in from this browser before. */
    knowsDevice(req: Request, userId: string): boolean {
      const given = Buffer.from(readCookie(req, device) ?? '')
      const expected = Buffer.from(sign(userId))
      return given.length === expected.length && timingSafeEqual(given, expected)
    },
  }
}

export type Cookies = ReturnType<typeof createCookies>

/** Values are our own base64url, so that nothing needs decoding. */
function readCookie(req: Request, name: string): string | undefined {
  const parts = (req.headers.cookie ?? '').split(';').map((part) => part.trim())
  const found = parts.find((part) => part.startsWith(`${name}=`))
  return found?.slice(name.length + 1)
}
