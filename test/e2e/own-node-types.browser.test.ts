/** An engineer's day: own node types come, change and break while an editor is open; nothing restarts. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BrowserContext, Page } from 'playwright-core'
import type { Preview } from '../../engine/contract/api/dry-runs.ts'
import type { FileView } from '../../engine/contract/api/files.ts'
import type { FlowView } from '../../engine/contract/api/flows.ts'
import type { RunView } from '../../engine/contract/run.ts'
import { createApi, type Api } from '../support/api.ts'
import { chain } from '../support/chain.ts'
import { claim } from '../support/owner.ts'
import { freePort, makeHome, startProduct, type Product } from '../support/product.ts'
import { hasBrowser, openBrowser } from './support/visit.ts'

const shout = (
  change: string,
  title = 'Shout',
) => `import { defineNode, out, withFields, z } from 'heddle'

export const shout = defineNode({
  type: 'shout',
  version: 1,
  role: 'transform',
  title: '${title}',
  summary: 'Writes a field in capital letters.',
  config: z.strictObject({ field: z.string().meta({ title: 'Field to shout', widget: 'field' }) }),
  drops: { nothing: 'The field holds nothing to shout.' },
  run: (page, { field }) =>
    page.map((item) => out(withFields(item, { [field]: String(item.fields[field])${change} }))),
  examples: [],
})
`

describe.skipIf(!hasBrowser)("engineers' own node types", () => {
  let folder: string
  let home: Awaited<ReturnType<typeof makeHome>>
  let product: Product
  let context: BrowserContext
  let page: Page
  let api: Api

  const write = (name: string, text: string) => writeFile(path.join(folder, 'mine', name), text)
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'heddle-own-types-'))
    await mkdir(path.join(folder, 'mine'))
    const config = path.join(folder, 'heddle.config.ts')
    await writeFile(config, "export const config = { nodes: { folders: ['mine'] } }\n")
    home = await makeHome()
    const env = { HEDDLE_CONFIG: config }
    product = await startProduct({ home: home.home, port: await freePort(), command: 'dev', env })
    const cookies = await claim(product.url, product.ownerLink ?? '')
    api = createApi(product.url, cookies)
    context = await (await openBrowser()).newContext({ baseURL: product.url, locale: 'en' })
    context.setDefaultTimeout(30_000)
    await context.addCookies(cookies)
    page = await context.newPage()
  }, 240_000)
  afterAll(async () => {
    await context?.close()
    await product?.stop()
    await home?.remove()
    await rm(folder, { recursive: true, force: true })
  })

  it('come into the palette of the open editor, with their form', async () => {
    const flow = await api<FlowView>('POST', '/api/flows', { name: 'Own types' })
    await page.goto(`/flows/${flow.id}`)
    const palette = page.getByRole('complementary', { name: 'Steps to add' })
    await palette.getByText('Filter', { exact: true }).waitFor()
    expect(await palette.getByRole('button', { name: 'Shout' }).count()).toBe(0)
    await write('shout.ts', shout('.toUpperCase()'))
    await palette.getByRole('button', { name: 'Shout' }).first().click()
    await page.getByText('Writes a field in capital letters.').first().waitFor()
    await page.getByText('Field to shout').first().waitFor()
    await page.getByText('About this step').click()
    await page.getByText('The field holds nothing to shout.').waitFor()
  })

  it('show there when they are broken, and harm no other', async () => {
    await write('broken.ts', '\n\nexport const = 1\n')
    const palette = page.getByRole('complementary', { name: 'Steps to add' })
    await palette.getByText('1 own step type could not be loaded').click()
    await palette.getByText('broken.ts:3').waitFor()
    await palette.getByRole('button', { name: 'Shout' }).first().waitFor()
    await write('broken.ts', shout('').replaceAll('shout', 'whole').replace("'Shout'", "'Whole'"))
    await palette.getByRole('button', { name: 'Whole' }).first().waitFor()
    expect(await palette.getByText('could not be loaded').count()).toBe(0)
  })

  it('behave as last written in dry runs and in runs, without a restart', async () => {
    const words = '{"word":"Hello"}\n'
    const file = await api<FileView>('POST', '/api/files?name=words.ndjson', words)
    const condition = {
      kind: 'group',
      match: 'all',
      rules: [{ kind: 'rule', field: 'word', operator: 'equals', value: 'Jello' }],
    }
    const graph = chain([
      [
        'read',
        'ndjson_file',
        { origin: { kind: 'upload', file: { id: file.id, name: file.name } } },
      ],
      ['shout', 'shout', { field: 'word' }],
      ['keep', 'filter', { condition }],
    ])
    const previewed = async () =>
      (await api<Preview>('POST', '/api/flows/preview', { graph, rows: 10 })).rows['shout']
    // Dry runs show values masked: their first letter tells which change they went through.
    expect(await previewed()).toEqual([{ word: 'H•••' }])
    await write('shout.ts', shout('.toLowerCase()'))
    await expect.poll(previewed, { timeout: 10_000 }).toEqual([{ word: 'h•••' }])

    // A run goes through the worker and its threads, which read the change themselves.
    await write('shout.ts', shout(".replace('H', 'J')"))
    await expect.poll(previewed, { timeout: 10_000 }).toEqual([{ word: 'J•••' }])
    const flow = await api<FlowView>('POST', '/api/flows', { name: 'Shouting', graph })
    await api('POST', `/api/flows/${flow.id}/publish`, { base: flow.draftVersion })
    const run = await api<RunView>('POST', `/api/flows/${flow.id}/runs`, {})
    await expect
      .poll(async () => (await api<RunView>('GET', `/api/runs/${run.id}`)).state, {
        timeout: 60_000,
      })
      .toBe('completed')
    const { counts } = await api<RunView>('GET', `/api/runs/${run.id}`)
    expect(counts['keep']).toMatchObject({ in: 1, out: { out: 1 } })
  })

  it('leave nothing of the project readable but what the page is made of', async () => {
    const secrets = path.join(home.home, 'secrets', 'identity.key')
    const own = await fetch(`${product.url}/@fs${path.resolve('package-lock.json')}`)
    expect(own.status).toBe(403)
    expect((await fetch(`${product.url}/@fs${secrets}`)).status).toBe(403)
  })
})
