import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mongodTool } from './find-mongod.ts'
import type { FindContext } from './find-step.ts'
import { temporalTool } from './find-temporal.ts'
import { addressGiven, fileNamed, inCache, onPath } from './look-for-binary.ts'

let folder: string
let context: FindContext

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-look-'))
  context = { env: { PATH: join(folder, 'bin') }, cache: join(folder, 'cache'), report: () => {} }
})

afterEach(() => rm(folder, { recursive: true, force: true }))

/** A script that answers `--version` as the program does. */
async function program(path: string, says: string): Promise<string> {
  const full = join(folder, path)
  await mkdir(join(full, '..'), { recursive: true })
  await writeFile(full, `#!/bin/sh\necho "${says}"\n`)
  await chmod(full, 0o755)
  return full
}

async function cachedMongod(version: string, bytes?: number): Promise<string> {
  const says = `db version v${version}`
  const path = await program(`cache/mongod/${version}/mongod`, says)
  const size = `#!/bin/sh\necho "${says}"\n`.length
  const about = { version, source: 'a test', bytes: bytes ?? size, sha256: '' }
  await writeFile(join(path, '../about.json'), JSON.stringify(about))
  return path
}

describe('an address that is given', () => {
  it('is used without starting anything', async () => {
    context.env['MONGODB_URI'] = 'mongodb://elsewhere/'
    expect(await addressGiven(mongodTool).find(context)).toEqual({
      kind: 'address',
      address: 'mongodb://elsewhere/',
      source: 'MONGODB_URI',
    })
  })

  it('is asked for by Temporal’s own variable', async () => {
    context.env['TEMPORAL_ADDRESS'] = 'elsewhere:7233'
    expect(await addressGiven(temporalTool).find(context)).toMatchObject({ kind: 'address' })
    expect(await addressGiven(mongodTool).find(context)).toEqual({
      kind: 'none',
      reason: 'not set',
    })
  })
})

describe('a file that is named', () => {
  it('is used', async () => {
    const path = await program('my/mongod', 'db version v8.0.4')
    context.env['HEDDLE_MONGOD'] = path
    expect(await fileNamed(mongodTool).find(context)).toEqual({
      kind: 'binary',
      path,
      version: '8.0.4',
      source: 'HEDDLE_MONGOD',
    })
  })

  it('ends the search when it does not work, so that no other is taken silently', async () => {
    context.env['HEDDLE_MONGOD'] = join(folder, 'absent')
    expect(await fileNamed(mongodTool).find(context)).toMatchObject({ kind: 'none', final: true })
  })
})

describe('PATH', () => {
  it.each([
    ['mongod', mongodTool, 'db version v7.0.9', '7.0.9'],
    ['temporal', temporalTool, 'temporal version 1.1.0 (Server 1.25.0, UI 2.30.3)', '1.25.0'],
    ['temporal', temporalTool, 'temporal version 0.0.0-DEV (Server 1.29.1, UI 2.42.1)', '1.29.1'],
  ])('gives %s', async (name, tool, says, version) => {
    const path = await program(`bin/${name}`, says)
    expect(await onPath(tool).find(context)).toMatchObject({ kind: 'binary', path, version })
  })

  it.each([
    [mongodTool, 'db version v5.0.3', 'version 5.0.3 is older than 6.0'],
    [mongodTool, 'something else', 'does not name its version'],
    [temporalTool, 'temporal version 0.10.7 (server 1.21.5) (ui 2.17.2)', 'is older than 1.25.0'],
  ])('does not give one that cannot be used', async (tool, says, reason) => {
    await program(`bin/${tool.name}`, says)
    const result = await onPath(tool).find(context)
    expect(result).toMatchObject({
      kind: 'none',
      reason: expect.stringContaining(reason) as string,
    })
  })

  it('skips a file that is not a program', async () => {
    await program('bin/mongod', 'db version v8.0.0')
    await chmod(join(folder, 'bin/mongod'), 0o644)
    expect(await onPath(mongodTool).find(context)).toEqual({ kind: 'none', reason: 'not on PATH' })
  })

  it('warns of a MongoDB past its end of life', async () => {
    await program('bin/mongod', 'db version v6.0.5')
    expect(await onPath(mongodTool).find(context)).toMatchObject({
      warning: expect.stringContaining('8.0 or 7.0') as string,
    })
  })
})

describe('the cache', () => {
  it('gives the newest version by number', async () => {
    await cachedMongod('6.0.5')
    await cachedMongod('8.0.9')
    const newest = await cachedMongod('8.0.10')
    expect(await inCache(mongodTool).find(context)).toMatchObject({ path: newest })
  })

  it('passes over a file whose size is not the recorded one', async () => {
    await cachedMongod('8.0.1', 1)
    const whole = await cachedMongod('7.0.2')
    expect(await inCache(mongodTool).find(context)).toMatchObject({ path: whole })
  })

  it('passes over a folder without a record', async () => {
    await program('cache/mongod/8.0.1/mongod', 'db version v8.0.1')
    const whole = await cachedMongod('7.0.2')
    expect(await inCache(mongodTool).find(context)).toMatchObject({ path: whole })
  })

  it('says where it looked when it is empty', async () => {
    expect(await inCache(mongodTool).find(context)).toMatchObject({
      reason: `nothing in ${join(folder, 'cache/mongod')}`,
    })
  })
})
