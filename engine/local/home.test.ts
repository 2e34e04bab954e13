import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openHome, projectRoot, resolveHome } from './home.ts'

describe('resolveHome', () => {
  it.each([
    ['the option', { option: '/a', env: { HEDDLE_HOME: '/b' } }, '/a'],
    ['HEDDLE_HOME', { env: { HEDDLE_HOME: '/b' } }, '/b'],
    ['a relative option from the working directory', { option: 'x', env: {}, cwd: '/c' }, '/c/x'],
    ['the project’s own folder', { env: {} }, join(projectRoot, '.heddle')],
  ])('takes %s', (_what, choice, expected) => {
    expect(resolveHome(choice)).toBe(expected)
  })
})

it.skipIf(process.platform === 'win32')('closes the folders to other users', async () => {
  const root = await mkdtemp(join(tmpdir(), 'heddle-home-'))
  const home = await openHome(join(root, 'h'))
  for (const folder of Object.values(home) as string[])
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
  await rm(root, { recursive: true })
})
