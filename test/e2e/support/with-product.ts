/** A product of its own with the sample shop, its owner signed in, and a browser; all end with the work. */
import { chromium, type Browser } from 'playwright-core'
import { findChromium } from '../../../engine/local/find-chromium.ts'
import { claim, type BrowserCookie } from '../../support/owner.ts'
import { freePort, makeHome, startProduct } from '../../support/product.ts'

export interface Opened {
  browser: Browser
  url: string
  cookies: BrowserCookie[]
}

export async function withProduct(work: (opened: Opened) => Promise<void>): Promise<void> {
  const executablePath = await findChromium()
  if (!executablePath) throw new Error('No Chromium was found. Install one or set HEDDLE_CHROMIUM.')
  const { home, remove } = await makeHome()
  const product = await startProduct({ home, port: await freePort(), sample: true })
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    const cookies = await claim(product.url, product.ownerLink ?? '')
    await work({ browser, url: product.url, cookies })
  } finally {
    await browser.close()
    await product.stop()
    await remove()
  }
}
