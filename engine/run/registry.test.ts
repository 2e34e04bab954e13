/** Engineers' own node types: from folders and packages, each as it is, and none harming another. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nodeTypes } from '../../nodes/index.ts'
import { RejectedError } from '../contract/error.ts'
import type { Item } from '../contract/item.ts'
import type { NodeContext, NodeType } from '../contract/node.ts'
import { openLiveRegistry } from './live-registry.ts'
import { catalogOf, loadRegistry, loadVersion } from './registry.ts'

/** The smallest useful node type: kept short by the test below. */
const SMALLEST = `import { defineNode, out, withFields, z } from 'heddle'

export const shout = defineNode({
  type: 'shout',
  version: 1,
  role: 'transform',
  title: 'Shout',
  summary: 'Writes a field in capital letters.',
  config: z.strictObject({ field: z.string().meta({ title: 'Field', widget: 'field' }) }),
  run: (page, { field }) =>
    page.map((item) => out(withFields(item, { [field]: String(item.fields[field]).toUpperCase() }))),
  examples: [],
})
`

let folder: string
let cacheFolder: string
beforeEach(async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'heddle-registry-'))
  folder = path.join(root, 'nodes')
  cacheFolder = path.join(root, 'cache')
  await mkdir(folder)
})
afterEach(() => rm(path.dirname(folder), { recursive: true, force: true }))

const write = async (name: string, text: string) => {
  await mkdir(path.dirname(path.join(folder, name)), { recursive: true })
  await writeFile(path.join(folder, name), text)
}
const load = () => loadRegistry(nodeTypes, { folders: [folder], packages: [] }, cacheFolder)

async function shouted(types: ReadonlyMap<string, NodeType>): Promise<unknown> {
  const item: Item = { id: '1', source: 'Test', fields: { word: 'hello' } }
  const parsed = types.get('shout')?.parse({ field: 'word' })
  const verdicts = await parsed?.run?.([item], {} as NodeContext)
  return verdicts?.map((verdict) => (verdict.kind === 'out' ? verdict.item.fields : verdict.kind))
}

const made = (type: string, body = 'run: (page) => page.map((item) => out(item)),') =>
  `import { defineNode, out, z } from 'heddle'
export const made = defineNode({
  type: '${type}', version: 1, role: 'transform', title: 'Made', summary: 'Does nothing.',
  config: z.strictObject({}), ${body} examples: [],
})
`

describe('a folder of node types', () => {
  it('needs no more than fifteen lines for a useful one', async () => {
    const lines = SMALLEST.split('\n').filter((line) => line.trim() !== '')
    expect(lines.length).toBeLessThanOrEqual(15)
    await write('shout.ts', SMALLEST)
    const { types, broken } = await load()
    expect(broken).toEqual([])
    expect(await shouted(types)).toEqual([{ word: 'HELLO' }])
  })

  it('appears in the catalogue with its form, its texts and its reasons', async () => {
    await write('shout.ts', SMALLEST)
    const entry = catalogOf(await load()).find(({ type }) => type === 'shout')
    expect(entry).toMatchObject({
      title: 'Shout',
      summary: 'Writes a field in capital letters.',
      form: { properties: { field: { type: 'string', title: 'Field', widget: 'field' } } },
      outPorts: [{ name: 'out' }],
    })
  })

  it('may use a file of its own, which need not hold a node type', async () => {
    await write('lib/loud.ts', 'export const loud = (text: string) => `${text}!`\n')
    const text = SMALLEST.replace('String(item', 'loud(String(item').replace(
      ']).toUpperCase()',
      '])).toUpperCase()',
    )
    await write('shout.ts', `import { loud } from './lib/loud.ts'\n${text}`)
    const { types, broken } = await load()
    expect(broken).toEqual([])
    expect(await shouted(types)).toEqual([{ word: 'HELLO!' }])
  })

  it("shares the product's own classes, so that its errors are understood", async () => {
    await write(
      'refuse.ts',
      made('refuse', 'run: () => { throw new RejectedError("no", "No.") },').replace(
        'out, z',
        'RejectedError, z',
      ),
    )
    const parsed = (await load()).types.get('refuse')?.parse({})
    expect(() => parsed?.run?.([], {} as NodeContext)).toThrow(RejectedError)
  })

  it('loads node types that came as a package, with what the package needs', async () => {
    const from = path.dirname(folder)
    const put = async (file: string, text: string) => {
      await mkdir(path.dirname(path.join(from, 'node_modules', file)), { recursive: true })
      await writeFile(path.join(from, 'node_modules', file), text)
    }
    await put('@acme/steps/package.json', '{"type":"module","main":"index.js"}')
    await put('@acme/steps/index.js', "export * from './shout.js'\n")
    await put('@acme/steps/shout.js', `import { loud } from 'loud'\n${SMALLEST}void loud\n`)
    await put('loud/package.json', '{"main":"index.js"}')
    await put('loud/index.js', "exports.loud = require('node:path').sep\n")
    const settings = { folders: [], packages: ['@acme/steps', 'not-installed'], from }
    const { types, broken } = await loadRegistry(nodeTypes, settings, cacheFolder)
    expect(await shouted(types)).toEqual([{ word: 'HELLO' }])
    expect(broken).toEqual([
      expect.objectContaining({
        file: 'not-installed',
        reason: expect.stringContaining('not-installed') as string,
      }),
    ])
  })
})

describe('a broken node file', () => {
  it.each<[what: string, text: string, line: number, reason: RegExp]>([
    ['wrong syntax', "import { z } from 'heddle'\n\nexport const a = (\n", 4, /end of file/],
    [
      'a name that is not there',
      `${made('named').replace('out, z', 'out, z, nothing')}nothing()\n`,
      6,
      /nothing/,
    ],
    ['a package that is not there', "import 'no-such-package'\n", 1, /no-such-package/],
    ['a type with a wrong name', made('Wrong Name'), 2, /snake_case/],
    ['no run', made('idle', ''), 2, /no `run`/],
    ['an error of its own', 'const none = undefined\nnone.field\n', 2, /undefined/],
    ['no node type', 'export const answer = 42\n', 1, /no node type/],
    ['a type that is taken', made('filter'), 3, /taken already/],
  ])('with %s is refused by file, line and reason', async (_what, text, line, reason) => {
    await write('shout.ts', SMALLEST)
    await write('broken.ts', text)
    const { types, broken } = await load()
    expect(broken).toEqual([
      {
        file: path.join(folder, 'broken.ts'),
        line,
        reason: expect.stringMatching(reason) as string,
      },
    ])
    expect(types.size).toBe(nodeTypes.length + 1)
    expect(await shouted(types)).toEqual([{ word: 'HELLO' }])
  })

  it('tells a folder that is not there', async () => {
    const missing = path.join(folder, 'missing')
    const { broken } = await loadRegistry([], { folders: [missing], packages: [] }, cacheFolder)
    expect(broken).toEqual([
      { file: missing, reason: expect.stringContaining('not there') as string },
    ])
  })
})

describe('a change', () => {
  const whisper = SMALLEST.replace('toUpperCase', 'toLowerCase')

  it('makes another version, and the earlier one can still be had', async () => {
    await write('shout.ts', SMALLEST)
    const first = await load()
    await write('shout.ts', whisper.replace("field: 'word'", ''))
    const second = await load()
    expect(second.version).not.toBe(first.version)
    const again = await loadVersion(nodeTypes, first.version, cacheFolder)
    expect(await shouted(again?.types ?? new Map())).toEqual([{ word: 'HELLO' }])
    expect(await shouted(second.types)).toEqual([{ word: 'hello' }])
  })

  it('is noticed by itself, also in a file the node type uses, and also when it breaks it', async () => {
    await write('lib/loud.ts', "export const ending = '!'\n")
    const text = SMALLEST.replace('.toUpperCase()', '.toUpperCase() + ending')
    await write('shout.ts', `import { ending } from './lib/loud.ts'\n${text}`)
    const registry = await openLiveRegistry({
      builtIn: nodeTypes,
      extensions: async () => ({ folders: [folder], packages: [] }),
      cacheFolder,
      watch: true,
    })
    try {
      let changes = 0
      registry.onChange(() => changes++)
      const began = registry.current().version
      expect(await shouted(registry.current().types)).toEqual([{ word: 'HELLO!' }])

      await write('lib/loud.ts', "export const ending = '?'\n")
      await expect.poll(() => changes, { timeout: 5_000 }).toBe(1)
      expect(await shouted(registry.current().types)).toEqual([{ word: 'HELLO?' }])
      expect(await shouted((await registry.of(began)).types)).toEqual([{ word: 'HELLO!' }])

      await write('new.ts', made('made'))
      await expect.poll(() => changes, { timeout: 5_000 }).toBe(2)
      expect(registry.current().types.has('made')).toBe(true)

      await write('shout.ts', 'export const = 1\n')
      await expect.poll(() => changes, { timeout: 5_000 }).toBe(3)
      expect(registry.current().broken).toMatchObject([{ line: 1 }])
      expect(registry.current().types.has('shout')).toBe(false)

      await sleep(1_000)
      expect(changes, 'nothing changed, nobody was told').toBe(3)
    } finally {
      registry.close()
    }
  })
})
