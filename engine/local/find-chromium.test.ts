import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { findChromium } from './find-chromium.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-chromium-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

async function browser(name: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, '')
  await chmod(path, 0o755)
  return path
}

it.each(['chromium', 'chromium-browser', 'google-chrome', 'msedge'])('finds %s', async (name) => {
  const path = await browser(name)
  expect(await findChromium({ PATH: folder })).toBe(path)
})

it('prefers the one that is named', async () => {
  await browser('chromium')
  const named = await browser('mine')
  expect(await findChromium({ PATH: folder, HEDDLE_CHROMIUM: named })).toBe(named)
})

it('takes no other when the named one is not there', async () => {
  await browser('chromium')
  const named = join(folder, 'absent')
  expect(await findChromium({ PATH: folder, HEDDLE_CHROMIUM: named })).toBeUndefined()
})
