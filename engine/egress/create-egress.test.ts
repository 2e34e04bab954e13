import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTcp, type AddressInfo, type Server, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { InterruptedError } from '../contract/error.ts'
import type { HttpRequest } from '../contract/services.ts'
import { createEgress, type Egress, type EgressOptions } from './create-egress.ts'

const open: Array<{ close(): unknown }> = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

let paths: string[] = []
let seen: IncomingMessage[] = []
beforeEach(() => {
  paths = []
  seen = []
})

async function start<T extends Server>(server: T): Promise<string> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const serve = (answer: (request: IncomingMessage, response: ServerResponse) => void) =>
  start(
    createHttp((request, response) => {
      paths.push(request.url ?? '')
      seen.push(request)
      answer(request, response)
    }),
  )

/** Speaks raw bytes, as no well-behaved server would. */
const speak = (say: (socket: Socket) => void) =>
  start(createTcp((socket) => void socket.once('data', () => say(socket))))

function client(options: EgressOptions = {}): Egress {
  const egress = createEgress({
    allowAddresses: ['127.0.0.1/32'],
    allowPorts: 'any',
    timeoutMs: 500,
    maxResponseBytes: 10_000,
    ...options,
  })
  open.push(egress)
  return egress
}

const get = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url,
  ...more,
})

describe('a request', () => {
  it('sends method, path, headers and body, and brings the answer back', async () => {
    let body = ''
    const url = await serve((request, response) => {
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => response.writeHead(201, { 'X-Id': '7' }).end('made'))
    })
    const answer = await client().request({
      method: 'POST',
      url: `${url}/hook?a=1`,
      headers: { 'Content-Type': 'application/json' },
      body: '{"name":"Zoë"}',
    })
    expect(answer).toMatchObject({ status: 201, body: 'made', truncated: false })
    expect(answer.headers['x-id']).toBe('7')
    expect(paths).toEqual(['/hook?a=1'])
    expect(body).toBe('{"name":"Zoë"}')
    expect(seen[0]?.headers).toMatchObject({
      host: new URL(url).host,
      'content-type': 'application/json',
    })
  })

  it('takes no proxy from the environment', async () => {
    const before = process.env['http_proxy']
    process.env['http_proxy'] = 'http://127.0.0.1:9'
    try {
      const url = await serve((_, response) => response.end('direct'))
      expect((await client().request(get(url))).body).toBe('direct')
    } finally {
      if (before === undefined) delete process.env['http_proxy']
      else process.env['http_proxy'] = before
    }
  })

  it.each([
    { a: 'x\r\nHost: evil' },
    { a: 'x\ny' },
    { a: 'x\0' },
    { 'a\r\nb': 'x' },
    { '': 'x' },
    { Host: 'evil' },
    { 'Transfer-Encoding': 'chunked' },
    { 'content-length': '3' },
    { 'Proxy-Authorization': 'x' },
  ] as Array<Record<string, string>>)('refuses the headers %j', async (headers) => {
    const url = await serve((_, response) => response.end())
    await expect(client().request(get(url, { headers }))).rejects.toMatchObject({
      code: 'egress_bad_header',
    })
    expect(paths).toEqual([])
  })

  it('does not repeat a refused value, which may be a secret', async () => {
    const url = await serve((_, response) => response.end())
    const request = get(url, { headers: { authorization: 'hush\n' } })
    await expect(client().request(request)).rejects.not.toThrow('hush')
  })

  it('says that nobody listens', async () => {
    const url = await serve((_, response) => response.end())
    await open.pop()?.close()
    await expect(client().request(get(url))).rejects.toMatchObject({ code: 'egress_refused' })
  })

  it('is interrupted with its run', async () => {
    const control = new AbortController()
    const url = await serve(() => control.abort())
    await expect(client().request(get(url, { signal: control.signal }))).rejects.toThrow(
      InterruptedError,
    )
  })
})

describe('redirects', () => {
  it('are answers by default', async () => {
    const url = await serve((_, response) => response.writeHead(302, { location: '/b' }).end())
    expect((await client().request(get(`${url}/a`))).status).toBe(302)
    expect(paths).toEqual(['/a'])
  })

  it('are followed when allowed, without credentials to another host', async () => {
    const other = await serve((_, response) => response.end('end'))
    const url = await serve((request, response) => {
      const location = request.url === '/a' ? '/b' : `${other}/c`
      response.writeHead(307, { location }).end()
    })
    const headers = { authorization: 'hush', 'x-signature': 'hush', accept: 'text/plain' }
    const request: HttpRequest = { method: 'POST', url: `${url}/a`, headers, body: 'x' }
    expect((await client({ followRedirects: 3 }).request(request)).body).toBe('end')
    expect(paths).toEqual(['/a', '/b', '/c'])
    expect(seen.map(({ headers: sent }) => sent.authorization)).toEqual(['hush', 'hush', undefined])
    expect(seen[2]?.headers).not.toHaveProperty('x-signature')
    expect(seen[2]).toMatchObject({ method: 'POST' })
  })

  it.each([301, 302, 303])('make a GET without a body of a POST on %i', async (status) => {
    const url = await serve((request, response) =>
      request.url === '/a'
        ? response.writeHead(status, { location: '/b' }).end()
        : response.end(request.method),
    )
    const request: HttpRequest = { method: 'POST', url: `${url}/a`, body: 'x' }
    expect((await client({ followRedirects: 1 }).request(request)).body).toBe('GET')
  })

  it.each([
    ['http://127.0.0.2:PORT/', 'egress_blocked_address'],
    ['http://169.254.169.254/latest', 'egress_blocked_address'],
    ['http://[::ffff:127.0.0.1]:PORT/', 'egress_blocked_address'],
    ['file:///etc/passwd', 'egress_bad_url'],
    ['gopher://127.0.0.1/', 'egress_bad_url'],
    ['data:text/plain,x', 'egress_bad_url'],
    ['//u:p@127.0.0.1:PORT/', 'egress_bad_url'],
    ['http://[', 'egress_bad_redirect'],
  ])('to %s after two good hops are refused with %s', async (last, code) => {
    const url = await serve((request, response) => {
      const next: Record<string, string> = { '/a': '/b', '/b': '/c' }
      const location = next[request.url ?? ''] ?? last.replace('PORT', new URL(url).port)
      response.writeHead(302, { location }).end()
    })
    await expect(client({ followRedirects: 5 }).request(get(`${url}/a`))).rejects.toMatchObject({
      code,
    })
    expect(paths).toEqual(['/a', '/b', '/c'])
  })

  it('end after the allowed number', async () => {
    const url = await serve((_, response) => response.writeHead(302, { location: '/' }).end())
    await expect(client({ followRedirects: 3 }).request(get(url))).rejects.toMatchObject({
      code: 'egress_bad_redirect',
    })
    expect(paths).toHaveLength(4)
  })
})

describe('hostile answers', () => {
  const endless = (response: ServerResponse): void => {
    const chunk = Buffer.alloc(65_536, 'x')
    const write = () => {
      while (!response.destroyed && response.write(chunk));
    }
    response.on('drain', write)
    write()
  }

  it('cuts an endless body and keeps the status', async () => {
    const url = await serve((_, response) => endless(response.writeHead(200)))
    const answer = await client().request(get(url))
    expect(answer).toMatchObject({ status: 200, truncated: true })
    expect(answer.body).toHaveLength(10_000)
  })

  it('cuts a body that drips, when the time is over', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200).write('a')
      const timer = setInterval(() => response.write('a'), 50)
      response.on('close', () => clearInterval(timer))
    })
    const started = performance.now()
    expect(await client().request(get(url))).toMatchObject({ status: 200, truncated: true })
    expect(performance.now() - started).toBeLessThan(1_500)
  })

  it('cuts a body that is shorter than announced', async () => {
    const url = await speak((socket) =>
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nab'),
    )
    expect(await client().request(get(url))).toMatchObject({ body: 'ab', truncated: true })
  })

  it('unpacks a gzip bomb no further than the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(100_000_000))
    const url = await serve((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    )
    const before = process.memoryUsage().arrayBuffers
    const answer = await client({ timeoutMs: 5_000 }).request(get(url))
    expect(answer.body).toHaveLength(10_000)
    expect(answer.truncated).toBe(true)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000)
  })

  it('reads a packed answer, and keeps the status of one that is not what it says', async () => {
    const url = await serve((request, response) =>
      response
        .writeHead(200, { 'content-encoding': 'gzip' })
        .end(request.url === '/good' ? gzipSync('packed') : 'no gzip'),
    )
    expect((await client().request(get(`${url}/good`))).body).toBe('packed')
    expect(await client().request(get(url))).toMatchObject({ status: 200, truncated: true })
  })

  it.each<[string, string, (socket: Socket) => void]>([
    ['silence', 'egress_timeout', () => undefined],
    ['a dripping header', 'egress_timeout', (socket) => drip(socket)],
    ['endless headers', 'egress_bad_answer', (socket) => flood(socket)],
    ['HTTP/0.9', 'egress_bad_answer', (socket) => socket.end('hello')],
    ['a broken status line', 'egress_bad_answer', (socket) => socket.end('HTTP/1.1 abc\r\n\r\n')],
    ['a closed connection', 'egress_refused', (socket) => socket.end()],
    ['a reset connection', 'egress_refused', (socket) => socket.resetAndDestroy()],
    [
      'two lengths',
      'egress_bad_answer',
      (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'),
    ],
  ])('answers %s with %s', async (_, code, say) => {
    const url = await speak(say)
    const started = performance.now()
    await expect(client().request(get(url))).rejects.toMatchObject({
      code,
      message: expect.stringContaining('127.0.0.1') as string,
    })
    expect(performance.now() - started).toBeLessThan(1_500)
  })

  const drip = (socket: Socket): void => {
    socket.write('HTTP/1.1 200 OK\r\n')
    const timer = setInterval(() => socket.write('x'), 50)
    socket.on('close', () => clearInterval(timer))
  }
  const flood = (socket: Socket): void => {
    socket.write('HTTP/1.1 200 OK\r\n')
    const line = `x-a: ${'y'.repeat(1_000)}\r\n`
    const write = () => {
      while (!socket.destroyed && socket.write(line));
    }
    socket.on('drain', write)
    write()
  }
})

describe('a download', () => {
  it('gives every byte', async () => {
    const bytes = Buffer.from([0, 255, 254, 10])
    const url = await serve((_, response) => response.end(bytes))
    const { status, body } = await client().download(get(url))
    const chunks: Uint8Array[] = []
    for await (const chunk of body) chunks.push(chunk)
    expect(status).toBe(200)
    expect(Buffer.concat(chunks)).toEqual(bytes)
  })

  it.each<[string, (response: ServerResponse) => void]>([
    ['egress_answer_too_large', (response) => response.end('x'.repeat(200))],
    ['egress_timeout', (response) => response.write('x')],
    [
      'egress_refused',
      (response) => {
        response.writeHead(200, { 'content-length': 99 }).write('x')
        setTimeout(() => response.destroy(), 50)
      },
    ],
  ])('fails with %s rather than lose its end', async (code, answer) => {
    const url = await serve((_, response) => answer(response))
    const { body } = await client({ maxDownloadBytes: 100 }).download(get(url))
    const read = async () => {
      for await (const chunk of body) void chunk
    }
    await expect(read()).rejects.toMatchObject({ code })
  })
})
