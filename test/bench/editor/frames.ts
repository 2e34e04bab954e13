/** Frame times of a page while something is dragged. */
import type { Page } from 'playwright-core'

/** Moves of one drag; at 60 a second it takes about two seconds. */
const MOVES = 120

export async function dragFrames(page: Page, selector: string): Promise<number[]> {
  const box = await page.locator(selector).first().boundingBox()
  if (!box) throw new Error(`Nothing to drag is in view: ${selector}`)
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + 12, y + 8, { steps: 4 })
  const frames = recordFrames(page)
  for (let i = 0; i < MOVES; i++) {
    await page.mouse.move(x + 12 + Math.sin(i / 12) * 160, y + 8 + Math.cos(i / 9) * 60)
    await page.waitForTimeout(8)
  }
  await page.evaluate('window.stopFrames = true')
  const times = await frames
  await page.mouse.up()
  return times
}

/** Text, because the loader adds helpers to functions that a page does not have. */
const RECORD = `new Promise((resolve) => {
  window.stopFrames = false
  const times = []
  let last
  const frame = (at) => {
    if (last !== undefined) times.push(at - last)
    last = at
    if (window.stopFrames) resolve(times)
    else requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
})`

/** Milliseconds between animation frames until the page is told to stop. */
const recordFrames = (page: Page): Promise<number[]> => page.evaluate<number[]>(RECORD)

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
}
