/** The canvas under the hand: frames while dragging and panning, opening a flow, live numbers. Each
 *  beside the canvas library alone in the same browser, because a busy machine slows both. */
import type { Bench, Figure } from './bench.ts'
import { openBareCanvas } from './editor/bare-canvas.ts'
import { dragFrames, percentile } from './editor/frames.ts'
import { FAKE_STREAM, scriptPerTick } from './editor/live-ticks.ts'
import { openEditor, type EditorVisit } from './editor/open-editor.ts'

const P95 = 0.95

async function inEditor(work: (visit: EditorVisit) => Promise<Figure>): Promise<Figure> {
  const visit = await openEditor()
  try {
    return await work(visit)
  } finally {
    await visit.close()
  }
}

const GRABS = { drag: '.react-flow__node .card-main', pan: '.react-flow__pane' } as const

const framesOf = (what: keyof typeof GRABS, count: number, bar: number): Bench => ({
  name: `editor-${what}-${count}`,
  run: ({ rounds, say }) =>
    inEditor(async ({ page, openFlow }) => {
      const own: number[] = []
      const bare: number[] = []
      for (let i = 0; i < rounds; i++) {
        await openFlow(count)
        await page.waitForTimeout(2_500)
        own.push(percentile(await dragFrames(page, GRABS[what]), P95))
        await openBareCanvas(page, count)
        await page.waitForTimeout(1_000)
        const grab = what === 'pan' ? GRABS.pan : '.react-flow__node'
        bare.push(percentile(await dragFrames(page, grab), P95))
        say(`editor ${own.at(-1)?.toFixed(1)} ms, bare ${bare.at(-1)?.toFixed(1)} ms`)
      }
      return {
        value: Math.min(...own),
        unit: 'ms/frame p95',
        limit: Math.min(...bare),
        compares: 'value',
        bar,
        better: 'less',
      }
    }),
})

const load300: Bench = {
  name: 'editor-load-300',
  run: ({ rounds, say }) =>
    inEditor(async ({ page, openFlow }) => {
      // Once before, so that scripts are there as for someone who has opened a flow today.
      await openFlow(5)
      const times: number[] = []
      for (let i = 0; i < rounds; i++) times.push(await openFlow(300))
      const start = performance.now()
      await openBareCanvas(page, 300)
      const bare = performance.now() - start
      say(`editor ${times.map(Math.round).join(', ')} ms, bare ${Math.round(bare)} ms`)
      return {
        value: Math.min(...times),
        unit: 'ms',
        limit: bare,
        compares: 'value',
        bar: 1_000,
        better: 'less',
      }
    }),
}

const liveTicks: Bench = {
  name: 'editor-live-numbers',
  run: () =>
    inEditor(async ({ page, openFlow }) => {
      const at = '2026-01-01T00:00:00.000Z'
      const run = { id: 'live', state: 'running', startedAt: at }
      await page.addInitScript(FAKE_STREAM)
      await page.route(/\/api\/flows\/[^/]+$/, async (route) => {
        const answer = await route.fetch()
        const flow = (await answer.json()) as object
        await route.fulfill({ json: { ...flow, lastRun: run } })
      })
      await openFlow(300)
      await page.waitForTimeout(2_000)
      const view = {
        ...run,
        flowId: 'flow',
        flowName: 'Flow',
        flowVersion: 1,
        trigger: 'person',
        startedBy: 'Olivia',
        stages: {},
      }
      const ids = Array.from({ length: 300 }, (_, i) => `s${i}`)
      const value = await scriptPerTick(page, view, ids)
      // The bare limit: the same numbers parsed and merged without a page to draw them on.
      const limit = bareTick(view, ids)
      return { value, unit: 'ms script/tick', limit, compares: 'value', bar: 5, better: 'less' }
    }),
}

function bareTick(view: object, ids: readonly string[]): number {
  const counts = Object.fromEntries(ids.map((id) => [id, { in: 1, out: { out: 1 } }]))
  const data = JSON.stringify({ ...view, counts })
  const start = performance.now()
  for (let i = 0; i < 50; i++) JSON.parse(data)
  return (performance.now() - start) / 50
}

export const editorBenches: readonly Bench[] = [
  framesOf('drag', 300, 20),
  framesOf('pan', 300, 20),
  framesOf('drag', 1_000, 33),
  framesOf('pan', 1_000, 33),
  load300,
  liveTicks,
]
