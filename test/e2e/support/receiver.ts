/** A web address that webhooks of the product may call, and what came to it. */
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

export interface Receiver {
  received: Array<Record<string, unknown>>
  /** Status of its answers from now on. */
  answer(status: number): void
  close(): void
}

export async function openReceiver(port: number): Promise<Receiver> {
  const received: Receiver['received'] = []
  let status = 200
  const server = createServer((req, res) => {
    void text(req).then((body) => {
      if (status < 300) received.push(JSON.parse(body) as Record<string, unknown>)
      res.writeHead(status).end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    received,
    answer: (next) => {
      status = next
    },
    close: () => server.close(),
  }
}
