/** A dry run in memory: nothing is written, and what would be sent is rendered. */
import type { Preview } from '../contract/api/dry-runs.ts'
import { emptyCounts, type NodeCounts } from '../contract/counts.ts'
import type { FlowGraph, FlowNode } from '../contract/flow.ts'
import { PAGE_ITEMS, type Item, type Verdict } from '../contract/item.ts'
import type { Fields } from '../contract/json.ts'
import {
  DELIVERED_PORT,
  type DatasetInput,
  type NodeContext,
  type NodeType,
  type ParsedNode,
} from '../contract/node.ts'
import type { Services } from '../contract/services.ts'
import { reachable, reaching, topologicalOrder, wiresInto } from '../flow/walk.ts'
import { createTools, type RunScope } from './node-context.ts'
import { readSource } from './read-sources.ts'
import type { HopTools } from './run-hop.ts'
import { runNode } from './run-node.ts'

export interface DryRunInput {
  graph: FlowGraph
  types: ReadonlyMap<string, NodeType>
  /** Reading services only; see `previewServices`. */
  services: Partial<Services>
  now: string
  /** Stops with this step. */
  until?: string | undefined
  /** Items that stand in for what a step would let out; only what follows it is run. */
  standIn?: { node: string; port: string; items: Item[] }
  /** Items of a source. Default: read from it. */
  read?: (node: FlowNode, ctx: NodeContext, tools: HopTools) => Promise<SourceRead>
  /** Judges items outside of this thread; undefined for a step that may be run here. */
  judgeApart?: ((step: StepApart) => Promise<Verdict[]> | undefined) | undefined
  /** Milliseconds after which the dry run gives up. Default 30 s. */
  timeout?: number
}

export interface StepApart {
  scope: RunScope
  node: FlowNode
  items: Item[]
}

interface SourceRead {
  items: Item[]
  failed: Record<string, number>
}

/** What became of the items at one step. */
export interface StepTrace {
  counts: NodeCounts
  out: Map<string, Item[]>
  /** Items that ended here, by reason; a step that needs all its input tells numbers only. */
  dropped: Map<string, Item[]>
  failed: Map<string, Item[]>
  /** What a sending step would have sent, for its first items. */
  payloads?: string[]
}
export type Trace = Map<string, StepTrace>

/** Rows and payloads shown of each step. */
const SHOWN_ROWS = 20

export interface PreviewInput extends DryRunInput {
  /** Records read from each source. */
  rows: number
}

/** Throws RejectedError when a source cannot be read. */
export async function previewFlow({ rows, ...input }: PreviewInput): Promise<Preview> {
  const trace = await dryRun({
    read: (node, ctx, tools) => readSource({ node, ctx, tools, atMost: rows }),
    ...input,
  })
  return showTrace(trace, input.graph)
}

/** Runs the steps in order, each on all it gets. Throws RejectedError when a source cannot be read. */
export async function dryRun(input: DryRunInput): Promise<Trace> {
  const signal = AbortSignal.timeout(input.timeout ?? 30_000)
  const scope: RunScope = {
    runId: 'preview',
    flowId: 'preview',
    flowVersion: 0,
    graph: input.graph,
    now: input.now,
    mode: 'preview',
  }
  const { types, services } = input
  const tools = createTools({ scope, types, signal, servicesFor: () => services })
  const trace: Trace = new Map()
  for (const node of stepsToRun(input)) {
    signal.throwIfAborted()
    trace.set(node.id, await runStep(node, { input, scope, tools, trace }))
  }
  return trace
}

function stepsToRun({ graph, until, standIn }: DryRunInput): FlowNode[] {
  const before = until === undefined ? undefined : reaching(graph, [until])
  const after = standIn && reachable(graph, [standIn.node])
  return topologicalOrder(graph).order.filter(
    ({ id }) => (!before || before.has(id)) && (!after || after.has(id)),
  )
}

interface Scene {
  input: DryRunInput
  scope: RunScope
  tools: HopTools
  trace: Trace
}

const emptyStep = (): StepTrace => ({
  counts: emptyCounts(),
  out: new Map(),
  dropped: new Map(),
  failed: new Map(),
})

async function runStep(node: FlowNode, scene: Scene): Promise<StepTrace> {
  const { tools, input } = scene
  if (input.standIn?.node === node.id) return standingIn(input.standIn)
  const parsed = tools.parse(node.id)
  const ctx = tools.context(node.id, () => undefined)
  if (parsed.source) return readStep(node, scene, ctx)
  if (input.types.get(node.type)?.effects === 'sends') return renderStep(node, scene, parsed)
  return parsed.runDataset
    ? runWhole(node.id, scene, parsed, ctx)
    : runPages(arriving(node.id, scene), apart(node, scene, parsed), ctx)
}

/** What people wrote themselves must not hold up whoever else is served by this thread. */
function apart(node: FlowNode, { input, scope }: Scene, parsed: ParsedNode): ParsedNode {
  if (!input.judgeApart || parsed.uses.length > 0) return parsed
  return {
    ...parsed,
    run: (items, ctx) =>
      input.judgeApart?.({ scope, node, items }) ?? parsed.run?.(items, ctx) ?? [],
  }
}

function standingIn({ port, items }: NonNullable<DryRunInput['standIn']>): StepTrace {
  const step = emptyStep()
  step.counts.in = items.length
  step.counts.out[port] = items.length
  step.out.set(port, items)
  return step
}

async function readStep(
  node: FlowNode,
  { input, tools }: Scene,
  ctx: NodeContext,
): Promise<StepTrace> {
  const read = input.read ?? ((from, context) => readSource({ node: from, ctx: context, tools }))
  const { items, failed } = await read(node, ctx, tools)
  const step = emptyStep()
  step.counts.failed = failed
  step.counts.in = items.length + Object.values(failed).reduce((sum, n) => sum + n, 0)
  if (items.length > 0) step.counts.out['out'] = items.length
  step.out.set('out', items)
  return step
}

/** What a destination would send is shown, whatever its own code would do. */
async function renderStep(node: FlowNode, scene: Scene, parsed: ParsedNode): Promise<StepTrace> {
  const ctx = scene.tools.context(node.id, () => undefined)
  const page = arriving(node.id, scene)
  const step = emptyStep()
  step.counts.in = page.length
  step.counts.out[DELIVERED_PORT] = page.length
  step.out.set(DELIVERED_PORT, page)
  step.payloads = (await parsed.render?.(page.slice(0, SHOWN_ROWS), ctx)) ?? []
  return step
}

function arriving(nodeId: string, { input, trace }: Scene, port?: string): Item[] {
  return wiresInto(input.graph, nodeId)
    .filter((wire) => port === undefined || wire.to.port === port)
    .flatMap((wire) => trace.get(wire.from.node)?.out.get(wire.from.port) ?? [])
}

async function runPages(items: Item[], parsed: ParsedNode, ctx: NodeContext): Promise<StepTrace> {
  const step = emptyStep()
  for (let at = 0; at === 0 || at < items.length; at += PAGE_ITEMS) {
    const page = items.slice(at, at + PAGE_ITEMS)
    const verdicts: Verdict[] = []
    const listening: ParsedNode = {
      ...parsed,
      run: async (given, context) => {
        verdicts.push(...((await parsed.run?.(given, context)) ?? []))
        return verdicts
      },
    }
    const { out } = await runNode(listening, page, ctx)
    for (const [port, list] of out) append(step.out, port, list)
    sortEnded(step, page, verdicts)
  }
  step.counts.in = items.length
  for (const [port, list] of step.out) step.counts.out[port] = list.length
  return step
}

function sortEnded(step: StepTrace, page: readonly Item[], verdicts: readonly Verdict[]): void {
  for (const [i, verdict] of verdicts.entries()) {
    const item = page[i]
    if (!item || verdict.kind === 'out') continue
    if (verdict.kind === 'retry') step.counts.waiting++
    else if (verdict.kind === 'drop') end(step, 'dropped', verdict.reason, [item])
    else end(step, 'failed', verdict.code, [item])
  }
}

function end(step: StepTrace, how: 'dropped' | 'failed', why: string, items: Item[]): void {
  step.counts[how][why] = (step.counts[how][why] ?? 0) + items.length
  append(step[how], why, items)
}

function append(lists: Map<string, Item[]>, key: string, items: readonly Item[]): void {
  const known = lists.get(key)
  if (!known) lists.set(key, [...items])
  else for (const item of items) known.push(item)
}

async function runWhole(
  nodeId: string,
  scene: Scene,
  parsed: ParsedNode,
  ctx: NodeContext,
): Promise<StepTrace> {
  const step = emptyStep()
  step.counts.in = arriving(nodeId, scene).length
  const dataset: DatasetInput = {
    async *pages(port) {
      const items = arriving(nodeId, scene, port)
      for (let at = 0; at < items.length; at += PAGE_ITEMS) yield items.slice(at, at + PAGE_ITEMS)
    },
  }
  for await (const output of parsed.runDataset?.(dataset, ctx) ?? []) {
    if (output.kind === 'drop')
      step.counts.dropped[output.reason] = (step.counts.dropped[output.reason] ?? 0) + output.count
    else if (output.kind === 'fail') end(step, 'failed', output.code, output.items)
    else append(step.out, output.port ?? 'out', output.items)
  }
  for (const [port, list] of step.out) step.counts.out[port] = list.length
  return step
}

const fieldsOf = (items: readonly Item[] = []): Fields[] =>
  items.slice(0, SHOWN_ROWS).map((item) => item.fields)

const byKey = (lists: ReadonlyMap<string, Item[]>): Record<string, Fields[]> =>
  Object.fromEntries([...lists].map(([key, items]) => [key, fieldsOf(items)]))

/** The trace with the first rows of each step; values are in the clear, masking is the server's. */
export function showTrace(trace: Trace, graph: FlowGraph): Preview {
  const preview: Preview = { counts: {}, rows: {}, fates: {}, payloads: {}, sampled: 0 }
  for (const [id, step] of trace) {
    preview.counts[id] = step.counts
    preview.rows[id] = fieldsOf([...step.out.values()].flat())
    preview.fates[id] = {
      out: byKey(step.out),
      dropped: byKey(step.dropped),
      failed: byKey(step.failed),
    }
    if (step.payloads) preview.payloads[id] = step.payloads
    if (wiresInto(graph, id).length === 0) preview.sampled += step.out.get('out')?.length ?? 0
  }
  return preview
}
