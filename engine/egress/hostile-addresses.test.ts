/** Promise E-3: whatever address a flow names, no connection to a blocked one is opened. */
import { createServer, type Server } from 'node:net'
import type { LookupAddress } from 'node:dns'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAddressGuard } from './address-guard.ts'
import { createEgress } from './create-egress.ts'

let listeners: Server[] = []
let port = 0
let connects = 0

const listen = (host: string, at: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      connects++
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')
    })
    server.once('error', reject).listen({ port: at, host, ipv6Only: host === '::' }, () => {
      resolve(server)
    })
  })

beforeAll(async () => {
  const first = await listen('0.0.0.0', 0)
  const address = first.address()
  port = typeof address === 'object' && address ? address.port : 0
  listeners = [
    first,
    ...(await listen('::', port)
      .then((v6) => [v6])
      .catch(() => [])),
  ]
})
afterAll(() => {
  for (const listener of listeners) listener.close()
})
beforeEach(() => {
  connects = 0
})

const NAMES: Record<string, LookupAddress[]> = {
  'internal.test': [{ address: '127.0.0.1', family: 4 }],
  'both.test': [
    { address: '93.184.215.14', family: 4 },
    { address: '127.0.0.1', family: 4 },
  ],
  'both6.test': [
    { address: '::1', family: 6 },
    { address: '93.184.215.14', family: 4 },
  ],
  'mapped.test': [{ address: '::ffff:127.0.0.1', family: 6 }],
  'nat64.test': [{ address: '64:ff9b::7f00:1', family: 6 }],
  'metadata.test': [{ address: '169.254.169.254', family: 4 }],
  'nothing.test': [],
  'garbage.test': [{ address: 'localhost', family: 4 }],
  localhost: [{ address: '127.0.0.1', family: 4 }],
  'localhost.': [{ address: '127.0.0.1', family: 4 }],
}
const resolver = async (name: string): Promise<LookupAddress[]> => NAMES[name] ?? []

const HOSTS = [
  '127.0.0.1', '127.1', '127.0.1', '127.255.255.254', '2130706433', '0x7f.1', '0x7f000001',
  '0x7F.0x0.0x0.0x1', '0177.0.0.1', '017700000001', '0', '0.0.0.0', '0x0', '127.0.0.1.',
  '127。0。0。1', '１２７.0.0.1', '127.0.0.1', '①②⑦.⓪.⓪.①', '[::1]', '[::]', '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::127.0.0.1]', '[::7f00:1]', '[64:ff9b::7f00:1]',
  '[64:ff9b::127.0.0.1]', '[64:ff9b:1::7f00:1]', '[2002:7f00:1::]', '[2001:0:4136:e378:8000:63bf:80ff:fffe]',
  '[fd00:ec2::254]', '[fc00::1]', '[fe80::1]', '[fe80::1%25eth0]', '[fec0::1]', '[ff02::1]',
  '[ff0e::1]', '[100::1]', '[2001:db8::1]', '[3fff::1]', '[2001:10::1]', '[2001:2::1]', '[5f00::1]',
  '169.254.169.254', '169.254.170.2', '168.63.129.16', '100.64.0.1', '100.100.100.200', '10.0.0.1',
  '172.16.0.1', '172.31.255.255', '192.168.1.1', '192.0.0.1', '192.0.0.192', '192.0.2.1',
  '192.88.99.1', '198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.1', '224.0.0.1',
  '239.255.255.250', '240.0.0.1', '255.255.255.255', '0.1.2.3', '%31%32%37.0.0.1', '127.0.0.1%00',
  'localhost', 'LOCALHOST', 'localhost.', 'internal.test', 'both.test', 'both6.test', 'mapped.test',
  'nat64.test', 'metadata.test', 'nothing.test', 'garbage.test', '256.256.256.256', '0x100000000',
  '1.2.3.4.5', '127.0.0.1 ', '',
] // prettier-ignore
const WHOLE = [
  'http://good@127.0.0.1:PORT/', 'http://good:word@127.0.0.1:PORT/', 'http://example.com@127.0.0.1:PORT/',
  'http://127.0.0.1:PORT#@example.com/', 'http://127.0.0.1:PORT\\@example.com/', 'http:\\\\127.0.0.1:PORT\\',
  'http:127.0.0.1:PORT', 'http:///127.0.0.1:PORT/', 'ht\ntp://127.0.0.1:PORT/', 'http://127.0.\t0.1:PORT/',
  '\thttp://127.0.0.1:PORT/', 'HTTP://127.0.0.1:PORT/', 'file:///etc/passwd', 'gopher://127.0.0.1:PORT/_x',
  'data:text/plain,x', 'ftp://127.0.0.1:PORT/', 'ws://127.0.0.1:PORT/', 'javascript:1', 'blob:http://127.0.0.1/x',
  'unix:/var/run/docker.sock', '//127.0.0.1:PORT/', 'http://', 'http://[::1', 'http://[127.0.0.1]:PORT/',
] // prettier-ignore

const urls = () => [
  ...HOSTS.map((host) => `http://${host}:${port}/x`),
  ...WHOLE.map((url) => url.replace('PORT', String(port))),
]

describe('hostile addresses', () => {
  it('opens no connection to any of more than a hundred', async () => {
    const egress = createEgress({ allowPorts: 'any', resolver, timeoutMs: 2_000 })
    const codes = new Map<string, unknown>()
    for (const url of urls()) {
      const outcome: unknown = await egress.request({ method: 'GET', url }).catch((e: unknown) => e)
      codes.set(url, outcome instanceof Error && 'code' in outcome ? outcome.code : outcome)
    }
    await egress.close()
    expect(codes.size).toBeGreaterThanOrEqual(100)
    const expected = ['egress_blocked_address', 'egress_bad_url', 'egress_dns']
    expect([...codes].filter(([, code]) => !expected.includes(String(code)))).toEqual([])
    expect(connects).toBe(0)
  })

  it('counts connects: with loopback allowed, the same listener is reached', async () => {
    const egress = createEgress({ allowPorts: 'any', allowAddresses: ['loopback'], resolver })
    for (const host of ['127.0.0.1', '0x7f.1', 'internal.test'])
      await egress.request({ method: 'GET', url: `http://${host}:${port}/` })
    await egress.close()
    expect(connects).toBe(3)
  })

  it('connects to no address of a name that turns internal after the first look', async () => {
    const answers = ['192.0.2.1', '127.0.0.1']
    let looks = 0
    const rebinding = async () => [{ address: answers[looks++] ?? '127.0.0.1', family: 4 }]
    const egress = createEgress({
      allowAddresses: ['192.0.2.1/32'],
      allowPorts: 'any',
      resolver: rebinding,
      timeoutMs: 150,
    })
    const url = `http://rebind.test:${port}/`
    await egress.request({ method: 'GET', url }).catch(() => undefined)
    expect(looks).toBe(1)
    await expect(egress.request({ method: 'GET', url })).rejects.toMatchObject({
      code: 'egress_blocked_address',
    })
    await egress.close()
    expect(connects).toBe(0)
  })

  it.each([22, 25, 6379, 27017, 7233])('refuses port %i unless allowed', async (at) => {
    const egress = createEgress({ resolver })
    await expect(
      egress.request({ method: 'GET', url: `http://93.184.215.14:${at}/` }),
    ).rejects.toMatchObject({ code: 'egress_bad_url' })
    await egress.close()
  })
})

describe('addresses a guard lets pass', () => {
  const guard = createAddressGuard(['10.1.0.0/16', 'loopback'])
  it.each([
    ['93.184.215.14', true],
    ['2606:4700::1111', true],
    ['10.1.2.3', true],
    ['127.9.9.9', true],
    ['::1', true],
    ['10.2.0.1', false],
    ['::ffff:10.1.2.3', false],
    ['::ffff:8.8.8.8', false],
  ])('%s: %s', (address, passes) => {
    expect(guard(address) === undefined).toBe(passes)
  })

  it('refuses a network that cannot be read', () => {
    expect(() => createAddressGuard(['10.0.0.0/99'])).toThrow()
  })
})
