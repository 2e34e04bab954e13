/**
 * `npm run screens`: pictures of every page in both themes, both languages, wide and narrow, into
 * the folder `screens`, to be looked at. Starts a product of its own; `--only NAME` takes one page.
 */
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { chromium, type Browser } from 'playwright-core'
import { findChromium } from '../../engine/local/find-chromium.ts'
import { projectRoot } from '../../engine/local/home.ts'
import { claim, type BrowserCookie } from '../support/owner.ts'
import { freePort, makeHome, startProduct } from '../support/product.ts'
import { fillPaths, SCREENS, type Screen } from './support/screens.ts'

const FOLDER = path.join(projectRoot, 'screens')
const VIEWS = (['light', 'dark'] as const).flatMap((theme) =>
  (['en', 'zh-CN'] as const).flatMap((locale) =>
    [1440, 390].map((width) => ({ theme, locale, width })),
  ),
)
type View = (typeof VIEWS)[number]

interface Signed {
  url: string
  cookies: BrowserCookie[]
}

async function main(): Promise<void> {
  const executablePath = await findChromium()
  if (!executablePath) throw new Error('No Chromium was found. Install one or set HEDDLE_CHROMIUM.')
  const { home, remove } = await makeHome()
  const product = await startProduct({ home, port: await freePort(), sample: true })
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    const cookies = await claim(product.url, product.ownerLink ?? '')
    await takeAll(browser, { url: product.url, cookies })
  } finally {
    await browser.close()
    await product.stop()
    await remove()
  }
}

async function takeAll(browser: Browser, signed: Signed): Promise<void> {
  await mkdir(FOLDER, { recursive: true })
  const cookie = signed.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  const fill = await fillPaths(async (asked) => {
    const answer = await fetch(signed.url + asked, { headers: { cookie } })
    return (await answer.json()) as never
  })
  const at = process.argv.indexOf('--only')
  const only = at < 0 ? undefined : process.argv[at + 1]
  for (const screen of SCREENS.filter(({ name }) => only === undefined || name === only))
    for (const view of VIEWS)
      if (!(screen.wideOnly && view.width < 1000))
        await take(browser, { signed, screen: { ...screen, path: fill(screen.path) }, view })
}

interface Shot {
  signed: Signed
  screen: Screen
  view: View
}

async function take(browser: Browser, { signed, screen, view }: Shot): Promise<void> {
  const { theme, locale, width } = view
  const context = await browser.newContext({
    baseURL: signed.url,
    locale,
    colorScheme: theme,
    reducedMotion: 'reduce',
    viewport: { width, height: width < 1000 ? 844 : 900 },
  })
  await context.addInitScript(`localStorage.setItem('heddle.locale', '${locale}')`)
  if (!screen.signedOut) await context.addCookies(signed.cookies)
  const page = await context.newPage()
  await page.goto(screen.path, { waitUntil: 'networkidle' }).catch(() => undefined)
  await screen.act?.(page)
  await page.waitForTimeout(500)
  const name = `${screen.name}-${width}-${theme}-${locale}.png`
  await page.screenshot({ path: path.join(FOLDER, name) })
  console.log(name)
  await context.close()
}

await main()
