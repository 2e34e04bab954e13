/** The API as the owner, for what a browser test needs to be there before it looks. */
import { inject } from 'vitest'

export async function api<Answer>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<Answer> {
  const url = inject('productUrl')
  const answer = await fetch(url + path, {
    method,
    headers: {
      origin: url,
      cookie: inject('ownerCookies')
        .map(({ name, value }) => `${name}=${value}`)
        .join('; '),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Answer
}
