/** Ports on this machine's own address. */
import { createServer } from 'node:net'

const highest = 65_535
const tries = 50

export const loopback = '127.0.0.1'

export function isFreePort(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: loopback, exclusive: true }, () =>
      server.close(() => resolve(true)),
    )
  })
}

/** The preferred port, else the next free one. */
export async function nextFreePort(preferred: number, taken: number[] = []): Promise<number> {
  const last = Math.min(preferred + tries, highest)
  for (let port = preferred; port <= last; port++)
    if (!taken.includes(port) && (await isFreePort(port))) return port
  return anyFreePort()
}

/** One the system picks; for tests, where many run side by side. */
export function anyFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ port: 0, host: loopback }, () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address !== null
          ? resolve(address.port)
          : reject(new Error('The system gave no free port.')),
      )
    })
  })
}
