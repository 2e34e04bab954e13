/** What a receiver's answer means for the items of a request. */
import { RejectedError } from '../../../engine/contract/error.ts'
import type { HttpAnswer } from '../../../engine/contract/services.ts'

export type Fate =
  | { kind: 'delivered'; status: number }
  | { kind: 'refused'; status: number }
  | { kind: 'stopped'; reason: string }
  | { kind: 'later'; status: number; afterMs: number | undefined }

/** What the receiver said, where it was asked. */
export type AnsweredFate = Exclude<Fate, { kind: 'stopped' }>

/** Statuses that a later attempt may change, besides those of 500 and above. */
const PASSING: ReadonlySet<number> = new Set([408, 423, 425, 429])
const MAX_WAIT_MS = 24 * 3_600_000

export function judgeStatus(status: number, retryAfter?: string, now = Date.now()): AnsweredFate {
  if (status >= 200 && status < 300) return { kind: 'delivered', status }
  if (status >= 500 || PASSING.has(status))
    return { kind: 'later', status, afterMs: readRetryAfter(retryAfter, now) }
  return { kind: 'refused', status }
}

/** RFC 9110: seconds or a date; undefined when it says neither. */
export function readRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined
  const text = value.trim()
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now
  return Number.isNaN(ms) ? undefined : Math.min(MAX_WAIT_MS, Math.max(0, ms))
}

/** Answers that say the settings are wrong: every further request would be refused alike. */
export function refuseSettings(
  { status }: HttpAnswer,
  { nodeName, nodeId, host }: { nodeName: string; nodeId: string; host: string },
): void {
  const reject = (code: string, reason: string): never => {
    throw new RejectedError(code, `"${nodeName}": ${host} ${reason}`, { nodeId })
  }
  if (status === 401 || status === 403)
    reject('webhook_unauthorised', `refused our credentials (${status}). Check its connection.`)
  if (status === 404 || status === 405)
    reject('webhook_not_found', `knows no such address or method (${status}). Check the address.`)
  if (status === 410)
    reject('webhook_disabled', 'wants no more requests (410). Remove the step or ask the receiver.')
  if (status >= 300 && status < 400)
    reject('webhook_moved', `answered with a redirect (${status}). Enter the final address.`)
}

/** Fates by item id, when the answer to a batch names them: `{results: [{id, status}]}`. */
export function readResults(body: string): Map<string, number> | undefined {
  const results = parseResults(body)
  if (!results) return undefined
  const statuses = new Map<string, number>()
  for (const entry of results) {
    const { id, status } = (entry ?? {}) as { id?: unknown; status?: unknown }
    if (typeof id === 'string' && typeof status === 'number') statuses.set(id, status)
  }
  return statuses
}

function parseResults(body: string): unknown[] | undefined {
  try {
    const answer = JSON.parse(body) as { results?: unknown } | null
    return Array.isArray(answer?.results) ? (answer.results as unknown[]) : undefined
  } catch {
    return undefined
  }
}
