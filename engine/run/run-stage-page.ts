/** One page through one stage: read it, push it through the hops, write its effects, commit. */
import { addCounts, type StageCounts } from '../contract/counts.ts'
import { InterruptedError } from '../contract/error.ts'
import type { Stage } from '../contract/plan.ts'
import type { DeliveryStore } from '../store/deliveries.ts'
import type { OutputStore } from '../store/output-parts.ts'
import type { PageStore } from '../store/pages.ts'
import type { ParkedStore } from '../store/parked.ts'
import type { PageSource, RunDocument, RunStore } from '../store/runs.ts'
import { packResult, type PackedResult } from './pack-result.ts'
import { countOf, joinPages, packedOf } from './page-codec.ts'
import {
  emptyResult,
  hopOf,
  runHop,
  type HopInput,
  type HopTools,
  type Inbox,
  type SourcePage,
} from './run-hop.ts'

export interface StagePageDeps {
  runs: RunStore
  pages: PageStore
  parked: ParkedStore
  outputs: OutputStore
  deliveries: Pick<DeliveryStore, 'disclose'>
  /** Runs a hop of pure steps in the thread pool. */
  runInThread(run: RunDocument, input: HopInput, signal: AbortSignal): Promise<PackedResult>
}

export interface StagePageInput {
  run: RunDocument
  stage: Stage
  pageNo: number
  tools: HopTools
  signal: AbortSignal
}

/** Reads where the page comes from, runs it, and commits. */
export async function runStagePage(
  input: StagePageInput & { from: PageSource },
  deps: StagePageDeps,
): Promise<void> {
  const { inbox, source } = await readPage(input, deps)
  const result = await runHops(input, { inbox, ...(source ? { source } : {}) }, deps)
  if (input.signal.aborted) throw new InterruptedError()
  await writeEffects(input, result, deps)
  await deps.runs.commitPage(input.run._id, input.stage.id, input.pageNo, result.counts)
  if (input.from.kind === 'letters') await deps.parked.setLetterState(input.from.ids, 'resolved')
}

/** Where a page enters its stage: at a source, or in the middle, as retried items do. */
export interface PageStart {
  inbox: Inbox
  source?: SourcePage
}

/** Items in hand through a stage; the caller commits the counts. */
export async function runItems(
  input: StagePageInput,
  start: PageStart,
  deps: StagePageDeps,
): Promise<StageCounts> {
  const result = await runHops(input, start, deps)
  if (input.signal.aborted) throw new InterruptedError()
  await writeEffects(input, result, deps)
  return result.counts
}

async function readPage(
  { run, tools, from }: StagePageInput & { from: PageSource },
  { pages, parked }: StagePageDeps,
): Promise<PageStart> {
  if (from.kind === 'split') {
    const { nodeId, split } = from
    const ctx = tools.context(nodeId, () => undefined)
    const bytes = (await tools.parse(nodeId).source?.fetch(split, ctx)) ?? new Uint8Array()
    return { inbox: {}, source: { nodeId, split, bytes } }
  }
  if (from.kind === 'letters') {
    const letters = await parked.readLetters(from.ids)
    return { inbox: { [from.nodeId]: letters.map(({ item }) => item) } }
  }
  const items = await pages.read({ ...from, runId: run._id })
  return { inbox: { [from.nodeId]: items } }
}

async function runHops(
  { run, stage, tools, signal }: StagePageInput,
  start: PageStart,
  deps: StagePageDeps,
): Promise<PackedResult> {
  const total: PackedResult = emptyResult()
  const inbox: Inbox = { ...start.inbox }
  const hops = new Set(stage.nodes.map((plan) => `${plan.hop}:${plan.placement}`))
  for (const key of [...hops].sort(byHop)) {
    const placement = key.endsWith('thread') ? 'thread' : 'main'
    const here = hopOf(stage, Number.parseInt(key, 10), placement)
    const mine = takeInbox(here, inbox)
    const source = start.source && isHere(here, start.source.nodeId) ? start.source : undefined
    if (!source && Object.keys(mine).length === 0) continue
    const input: HopInput = { ...here, inbox: mine, ...(source ? { source } : {}) }
    const result =
      placement === 'thread'
        ? await deps.runInThread(run, input, signal)
        : packResult(await runHop(input, tools), input)
    collect(total, result, stage, inbox)
    if (signal.aborted) throw new InterruptedError()
  }
  return total
}

const byHop = (a: string, b: string): number =>
  Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : 1)

const isHere = ({ nodes }: Pick<HopInput, 'nodes'>, nodeId: string): boolean =>
  nodes.some((plan) => plan.node.id === nodeId)

function takeInbox({ nodes }: Pick<HopInput, 'nodes'>, inbox: Inbox): Inbox {
  const mine: Inbox = {}
  for (const { node } of nodes) {
    const page = inbox[node.id]
    if (page && countOf(page) > 0) mine[node.id] = page
  }
  return mine
}

/** Items on inner wires go on to the later hop's inbox; the rest leaves the stage. */
function collect(total: PackedResult, result: PackedResult, stage: Stage, inbox: Inbox): void {
  addCounts(total.counts, result.counts)
  Object.assign(total.written, result.written)
  Object.assign(total.disclosed, result.disclosed)
  total.failed.push(...result.failed)
  total.waiting.push(...result.waiting)
  for (const [wireId, page] of Object.entries(result.leaving)) {
    const inner = stage.inner.find((wire) => wire.id === wireId)
    if (inner) inbox[inner.to.node] = joinPages(inbox[inner.to.node], page)
    else total.leaving[wireId] = page
  }
}

async function writeEffects(
  { run, stage, pageNo }: StagePageInput,
  result: PackedResult,
  { pages, parked, outputs, deliveries }: StagePageDeps,
): Promise<void> {
  const park = { runId: run._id, flowId: run.flowId, stageId: stage.id }
  const staged = Object.entries(result.leaving).filter(([, page]) => countOf(page) > 0)
  await Promise.all([
    parked.park(park, result.failed),
    parked.wait(park, result.waiting),
    ...staged.map(([wireId, page]) =>
      pages.write({ runId: run._id, wireId, generation: '', pageNo }, packedOf(page, 'store')),
    ),
    ...Object.entries(result.written).map(([nodeId, text]) => {
      const rows = result.counts[nodeId]?.out['delivered'] ?? 0
      return outputs.write({ runId: run._id, nodeId, pageNo, rows, ...text })
    }),
    ...Object.entries(result.disclosed).map(([nodeId, rows]) =>
      deliveries.disclose(
        { runId: run._id, flowId: run.flowId, flowVersion: run.flowVersion, nodeId },
        rows,
      ),
    ),
  ])
}
