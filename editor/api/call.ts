/** The typed client: every route of the contract's table, its answer parsed by the route's schema. */
import type { z } from 'zod'
import { routes, type RouteId } from '../../engine/contract/api.ts'
import { apiErrorSchema, type Route } from '../../engine/contract/api/route.ts'
import { ApiFailure } from './api-failure.ts'

type Schema<Id extends RouteId, Key extends 'query' | 'body'> = (typeof routes)[Id] extends {
  [K in Key]: infer S
}
  ? S extends z.ZodType
    ? z.input<S>
    : never
  : never

export type Answer<Id extends RouteId> = z.output<(typeof routes)[Id]['answer']>
export type Body<Id extends RouteId> = Schema<Id, 'body'>

export interface CallInput<Id extends RouteId> {
  params?: Record<string, string | number>
  query?: Schema<Id, 'query'>
  body?: Body<Id>
  signal?: AbortSignal
  /** Lets the call outlive the page. */
  keepalive?: boolean
}

/** Throws an ApiFailure. */
export async function call<Id extends RouteId>(
  id: Id,
  { params, query, body, signal, keepalive }: CallInput<Id> = {},
): Promise<Answer<Id>> {
  const route: Route = routes[id]
  const response = await send(urlOf(id, params, query), {
    method: route.method,
    credentials: 'same-origin',
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
    ...(keepalive ? { keepalive } : {}),
  })
  const answer: unknown = await response.json().catch(() => undefined)
  if (!response.ok) throw toFailure(response.status, answer)
  const parsed = route.answer.safeParse(answer)
  if (parsed.success) return parsed.data as Answer<Id>
  throw new ApiFailure(response.status, {
    code: 'unreadable_answer',
    message: `The answer of "${id}" is not as agreed: ${parsed.error.issues[0]?.path.join('.') ?? ''} ${parsed.error.issues[0]?.message ?? ''}`,
    fix: 'Reload the page; the server and the editor may be of different versions.',
  })
}

export function urlOf(
  id: RouteId,
  params: Record<string, string | number> = {},
  query: object = {},
): string {
  const path = routes[id].path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String(params[name] ?? '')),
  )
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([key, value]: [string, unknown]) =>
      typeof value === 'string' || typeof value === 'number' ? [[key, String(value)]] : [],
    ),
  ).toString()
  return search === '' ? path : `${path}?${search}`
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiFailure(0, { code: 'offline', message: 'The server cannot be reached.' })
  }
}

export function toFailure(status: number, answer: unknown): ApiFailure {
  const parsed = apiErrorSchema.safeParse(answer)
  return new ApiFailure(
    status,
    parsed.success
      ? parsed.data.error
      : { code: `http_${status}`, message: `The server answered with ${status}.` },
  )
}
