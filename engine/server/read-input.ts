/** Reads what a call brings: JSON of bounded size, depth and keys, then exactly what its schema names. */
import express, {
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
import { z } from 'zod'
import type { Route } from '../contract/api/route.ts'
import { RefusedError } from './refused.ts'

const BODY_LIMIT = '2mb'
const MAX_DEPTH = 40
const MAX_KEYS = 200_000
/** Names that reach into an object's machinery instead of its values. */
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype'])

const NOTHING = z.strictObject({})
const paramSchemas: Record<string, z.ZodType> = { version: z.coerce.number().int().min(1) }
const idSchema = z.string().regex(/^[\w.:-]{1,128}$/, 'Not an id.')

const parseJson = express.json({ limit: BODY_LIMIT, inflate: false, type: 'application/json' })

/** Parses the body of JSON routes. The content type decides, never the content. */
export const readJsonBody: RequestHandler = (req, res, next) => {
  if (!hasBody(req)) {
    req.body = {}
    next()
    return
  }
  if (!req.is('application/json'))
    throw new RefusedError(415, 'not_json', 'Send the body as application/json.')
  parseJson(req, res, next)
}

const parseForm = express.urlencoded({
  limit: '64kb',
  inflate: false,
  extended: false,
  parameterLimit: 500,
  type: 'application/x-www-form-urlencoded',
})

/** Parses the body of a page's form. */
export const readFormBody: RequestHandler = (req, res, next) => {
  if (!req.is('application/x-www-form-urlencoded'))
    throw new RefusedError(415, 'not_a_form', 'Send the body as a form.')
  parseForm(req, res, (error?: unknown) => {
    // The parser's object has no prototype; a repeated field becomes a list, which no schema takes.
    if (!error) req.body = { ...(req.body as object) }
    next(error)
  })
}

const hasBody = (req: Request): boolean =>
  req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0

/** Raw uploads: the bytes as they are, in no envelope. */
export const checkRawBody: RequestHandler = (req, _res, next) => {
  if (req.is('multipart/*') || req.is('application/x-www-form-urlencoded'))
    throw new RefusedError(415, 'not_raw', 'Send the bytes of the file as the body, not a form.')
  if ((req.headers['content-encoding'] ?? 'identity') !== 'identity')
    throw new RefusedError(415, 'encoded', 'Send the file without a content encoding.')
  next()
}

export function pickBodyReader(
  route: Route,
): (req: Request, res: Response, next: NextFunction) => void {
  if (route.rawBody) return checkRawBody
  if (route.formBody) return readFormBody
  return route.method === 'GET' ? (_req, _res, next) => next() : readJsonBody
}

export interface Input {
  params: unknown
  query: unknown
  body: unknown
}

/** Throws a ZodError that names what is wrong by its path. */
export function readInput(route: Route, req: Request): Input {
  const names = Object.keys(req.params)
  const params = z.object(
    Object.fromEntries(names.map((name) => [name, paramSchemas[name] ?? idSchema])),
  )
  const takesBody = route.method !== 'GET' && !route.rawBody
  if (takesBody) refuseHostileShape(req.body)
  return {
    params: params.parse(req.params),
    query: (route.query ?? NOTHING).parse({ ...req.query }),
    body: takesBody ? (route.body ?? NOTHING).parse(req.body) : undefined,
  }
}

/** Walks without recursion, so that depth itself does no harm. */
export function refuseHostileShape(body: unknown): void {
  let keys = 0
  const queue: Array<{ value: unknown; depth: number }> = [{ value: body, depth: 0 }]
  for (let next = queue.pop(); next; next = queue.pop()) {
    const { value, depth } = next
    if (typeof value !== 'object' || value === null) continue
    if (depth > MAX_DEPTH) throw new RefusedError(400, 'too_deep', 'The body is nested too deeply.')
    for (const [key, child] of Object.entries(value)) {
      if (++keys > MAX_KEYS)
        throw new RefusedError(400, 'too_many_keys', 'The body has too many values.')
      if (FORBIDDEN_KEYS.has(key) || key.includes('\0'))
        throw new RefusedError(400, 'bad_key', 'The body has a key that is not allowed.')
      queue.push({ value: child, depth: depth + 1 })
    }
  }
}
