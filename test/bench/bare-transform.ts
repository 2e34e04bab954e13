/** The limit of the pure flow: one Node stream, one thread, nothing but the work itself. */
import { createReadStream, createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'

export interface Transformed {
  seconds: number
  kept: number
  bytes: number
}

interface ConsentEvent {
  email: string
  consent: string
}

export async function transformBare(input: string, output: string): Promise<Transformed> {
  const started = performance.now()
  let kept = 0
  let bytes = 0
  await pipeline(
    createReadStream(input, { encoding: 'utf8' }),
    async function* (chunks: AsyncIterable<string>) {
      let rest = ''
      for await (const chunk of chunks) {
        const lines = (rest + chunk).split('\n')
        rest = lines.pop() ?? ''
        let text = ''
        for (const line of lines) {
          const event = JSON.parse(line) as ConsentEvent
          event.email = event.email.trim().toLowerCase()
          if (event.consent !== 'yes') continue
          text += `${JSON.stringify(event)}\n`
          kept++
        }
        const data = Buffer.from(text)
        bytes += data.length
        yield data
      }
    },
    createWriteStream(output),
  )
  return { seconds: (performance.now() - started) / 1_000, kept, bytes }
}
