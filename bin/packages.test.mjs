import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ensurePackages, packagesState } from './packages.mjs'
import { isSupportedNode } from './node-version.mjs'

let root

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'heddle-packages-'))
  await lock({ a: '1.0.0' })
})

afterEach(() => rm(root, { recursive: true, force: true }))

const entries = (versions) =>
  Object.fromEntries(
    Object.entries(versions).map(([name, version]) => [`node_modules/${name}`, { version }]),
  )

const lock = (versions) =>
  writeFile(
    join(root, 'package-lock.json'),
    JSON.stringify({ packages: { '': {}, ...entries(versions) } }),
  )

async function installed(versions) {
  await mkdir(join(root, 'node_modules'), { recursive: true })
  const path = join(root, 'node_modules/.package-lock.json')
  await writeFile(path, JSON.stringify({ packages: entries(versions) }))
}

it('sees that nothing is installed', () => {
  expect(packagesState(root)).toBe('missing')
})

it('accepts what npm itself installed from this lock', async () => {
  await installed({ a: '1.0.0' })
  expect(packagesState(root)).toBe('current')
})

it.each([
  ['another version', { a: '0.9.0' }],
  ['a package too few', {}],
  ['a package too many', { a: '1.0.0', b: '1.0.0' }],
])('sees %s', async (_what, versions) => {
  await installed(versions)
  expect(packagesState(root)).toBe('outdated')
})

it('sees that the lock changed after the installation', async () => {
  await installed({ a: '1.0.0' })
  await ensurePackages(root)
  expect(packagesState(root)).toBe('current')
  await lock({ a: '2.0.0' })
  expect(packagesState(root)).toBe('outdated')
})

it.each([
  ['20.18.3', false],
  ['20.19.0', true],
  ['18.20.0', false],
  ['22.1.0', true],
])('judges Node %s', (version, supported) => {
  expect(isSupportedNode(version)).toBe(supported)
})
