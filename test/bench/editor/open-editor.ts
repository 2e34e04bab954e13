/** The editor of a running product in a real browser, started once for all benches of the editor. */
import { chromium, type Page } from 'playwright-core'
import { findChromium } from '../../../engine/local/find-chromium.ts'
import { claim } from '../../support/owner.ts'
import { freePort, makeHome, startProduct } from '../../support/product.ts'
import { largeFlow } from './large-flow.ts'

export interface EditorVisit {
  page: Page
  /** Opens a flow of so many steps; resolves with the milliseconds until its cards are drawn. */
  openFlow(count: number): Promise<number>
  close(): Promise<void>
}

export async function openEditor(): Promise<EditorVisit> {
  const executablePath = await findChromium()
  if (!executablePath) throw new Error('No Chromium was found. Set HEDDLE_CHROMIUM to it.')
  const { home, remove } = await makeHome()
  const product = await startProduct({ home, port: await freePort() })
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  const context = await browser.newContext({
    baseURL: product.url,
    viewport: { width: 1440, height: 900 },
  })
  await context.addCookies(await claim(product.url, product.ownerLink ?? ''))
  const page = await context.newPage()
  return {
    page,
    openFlow: (count) => openFlow(page, product.url, count),
    async close() {
      await browser.close()
      await product.stop()
      await remove()
    },
  }
}

async function openFlow(page: Page, url: string, count: number): Promise<number> {
  const made = await page.context().request.post(`${url}/api/flows`, {
    data: { name: `${count} steps`, graph: largeFlow(count) },
    headers: { origin: url },
  })
  if (!made.ok()) throw new Error(`The flow could not be made: ${await made.text()}`)
  const { id } = (await made.json()) as { id: string }
  // From the list, so that what is measured is opening the flow and not loading the page.
  await page.goto(`${url}/flows`)
  await page.waitForSelector(`a[href="/flows/${id}"]`)
  await page.waitForTimeout(500)
  return page.evaluate<number>(openAndTime(`/flows/${id}`))
}

/** Text, because the loader adds helpers to functions that a page does not have. */
const openAndTime = (href: string): string => `new Promise((resolve) => {
  const start = performance.now()
  const look = () => {
    if (document.querySelector('.react-flow__node .card'))
      requestAnimationFrame(() => resolve(performance.now() - start))
    else requestAnimationFrame(look)
  }
  document.querySelector('a[href="${href}"]').click()
  look()
})`
