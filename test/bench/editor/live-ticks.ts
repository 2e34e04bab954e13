/** Script time the editor spends on the live numbers of a run that changes ten times a second. */
import type { Page } from 'playwright-core'

const TICKS = 50
const EVERY_MS = 100

/** Stands in for the server's stream: every step's numbers grow with every message. */
export const FAKE_STREAM = `
  window.EventSource = class {
    constructor() { window.liveStream = this; this.listeners = [] }
    addEventListener(_name, listener) { this.listeners.push(listener) }
    close() {}
  }`

/** Milliseconds of script a tick, by the browser's own account. */
export async function scriptPerTick(page: Page, runView: object, ids: readonly string[]) {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  const scriptSeconds = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics')
    return metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? 0
  }
  const before = await scriptSeconds()
  await page.evaluate(sendTicks(runView, ids))
  return (((await scriptSeconds()) - before) * 1_000) / TICKS
}

/** Text, because the loader adds helpers to functions that a page does not have. */
const sendTicks = (view: object, ids: readonly string[]): string => `new Promise((resolve) => {
  const view = ${JSON.stringify(view)}
  const steps = ${JSON.stringify(ids)}
  let tick = 0
  const next = () => {
    const countsOf = (i) => {
      const n = tick * 100 + i
      return { in: n, out: { out: n }, dropped: {}, failed: {}, waiting: 0 }
    }
    const counts = Object.fromEntries(steps.map((id, i) => [id, countsOf(i)]))
    const data = JSON.stringify({ ...view, counts })
    for (const listener of window.liveStream.listeners.slice(0, 1)) listener({ data })
    if (++tick >= ${TICKS}) resolve()
    else setTimeout(next, ${EVERY_MS})
  }
  next()
})`
