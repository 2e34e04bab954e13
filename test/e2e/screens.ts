/**
 * `npm run screens`: pictures of every page in both themes, both languages, wide and narrow, into
 * the folder `screens`, to be looked at. Starts a product of its own; `--only NAME` takes one page.
 */
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { projectRoot } from '../../engine/local/home.ts'
import { createApi } from '../support/api.ts'
import { fillPaths, SCREENS, type Screen } from './support/screens.ts'
import { withProduct, type Opened } from './support/with-product.ts'

const FOLDER = path.join(projectRoot, 'screens')
const VIEWS = (['light', 'dark'] as const).flatMap((theme) =>
  (['en', 'zh-CN'] as const).flatMap((locale) =>
    [1440, 390].map((width) => ({ theme, locale, width })),
  ),
)
type View = (typeof VIEWS)[number]

async function main(): Promise<void> {
  await withProduct(takeAll)
}

async function takeAll({ browser, ...signed }: Opened): Promise<void> {
  await mkdir(FOLDER, { recursive: true })
  const api = createApi(signed.url, signed.cookies)
  const fill = await fillPaths((asked) => api('GET', asked))
  const at = process.argv.indexOf('--only')
  const only = at < 0 ? undefined : process.argv[at + 1]
  for (const screen of SCREENS.filter(({ name }) => only === undefined || name === only))
    for (const view of VIEWS)
      if (!(screen.wideOnly && view.width < 1000))
        await take(browser, { signed, screen: { ...screen, path: fill(screen.path) }, view })
}

interface Shot {
  signed: Omit<Opened, 'browser'>
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
