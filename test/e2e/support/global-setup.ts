/** One running product with the sample shop for all browser tests, and the owner signed in. */
import type { TestProject } from 'vitest/node'
import { findChromium } from '../../../engine/local/find-chromium.ts'
import { claim, type BrowserCookie } from '../../support/owner.ts'
import { freePort, makeHome, startProduct } from '../../support/product.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Empty where no browser is installed: the tests are skipped. */
    chromium: string
    productUrl: string
    ownerCookies: BrowserCookie[]
    /** Ports the product's webhooks may call. */
    receiverPorts: number[]
  }
}

export async function setup(project: TestProject) {
  const chromium = await findChromium()
  project.provide('chromium', chromium ?? '')
  project.provide('productUrl', '')
  project.provide('ownerCookies', [])
  project.provide('receiverPorts', [])
  if (!chromium) {
    console.log('No Chromium was found: the browser tests are skipped. Set HEDDLE_CHROMIUM to it.')
    return undefined
  }
  const { home, remove } = await makeHome()
  const receivers = await Promise.all(Array.from({ length: 6 }, freePort))
  const port = await freePort()
  const product = await startProduct({ home, port, sample: true, receivers })
  project.provide('productUrl', product.url)
  project.provide('receiverPorts', receivers)
  project.provide('ownerCookies', await claim(product.url, product.ownerLink ?? ''))
  return async () => {
    await product.stop()
    await remove()
  }
}
