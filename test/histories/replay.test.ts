/** Promise A-6: runs that were in flight go on under the newest workflow code. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { Worker } from '@temporalio/worker'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { workflowBundle } from '../../engine/worker/bundle.ts'
import { unpack } from './play.ts'
import { listScenarios } from './scenarios.ts'

const names = (await readdir(import.meta.dirname)).filter((name) => name.endsWith('.json.gz'))

async function readHistories(name: string) {
  const packed = await readFile(path.join(import.meta.dirname, name))
  const text = (await promisify(gunzip)(packed)).toString()
  return unpack(JSON.parse(text) as Parameters<typeof unpack>[0])
}

async function replay(codePath: string, name: string): Promise<string[]> {
  const replayed = Worker.runReplayHistories(
    { workflowBundle: { codePath } },
    await readHistories(name),
  )
  const errors: string[] = []
  for await (const { error } of replayed) if (error) errors.push(error.message)
  return errors
}

describe('recorded histories', () => {
  let folder: string
  let bundle: string
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'heddle-replay-'))
    bundle = await workflowBundle(folder)
  }, 120_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('has one of each scenario', () => {
    expect(names).toEqual(expect.arrayContaining(listScenarios().map(({ name }) => `${name}.json.gz`)))
  })

  it.each(names)('replays %s', async (name) => {
    expect(await replay(bundle, name)).toEqual([])
  })

  it('does not replay when the order of steps is another (test of the test)', async () => {
    const code = await readFile(bundle, 'utf8')
    const changed = path.join(folder, 'changed.js')
    // Stages would be closed before their pages are done.
    const other = code.replaceAll('openStage(ref)', 'closeStage(ref)')
    expect(other).not.toBe(code)
    await writeFile(changed, other)
    expect(await replay(changed, 'success.json.gz')).not.toEqual([])
  })
})
