/** Headers that make browsers hold the fences. */
import type { RequestHandler } from 'express'

/** Styles may stand in attributes (the canvas places its cards so), scripts nowhere but in files. */
const policy = (inline: string): string =>
  [
    "default-src 'none'",
    `script-src 'self'${inline}`,
    `style-src 'self'${inline}`,
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

export interface SecurityHeaderOptions {
  /** Vite puts scripts and styles into the page itself; on an engineer's own machine only. */
  fromSource?: boolean
}

export function createSecurityHeaders(
  publicUrl: string,
  { fromSource = false }: SecurityHeaderOptions = {},
): RequestHandler {
  const contentSecurityPolicy = policy(fromSource ? " 'unsafe-inline'" : '')
  const isSecure = new URL(publicUrl).protocol === 'https:'
  return (req, res, next) => {
    res.set({
      'Content-Security-Policy': contentSecurityPolicy,
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
