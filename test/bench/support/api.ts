/** The running product, called as scripts call it. */
import { createToken } from '../../../engine/server/auth/create-token.ts'
import type { BenchRunner } from './product.ts'

export async function openApi(url: string, { database, secretsKey }: BenchRunner) {
  const token = await createToken({ database, secretsKey }, { name: 'Bench', roles: ['owner'] })
  const headers = { Authorization: `Bearer ${token}` }
  const read = async <Answer>(answer: Response): Promise<Answer> => {
    if (!answer.ok)
      throw new Error(`${answer.url} answered ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as Answer
  }
  return {
    post: async <Answer>(path: string, body: object): Promise<Answer> =>
      read(
        await fetch(`${url}${path}`, {
          method: 'POST',
          headers: { ...headers, 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        }),
      ),
    upload: async (name: string, text: string): Promise<{ id: string }> =>
      read(
        await fetch(`${url}/api/files?name=${encodeURIComponent(name)}`, {
          method: 'POST',
          headers: { ...headers, 'Content-Type': 'application/octet-stream' },
          body: text,
        }),
      ),
    /** What the editor follows: the run's events, until the run is over. */
    async follow<View>(runId: string): Promise<View> {
      const answer = await fetch(`${url}/api/runs/${runId}/events`, { headers })
      const text = await answer.text()
      const last = [...text.matchAll(/^data: (.*)$/gm)].at(-1)?.[1]
      return JSON.parse(last ?? 'null') as View
    },
  }
}
