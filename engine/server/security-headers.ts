/** Headers that make browsers hold the fences. */
import type { RequestHandler } from 'express'

/** Styles may stand in attributes (the canvas places its cards so), scripts nowhere but in files. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

export function createSecurityHeaders(publicUrl: string): RequestHandler {
  const isSecure = new URL(publicUrl).protocol === 'https:'
  return (req, res, next) => {
    res.set({
      'Content-Security-Policy': POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
    })
    if (isSecure) res.set('Strict-Transport-Security', 'max-age=31536000; includeSubDomains')
    if (isApi(req.path)) res.set('Cache-Control', 'no-store')
    next()
  }
}

export const isApi = (path: string): boolean => /^\/api(\/|$)/i.test(path)
