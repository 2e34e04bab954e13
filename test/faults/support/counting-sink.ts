/** A webhook receiver that counts each record by its idempotency key, as a careful receiver does. */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface CountingSink {
  url: string
  port: number
  /** Requests by idempotency key. */
  attempts: Map<string, number>
  /** Numbers of the records that took effect: the first request of each key. */
  effects: number[]
  /** When the last request came, milliseconds since 1970. */
  lastAt(): number
  close(): Promise<void>
}

export async function openCountingSink(port = 0): Promise<CountingSink> {
  const attempts = new Map<string, number>()
  const effects: number[] = []
  let lastAt = 0
  const server = createServer((req, res) => {
    void readBody(req).then((body) => {
      const key = String(req.headers['idempotency-key'])
      const before = attempts.get(key) ?? 0
      attempts.set(key, before + 1)
      lastAt = Date.now()
      if (before === 0) effects.push((JSON.parse(body) as { i: number }).i)
      res.writeHead(200).end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const { port: open } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${open}/hook`,
    port: open,
    attempts,
    effects,
    lastAt: () => lastAt,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

async function readBody(req: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of req) body += String(chunk)
  return body
}
