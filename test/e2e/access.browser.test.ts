/** The floor of accessibility: axe finds nothing on any page, in either theme, wide or narrow. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { api } from './support/api.ts'
import { fillPaths, SCREENS } from './support/screens.ts'
import { hasBrowser, visit } from './support/visit.ts'

interface Finding {
  id: string
  nodes: ReadonlyArray<{ html: string }>
}

const VIEWS = [
  { theme: 'light', locale: 'en', width: 1440 },
  { theme: 'dark', locale: 'zh-CN', width: 1440 },
  { theme: 'light', locale: 'en', width: 390 },
] as const

describe.skipIf(!hasBrowser)('axe', () => {
  let axe: string
  let fill: (path: string) => string
  beforeAll(async () => {
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
    fill = await fillPaths((path) => api('GET', path))
  })

  it.each(SCREENS)('finds nothing on $name', async ({ path, act, signedOut, wideOnly }) => {
    for (const view of VIEWS) {
      if (wideOnly && view.width < 1000) continue
      const { page, context } = await visit({
        path: fill(path),
        ...view,
        ...(signedOut ? { signedOut } : {}),
      })
      await page.waitForLoadState('networkidle', { timeout: 5_000 }).catch(() => undefined)
      await act?.(page)
      expect(await look(page), `${view.theme} ${view.locale} ${view.width}`).toEqual([])
      await context.close()
    }
  })

  it('notices a picture without a text (test of the test)', async () => {
    const { page } = await visit()
    await page.evaluate(`document.body.append(document.createElement('img'))`)
    expect((await look(page)).join()).toContain('image-alt')
  })

  async function look(page: Page): Promise<string[]> {
    await page.evaluate(axe)
    const findings: Finding[] = await page.evaluate(
      `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] }).then((found) => found.violations)`,
    )
    return findings.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160) ?? ''}`)
  }
})
