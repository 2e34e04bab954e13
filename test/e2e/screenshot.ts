/**
 * `npm run screenshot`: the picture of the canvas in README. Starts a product of its own with the sample
 * shop, waits until its flow has run, and writes docs/images/canvas.png.
 */
import { mkdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser } from 'playwright-core'
import type { RunView } from '../../engine/contract/run.ts'
import { FINAL_STATES } from '../../engine/contract/run.ts'
import { projectRoot } from '../../engine/local/home.ts'
import { createApi } from '../support/api.ts'
import type { BrowserCookie } from '../support/owner.ts'
import { until } from '../support/until.ts'
import { withProduct } from './support/with-product.ts'

const FILE = path.join(projectRoot, 'docs/images/canvas.png')
const MOST_BYTES = 300_000
const SAMPLE_MS = 240_000

async function main(): Promise<void> {
  await withProduct(async ({ browser, url, cookies }) => {
    const api = createApi(url, cookies)
    const run = await until(
      async () => (await api<{ items: RunView[] }>('GET', '/api/runs')).items.find(isOver),
      Boolean,
      SAMPLE_MS,
    )
    await take(browser, `${url}/flows/${run?.flowId ?? ''}`, cookies)
  })
  const { size } = await stat(FILE)
  console.log(`Wrote docs/images/canvas.png, ${Math.round(size / 1_000)} kB.`)
  if (size > MOST_BYTES) throw new Error(`The picture may be ${MOST_BYTES / 1_000} kB large.`)
}

/** The sample's run: the only one that ends. */
const isOver = ({ state }: RunView): boolean => FINAL_STATES.has(state)

async function take(browser: Browser, url: string, cookies: BrowserCookie[]): Promise<void> {
  const context = await browser.newContext({
    locale: 'en',
    colorScheme: 'light',
    reducedMotion: 'reduce',
    viewport: { width: 1600, height: 1000 },
  })
  await context.addCookies(cookies)
  const page = await context.newPage()
  await page.goto(url)
  await page.getByText('Mail list').first().waitFor()
  await page.getByRole('button', { name: 'Show everything' }).click()
  // Counts arrive with the run's events, and the canvas settles after it has drawn.
  await sleep(3_000)
  await mkdir(path.dirname(FILE), { recursive: true })
  await page.screenshot({ path: FILE })
}

await main()
