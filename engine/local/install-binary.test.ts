import { createHash } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mongodTool } from './find-mongod.ts'
import type { FindContext } from './find-step.ts'
import { fetchedFrom, type Fetcher } from './install-binary.ts'
import { inCache } from './look-for-binary.ts'

let cache: string
let context: FindContext
let lines: string[]

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'heddle-install-'))
  lines = []
  context = { env: {}, cache, report: (line) => lines.push(line) }
})

afterEach(() => rm(cache, { recursive: true, force: true }))

const script = '#!/bin/sh\necho "db version v8.0.4"\n'

function fetcher(content: string): Fetcher {
  return {
    source: 'a test',
    fetch: async (folder) => {
      const path = join(folder, 'download')
      await writeFile(path, content)
      await chmod(path, 0o600)
      return path
    },
  }
}

describe('fetchedFrom', () => {
  it('puts a program that runs into the cache, where the next search finds it', async () => {
    const found = await fetchedFrom(mongodTool, fetcher(script)).find(context)
    expect(found).toMatchObject({ kind: 'binary', path: join(cache, 'mongod/8.0.4/mongod') })
    expect(await inCache(mongodTool).find(context)).toMatchObject({ version: '8.0.4' })
    expect(lines.at(-1)).toMatch(/mongod 8\.0\.4 is ready \(\d+ s\)/)
  })

  it('records size and SHA-256', async () => {
    await fetchedFrom(mongodTool, fetcher(script)).find(context)
    const about = await readFile(join(cache, 'mongod/8.0.4/about.json'), 'utf8')
    expect(JSON.parse(about)).toEqual({
      version: '8.0.4',
      source: 'a test',
      bytes: script.length,
      sha256: createHash('sha256').update(script).digest('hex'),
    })
  })

  it.each([
    ['does not run', fetcher('half a download')],
    ['cannot be fetched', { source: 'x', fetch: async () => Promise.reject(new Error('refused')) }],
  ])('leaves nothing in the cache when the program %s', async (_what, broken) => {
    await expect(fetchedFrom(mongodTool, broken).find(context)).rejects.toThrow()
    expect(await readdir(join(cache, 'tmp'))).toEqual([])
    expect(await inCache(mongodTool).find(context)).toMatchObject({ kind: 'none' })
  })

  it('gives several processes at once one whole program', async () => {
    const step = fetchedFrom(mongodTool, fetcher(script))
    const all = await Promise.all(Array.from({ length: 8 }, () => step.find(context)))
    expect(new Set(all.map((found) => (found.kind === 'binary' ? found.path : '')))).toEqual(
      new Set([join(cache, 'mongod/8.0.4/mongod')]),
    )
    expect(await readdir(join(cache, 'mongod'))).toEqual(['8.0.4'])
  })

  it('replaces a folder in its place that has no record', async () => {
    await fetchedFrom(mongodTool, fetcher(script)).find(context)
    await rm(join(cache, 'mongod/8.0.4/about.json'))
    await fetchedFrom(mongodTool, fetcher(script)).find(context)
    expect(await inCache(mongodTool).find(context)).toMatchObject({ kind: 'binary' })
  })
})
