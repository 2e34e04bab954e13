/** Turns whatever was thrown into an answer a person can act on. Nothing inside is shown. */
import { randomUUID } from 'node:crypto'
import type { ErrorRequestHandler } from 'express'
import type { Logger } from 'pino'
import { ZodError } from 'zod'
import type { ApiError } from '../contract/api/route.ts'
import { RejectedError, RetryableError } from '../contract/error.ts'
import { ConflictError, NotFoundError, ProblemsError } from '../store/store-errors.ts'
import { RefusedError } from './refused.ts'

interface ErrorAnswer {
  status: number
  error: ApiError
  headers?: Record<string, string>
}

export function createErrorHandler(log: Logger): ErrorRequestHandler {
  return (error: unknown, req, res, _next) => {
    const answer = describeError(error) ?? describeUnknown(error, log)
    if (res.headersSent) {
      res.destroy()
      return
    }
    res
      .status(answer.status)
      .set(answer.headers ?? {})
      .json({ error: answer.error })
  }
}

function describeError(error: unknown): ErrorAnswer | undefined {
  if (error instanceof ZodError) return { status: 400, error: describeInput(error) }
  if (error instanceof RefusedError)
    return { status: error.status, error: pick(error), headers: error.headers }
  if (error instanceof ConflictError)
    return { status: 409, error: { ...pick(error), current: error.current } }
  if (error instanceof ProblemsError)
    return {
      status: 422,
      error: {
        code: 'flow_has_problems',
        message: error.message,
        fix: 'Solve the problems marked as errors, then publish again.',
        problems: [...error.problems],
      },
    }
  if (error instanceof NotFoundError)
    return { status: 404, error: { code: 'not_found', message: error.message } }
  if (error instanceof RejectedError)
    return { status: error.code.startsWith('unknown_') ? 404 : 422, error: pick(error) }
  if (error instanceof RetryableError) {
    const seconds = Math.max(1, Math.ceil((error.afterMs ?? 5_000) / 1_000))
    return { status: 503, error: pick(error), headers: { 'Retry-After': String(seconds) } }
  }
  return describeUnreadable(error)
}

const pick = ({ code, message }: { code: string; message: string }): ApiError => ({ code, message })

function describeInput(error: ZodError): ApiError {
  const fields = error.issues.slice(0, 50).map((issue) => {
    const extra = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
    return { path: [...issue.path, ...extra].join('.'), message: issue.message }
  })
  const named = fields.map(({ path, message }) => (path ? `${path}: ${message}` : message))
  return {
    code: 'bad_input',
    message: `The call is not as it should be. ${named[0] ?? ''}`.trim(),
    fix: 'Correct the fields named.',
    fields,
  }
}

/** What Express and its parsers say of requests they cannot read. */
function describeUnreadable(error: unknown): ErrorAnswer | undefined {
  const status = (error as { status?: unknown } | null)?.status
  if (status === 413)
    return { status, error: { code: 'too_large', message: 'The body is larger than allowed.' } }
  if (status === 415)
    return { status, error: { code: 'encoded', message: 'Send the body without an encoding.' } }
  if (status === 404)
    return { status, error: { code: 'not_found', message: 'There is nothing at this address.' } }
  return typeof status === 'number' && status >= 400 && status < 500
    ? { status, error: { code: 'unreadable', message: 'The request could not be read.' } }
    : undefined
}

function describeUnknown(error: unknown, log: Logger): ErrorAnswer {
  const reference = randomUUID()
  log.error({ reference, ...placeOf(error) }, 'A call failed unexpectedly')
  return {
    status: 500,
    error: {
      code: 'internal',
      message: `Something went wrong in Heddle itself. The log tells more under ${reference}.`,
    },
  }
}

/** Where it went wrong. The message is left out: drivers and parsers put values into it. */
function placeOf(error: unknown): { kind: string; code?: unknown; at: string[] } {
  if (!(error instanceof Error)) return { kind: typeof error, at: [] }
  const lines = (error.stack ?? '').split('\n').map((line) => line.trim())
  const at = lines.filter((line) => line.startsWith('at ')).slice(0, 12)
  const code = (error as { code?: unknown }).code
  return { kind: error.name, ...(code === undefined ? {} : { code }), at }
}
