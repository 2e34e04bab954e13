/** The JSON API of a running product, as its owner. */
import type { BrowserCookie } from './owner.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export type Api = <Answer>(method: Method, path: string, body?: unknown) => Promise<Answer>

/** A body that is a string or bytes travels as it is, anything else as JSON. Throws on refusals. */
export function createApi(url: string, cookies: readonly BrowserCookie[]): Api {
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  return async <Answer>(method: Method, path: string, body?: unknown): Promise<Answer> => {
    const raw = typeof body === 'string'
    const answer = await fetch(url + path, {
      method,
      headers: {
        origin: url,
        cookie,
        ...(body === undefined || raw ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as Answer
  }
}
