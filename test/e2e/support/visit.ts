/** A page of the running product in a real browser, and what went wrong on it. */
import { afterAll, inject } from 'vitest'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'

export interface VisitInput {
  path?: string
  locale?: 'en' | 'zh-CN'
  theme?: 'light' | 'dark'
  width?: number
  height?: number
  touch?: boolean
  /** Without the owner's session. */
  signedOut?: boolean
}

export interface Visit {
  page: Page
  context: BrowserContext
  /** Errors of the page's scripts and its console; a test looks at them last. */
  errors: string[]
}

/** False where no browser is installed. */
export const hasBrowser = inject('chromium') !== ''
export const productUrl = inject('productUrl')

let browser: Promise<Browser> | undefined
afterAll(async () => {
  await (await browser)?.close()
})

export const openBrowser = (): Promise<Browser> =>
  (browser ??= chromium.launch({
    executablePath: inject('chromium'),
    args: ['--no-sandbox', '--force-color-profile=srgb'],
  }))

/** Answers of the server that a page may expect; the browser logs each as an error. */
const EXPECTED = /status of 4\d\d|net::ERR_INTERNET_DISCONNECTED|net::ERR_CONNECTION_REFUSED/

export async function visit(input: VisitInput = {}): Promise<Visit> {
  const { path = '/', locale = 'en', theme = 'light', width = 1440, height = 900 } = input
  const context = await (
    await openBrowser()
  ).newContext({
    baseURL: productUrl,
    locale,
    colorScheme: theme,
    reducedMotion: 'reduce',
    viewport: { width, height },
    hasTouch: input.touch ?? false,
    acceptDownloads: true,
  })
  context.setDefaultTimeout(15_000)
  await context.addInitScript(`localStorage.setItem('heddle.locale', '${locale}')`)
  if (!input.signedOut) await context.addCookies(inject('ownerCookies'))
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !EXPECTED.test(message.text())) errors.push(message.text())
  })
  await page.goto(path)
  return { page, context, errors }
}
