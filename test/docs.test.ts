/** The documentation says what is: pages made from declarations are fresh, links lead somewhere, and the
 *  tutorial's code works as it stands. */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { nodePages } from '../engine/docs/node-pages.ts'
import { projectRoot } from '../engine/local/home.ts'
import { loadRegistry } from '../engine/run/registry.ts'
import { nodeTypes } from '../nodes/index.ts'
import { testContext } from './support/node-context.ts'

const read = (file: string) => readFile(path.join(projectRoot, file), 'utf8')

describe('docs/nodes', () => {
  it('is as `npm run docs` makes it', async () => {
    const pages = nodePages(nodeTypes)
    expect((await readdir(path.join(projectRoot, 'docs/nodes'))).sort()).toEqual(
      [...pages.keys()].sort(),
    )
    for (const [name, text] of pages)
      expect(await read(`docs/nodes/${name}`), `${name} is out of date: npm run docs`).toBe(text)
  })
})

async function markdownFiles(): Promise<string[]> {
  const top = (await readdir(projectRoot)).filter((name) => name.endsWith('.md'))
  const docs = await readdir(path.join(projectRoot, 'docs'), { recursive: true })
  return [
    ...top,
    'sample/README.md',
    ...docs.filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`),
  ]
}

const files = await markdownFiles()
const withoutCode = (text: string) => text.replace(/^```.*?^```/gms, '')

/** As the usual viewers make them. */
const anchorsOf = (text: string): string[] =>
  [...withoutCode(text).matchAll(/^#+ +(.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )

describe('links', () => {
  it.each(files)('of %s lead somewhere', async (file) => {
    const text = await read(file)
    const links = [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, to = '']) => to)
    const broken: string[] = []
    for (const link of links) {
      if (/^(https?|mailto):/.test(link)) continue
      const [target = '', anchor] = link.split('#')
      const at = target === '' ? file : path.posix.join(path.posix.dirname(file), target)
      const found = await stat(path.join(projectRoot, at)).catch(() => undefined)
      const known = !anchor || (found?.isFile() && anchorsOf(await read(at)).includes(anchor))
      if (!found || !known) broken.push(link)
    }
    expect(broken).toEqual([])
  })

  it.each(files)('in %s to files named in the text exist', async (file) => {
    const named = [
      ...(await read(file)).matchAll(
        /`((?:engine|nodes|editor|workflows|test|docs|scripts)\/[\w./-]+\.(?:tsx?|mjs|md))`/g,
      ),
    ].map(([, name = '']) => name)
    for (const name of named) expect(await stat(path.join(projectRoot, name)), name).toBeDefined()
  })

  it('name only npm scripts that there are', async () => {
    const { scripts } = JSON.parse(await read('package.json')) as {
      scripts: Record<string, string>
    }
    for (const file of files)
      for (const [, name = ''] of (await read(file)).matchAll(/npm run ([\w:-]+)/g))
        expect(Object.keys(scripts), `npm run ${name} in ${file}`).toContain(name)
  })
})

describe('docs/node-types.md', () => {
  it('has code that loads, and whose examples come out as it says', async () => {
    const blocks = [...(await read('docs/node-types.md')).matchAll(/^```ts\n(.*?)^```/gms)]
      .map(([, code = '']) => code)
      .filter((code) => code.includes('defineNode({'))
    expect(blocks.length).toBeGreaterThan(0)
    const folder = await mkdtemp(path.join(tmpdir(), 'heddle-docs-'))
    for (const [i, code] of blocks.entries()) await writeFile(path.join(folder, `${i}.ts`), code)
    const { types, broken } = await loadRegistry([], { folders: [folder], packages: [] })
    await rm(folder, { recursive: true, force: true })
    expect(broken).toEqual([])
    for (const nodeType of types.values())
      for (const { config, input = [], expect: expected } of nodeType.examples) {
        const page = input.map(({ fields }, i) => ({ id: `${i}`, source: 'Test', fields }))
        const verdicts = await nodeType.parse(config).run?.(page, testContext())
        const fates = verdicts?.map((verdict) =>
          verdict.kind === 'out'
            ? { out: verdict.item.fields }
            : { [verdict.kind]: 'code' in verdict ? verdict.code : verdict.reason },
        )
        expect(fates).toEqual(expected)
      }
  })
})
