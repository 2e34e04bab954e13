/** Promise E-4: what runs away costs its own record, within 0.3 s, and nothing else. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nodeTypes } from '../../nodes/index.ts'
import type { FlowNode } from '../contract/flow.ts'
import type { Fields, Json } from '../contract/json.ts'
import { loadRegistry } from '../run/registry.ts'
import { createThreadPool, type ThreadPool } from './thread-pool.ts'

/** Stops at nothing: no clock within it is ever looked at. */
const ENDLESS = `import { defineNode, fail, out, z } from 'heddle'
export const endless = defineNode({
  type: 'endless', version: 1, role: 'transform', title: 'Endless', summary: 'May never end.',
  config: z.strictObject({}),
  fails: { too_slow: 'It took too long.' },
  run: (page, _config, ctx) => {
    const verdicts = page.map((item) => {
      if (!ctx.begins()) return fail('too_slow')
      while (item.fields.endless === true);
      return out(item)
    })
    ctx.rests()
    return verdicts
  },
  examples: [],
})
`
const GREEDY = `import { defineNode, z } from 'heddle'
export const greedy = defineNode({
  type: 'greedy', version: 1, role: 'transform', title: 'Greedy', summary: 'Wants all memory.',
  config: z.strictObject({}),
  run: () => { const kept = []; for (;;) kept.push(new Array(100_000).fill(kept.length)) },
  examples: [],
})
`
const never = new AbortController().signal
const NESTED = 'list.map(a, list.map(b, list.map(c, c))).size()'
const LONG = Array.from({ length: 3_000 }, (_, i) => i)

let root: string
let pool: ThreadPool
let registryVersion: string
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'heddle-pool-'))
  const folder = path.join(root, 'nodes')
  await mkdir(folder)
  await writeFile(path.join(folder, 'endless.ts'), ENDLESS)
  await writeFile(path.join(folder, 'greedy.ts'), GREEDY)
  const nodeTypesFolder = path.join(root, 'cache')
  const settings = { folders: [folder], packages: [] }
  registryVersion = (await loadRegistry(nodeTypes, settings, nodeTypesFolder)).version
  pool = createThreadPool({ nodeTypesFolder, threads: 1 })
  await run('endless', {}, [{}])
})
afterAll(async () => {
  await pool.close()
  await rm(root, { recursive: true, force: true })
})

async function run(
  type: string,
  config: Record<string, Json>,
  rows: Fields[],
  {
    mode = 'run',
    threads = pool,
    version = registryVersion,
  }: { mode?: 'run' | 'preview'; threads?: ThreadPool; version?: string } = {},
) {
  const position = { x: 0, y: 0 }
  const node: FlowNode = { id: 'step', type, version: 1, name: 'The step', config, position }
  const graph = { schemaVersion: 1 as const, nodes: [node], wires: [], settings: {} }
  const inbox = { step: rows.map((fields, i) => ({ id: `${i}`, source: 'Test', fields })) }
  const now = '2026-01-15T00:00:00.000Z'
  const started = performance.now()
  const work = threads.run(
    {
      scope: { runId: 'r', flowId: 'f', flowVersion: 1, graph, now, mode },
      registryVersion: version,
      input: { nodes: [{ node, placement: 'thread', hop: 0 }], wires: [], stored: [], inbox },
    },
    never,
  )
  const result = await work.catch((error: unknown) => ({ error }))
  return { ms: performance.now() - started, result }
}

const formula = (source: string) => ({ to: 'made', formula: source })
const small = { list: [1, 2] }

describe('a runaway formula', { retry: 2 }, () => {
  it('ends for its record alone, which is parked; all others are computed', async () => {
    const { ms, result } = await run('formula', formula(NESTED), [small, { list: LONG }, small])
    expect(result).toMatchObject({
      counts: { step: { in: 3, out: { out: 2 }, failed: { formula_too_slow: 1 } } },
      failed: [{ nodeId: 'step', code: 'formula_too_slow', item: { id: '1' } }],
    })
    expect(ms).toBeLessThan(300)
  })

  it.each([
    ['within "exists", which swallows errors', 'list.exists(a, list.map(b, list.map(c, c)) == [])'],
    ['within "all" within "exists"', 'list.exists(a, list.all(b, list.exists(c, c < 0 && b > a)))'],
    ['of many calls without a loop', Array(150).fill('x.split("").size()').join(' + ')],
    ['of many comparisons', Array(120).fill('x.split("") == x.split("")').join(' && ')],
    ['in a binding', 'cel.bind(p, list.map(a, list.map(b, b)), p.map(q, p.map(r, r)).size())'],
    ['of slow patterns', Array(100).fill('x.matches("(.*a){3}[^a]$")').join(' || ')],
  ])('ends in time %s', async (_where, source) => {
    const row = { list: LONG, x: 'a'.repeat(400_000) }
    const { ms, result } = await run('formula', formula(source), [row, { ...small, x: 'a' }])
    expect(ms).toBeLessThan(300)
    expect(result).toMatchObject({ counts: { step: { in: 2 } }, failed: [{ item: { id: '0' } }] })
  })

  it('stops a dry run at once, with a message that names the step', async () => {
    const rows = Array.from({ length: 200 }, () => ({ list: LONG }))
    const { ms, result } = await run('formula', formula(NESTED), rows, { mode: 'preview' })
    expect(result).toMatchObject({
      error: {
        code: 'formula_too_slow',
        nodeId: 'step',
        message: expect.stringContaining('The step') as string,
      },
    })
    expect(ms).toBeLessThan(300)
  })

  it('fails the stage when it is slow for record after record', async () => {
    const rows = Array.from({ length: 200 }, () => ({ list: LONG }))
    const { result } = await run('formula', formula(NESTED), rows)
    expect(result).toMatchObject({ error: { name: 'RejectedError', code: 'formula_too_slow' } })
  })
})

describe('a step that nothing within can stop', { retry: 2 }, () => {
  it('is ended with its thread for that record alone; the page is done again without it', async () => {
    const rows = [{}, { endless: true }, {}, { endless: true }, {}]
    const { result } = await run('endless', {}, rows)
    expect(result).toMatchObject({
      counts: { step: { in: 5, out: { out: 3 }, failed: { too_slow: 2 } } },
      failed: [{ item: { id: '1' } }, { item: { id: '3' } }],
    })
  })

  it('stops a dry run within 0.3 s, with a message that names the step', async () => {
    const { ms, result } = await run('endless', {}, [{ endless: true }], { mode: 'preview' })
    expect(result).toMatchObject({ error: { code: 'too_slow', nodeId: 'step' } })
    expect(ms).toBeLessThan(350)
  })

  it('takes no more of a page than a few threads', async () => {
    const rows = Array.from({ length: 50 }, () => ({ endless: true }))
    const { result } = await run('endless', {}, rows)
    expect(result).toMatchObject({ error: { code: 'too_slow', nodeId: 'step' } })
  })
})

it('says which step was at work when a page needs too much memory', async () => {
  const little = createThreadPool({ nodeTypesFolder: path.join(root, 'cache'), memoryMb: 64 })
  const { result } = await run('greedy', {}, [{}], { threads: little })
  await little.close()
  expect(result).toMatchObject({ error: { code: 'page_too_large', nodeId: 'step' } })
})

it('names the setting that a node type refuses', async () => {
  const { result } = await run('formula', formula('1 +'), [{}])
  expect(result).toMatchObject({
    error: { code: 'bad_setting', message: expect.stringContaining('formula') as string },
  })
})

it('runs the version of a node type that the run began with, whatever was written since', async () => {
  const folder = path.join(root, 'changing')
  const nodeTypesFolder = path.join(root, 'cache')
  const versionOf = async (title: string) => {
    const text = GREEDY.replace('greedy', 'marks').replace(/run: .*,/, `run: (page) => page.map((item) => ({ kind: 'drop', reason: '${title}' })),`) // prettier-ignore
    await mkdir(folder, { recursive: true })
    await writeFile(path.join(folder, 'marks.ts'), text.replace("type: 'greedy'", "type: 'marks'"))
    const settings = { folders: [folder], packages: [] }
    return (await loadRegistry(nodeTypes, settings, nodeTypesFolder)).version
  }
  const [first, second] = [await versionOf('first'), await versionOf('second')]
  for (const [version, reason] of [
    [first, 'first'],
    [second, 'second'],
    [first, 'first'],
  ] as const) {
    const { result } = await run('marks', {}, [{}], { version })
    expect(result).toMatchObject({ counts: { step: { dropped: { [reason]: 1 } } } })
  }
})
