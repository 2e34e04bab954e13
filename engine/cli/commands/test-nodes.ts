/** `heddle node test`: the tests of a folder of node types, wherever it lies. */
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { projectRoot } from '../../local/home.ts'

export async function testNodes(given: string): Promise<void> {
  const folder = path.resolve(given)
  const found = await stat(folder).catch(() => undefined)
  if (!found?.isDirectory())
    throw new Error(`There is no folder ${given}. Make one with: npx heddle node new shout`)
  // A development package: it is looked for only here.
  const { startVitest } = await import('vitest/node')
  const vitest = await startVitest(
    'test',
    [],
    { root: folder, config: false, watch: false, include: ['**/*.test.ts'] },
    { plugins: [fromProject], server: { fs: { strict: false } } },
  )
  await vitest.close()
}

const OWN: Readonly<Record<string, string>> = {
  heddle: 'engine/contract/index.ts',
  'heddle/conformance': 'test/suites/conformance.ts',
}

interface Resolver {
  resolve(name: string, importer: string, options: { skipSelf: boolean }): Promise<unknown>
}

/** A folder outside of the project needs no packages of its own: these come from the project. */
const fromProject = {
  name: 'heddle-from-project',
  enforce: 'pre' as const,
  resolveId(this: unknown, name: string) {
    const own = OWN[name]
    if (own) return path.join(projectRoot, own)
    if (name !== 'vitest' && name !== 'zod') return null
    const importer = path.join(projectRoot, 'package.json')
    return (this as Resolver).resolve(name, importer, { skipSelf: true }) as Promise<null>
  },
}
