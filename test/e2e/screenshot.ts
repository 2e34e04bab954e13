/**
 * `npm run screenshot`: the picture of the canvas in README. Starts a product of its own with the sample
 * shop, waits until its flow has run, and writes docs/images/canvas.png.
 */
import { mkdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { chromium } from 'playwright-core'
import type { RunView } from '../../engine/contract/run.ts'
import { FINAL_STATES } from '../../engine/contract/run.ts'
import { findChromium } from '../../engine/local/find-chromium.ts'
import { projectRoot } from '../../engine/local/home.ts'
import { claim, type BrowserCookie } from '../support/owner.ts'
import { freePort, makeHome, startProduct } from '../support/product.ts'

const FILE = path.join(projectRoot, 'docs/images/canvas.png')
const MOST_BYTES = 300_000

async function main(): Promise<void> {
  const executablePath = await findChromium()
  if (!executablePath) throw new Error('No Chromium was found. Install one or set HEDDLE_CHROMIUM.')
  const { home, remove } = await makeHome()
  const product = await startProduct({ home, port: await freePort(), sample: true })
  try {
    const cookies = await claim(product.url, product.ownerLink ?? '')
    const run = await sampleRun(product.url, cookies)
    await take(executablePath, `${product.url}/flows/${run.flowId}`, cookies)
  } finally {
    await product.stop()
    await remove()
  }
  const { size } = await stat(FILE)
  console.log(`Wrote docs/images/canvas.png, ${Math.round(size / 1_000)} kB.`)
  if (size > MOST_BYTES) throw new Error(`The picture may be ${MOST_BYTES / 1_000} kB large.`)
}

/** The sample's run, once it is over. */
async function sampleRun(url: string, cookies: readonly BrowserCookie[]): Promise<RunView> {
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  for (;;) {
    const answer = await fetch(`${url}/api/runs`, { headers: { cookie } })
    const [run] = ((await answer.json()) as { items: RunView[] }).items
    if (run && FINAL_STATES.has(run.state)) return run
    await sleep(500)
  }
}

async function take(executablePath: string, url: string, cookies: BrowserCookie[]): Promise<void> {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
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
  } finally {
    await browser.close()
  }
}

await main()
