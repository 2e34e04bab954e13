import { createServer, type Server } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { anyFreePort, isFreePort, loopback, nextFreePort } from './free-port.ts'

const servers: Server[] = []

afterEach(() => servers.splice(0).forEach((server) => server.close()))

async function occupy(): Promise<number> {
  const port = await anyFreePort()
  const server = createServer()
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(port, loopback, resolve))
  return port
}

it('prefers the port that is asked for', async () => {
  const port = await anyFreePort()
  expect(await nextFreePort(port)).toBe(port)
})

it('takes the next one when another program has it', async () => {
  const port = await occupy()
  expect(await isFreePort(port)).toBe(false)
  expect(await nextFreePort(port)).toBeGreaterThan(port)
})

it('passes over a port that another part will take', async () => {
  const port = await anyFreePort()
  expect(await nextFreePort(port, [port])).not.toBe(port)
})
