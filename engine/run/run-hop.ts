/** Pushes a page through the steps of one hop, in memory and in order. Runs in a thread or on main. */
import { addCounts, emptyCounts, type StageCounts } from '../contract/counts.ts'
import type { Wire } from '../contract/flow.ts'
import { PAGE_ITEMS, type Item } from '../contract/item.ts'
import type { NodeContext, ParsedNode, SourceRecord, Split } from '../contract/node.ts'
import type { PlanNode, Stage } from '../contract/plan.ts'
import { itemsOf, type Page } from './page-codec.ts'
import type { DeliveryRecord } from '../contract/services.ts'
import type { SendGuard } from './guard-sends.ts'
import { runSending } from './run-sending.ts'
import { runNode, type FailedItem, type WaitingItem } from './run-node.ts'

/** Items that arrive at nodes, by node id. Several in ports hold the same kind of page. */
export type Inbox = Record<string, Page>

export interface SourcePage {
  nodeId: string
  split: Split
  bytes: Uint8Array
}

export interface HopInput {
  nodes: readonly PlanNode[]
  /** All wires that leave the hop's nodes, to wherever they go. */
  wires: readonly Wire[]
  /** Those of them that leave the stage: their items are stored. */
  stored: readonly string[]
  inbox: Inbox
  source?: SourcePage
}

export interface HopResult {
  counts: StageCounts
  /** Items on wires that leave the hop, by wire id. */
  leaving: Record<string, Item[]>
  /** Text each file-making step wrote. */
  written: Record<string, string>
  failed: FailedItem[]
  waiting: WaitingItem[]
  /** What left in files; steps that call out record their own deliveries. */
  disclosed: Record<string, DeliveryRecord[]>
}

export interface HopTools {
  parse(nodeId: string): ParsedNode
  /** `write` collects the step's file text; `guard` comes with steps that send. */
  context(nodeId: string, write: (text: string) => void, guard?: SendGuard): NodeContext
  /** Of a step that sends; undefined for all others. */
  guard(nodeId: string): SendGuard | undefined
  /** Label for provenance of records from this source. */
  sourceLabel(nodeId: string): string
}

/** Of nothing yet: packed or not, it looks the same. */
export const emptyResult = () => ({
  counts: {},
  leaving: {},
  written: {},
  failed: [],
  waiting: [],
  disclosed: {},
})

/** The nodes of one hop of a stage, and the wires that leave them. */
export function hopOf(
  stage: Stage,
  hop: number,
  placement: PlanNode['placement'],
): Pick<HopInput, 'nodes' | 'wires' | 'stored'> {
  const nodes = stage.nodes.filter((plan) => plan.hop === hop && plan.placement === placement)
  const ids = new Set(nodes.map((plan) => plan.node.id))
  const from = (wire: Wire): boolean => ids.has(wire.from.node)
  const outputs = stage.outputs.filter(from)
  const wires = [...stage.inner.filter(from), ...outputs]
  return { nodes, wires, stored: outputs.map((wire) => wire.id) }
}

/**
 * Pure steps get few items at a time: what a few make is forgotten before the memory's collector has
 * to look at it, which is half the speed. Steps that use a service get the page whole, so that they
 * ask once.
 */
const ITEMS_IN_THREAD = 500

export async function runHop(input: HopInput, tools: HopTools): Promise<HopResult> {
  const hop = openHop(input, tools)
  const inThread = input.nodes[0]?.placement === 'thread'
  const most = inThread ? ITEMS_IN_THREAD : Number.MAX_SAFE_INTEGER
  if (input.source)
    for (const items of readSource(input.source, tools, hop.result, most)) {
      hop.deliver(input.source.nodeId, 'out', items)
      await hop.stepThrough()
    }
  for (const [nodeId, page] of Object.entries(input.inbox))
    for (const items of slices(itemsOf(page), most)) {
      hop.arrive(nodeId, items)
      if (inThread) await hop.stepThrough()
    }
  await hop.stepThrough()
  return hop.close()
}

function* slices(items: Item[], most: number): Iterable<Item[]> {
  if (items.length <= most) yield items
  else
    for (let start = 0; start < items.length; start += most) yield items.slice(start, start + most)
}

/** The steps of a hop with what they have made so far. */
function openHop({ nodes, wires }: HopInput, tools: HopTools) {
  const result: HopResult = emptyResult()
  const leaving = new Map<string, Item[]>()
  const arrived = new Map<string, Item[]>()
  const steps = nodes.map(({ node }) => openStep(node.id, tools))
  const here = new Set(steps.map(({ nodeId }) => nodeId))

  const arrive = (nodeId: string, items: Item[]): void => append(arrived, nodeId, items)
  const deliver = (nodeId: string, port: string, items: Item[]): void => {
    for (const wire of wires) {
      if (wire.from.node !== nodeId || wire.from.port !== port) continue
      if (here.has(wire.to.node)) arrive(wire.to.node, items)
      else append(leaving, wire.id, items)
    }
  }
  return {
    result,
    arrive,
    deliver,
    /** Pushes what has arrived through the steps, in their order. */
    async stepThrough(): Promise<void> {
      for (const step of steps) {
        const items = arrived.get(step.nodeId)
        arrived.delete(step.nodeId)
        if (items && items.length > 0) await runStep(step, items, result, deliver)
      }
    },
    close(): HopResult {
      Object.assign(result.leaving, Object.fromEntries(leaving))
      for (const { nodeId, texts } of steps)
        if (texts.length > 0) result.written[nodeId] = texts.join('')
      return result
    },
  }
}

/** Adds to a list of its own: several wires may carry the same one. */
function append(lists: Map<string, Item[]>, key: string, items: Item[]): void {
  const before = lists.get(key)
  if (!before) lists.set(key, items.slice())
  else for (const item of items) before.push(item)
}

type Deliver = (nodeId: string, port: string, items: Item[]) => void

interface Step {
  nodeId: string
  parsed: ParsedNode
  ctx: NodeContext
  texts: string[]
  guard: SendGuard | undefined
}

function openStep(nodeId: string, tools: HopTools): Step {
  const texts: string[] = []
  const guard = tools.guard(nodeId)
  const ctx = tools.context(nodeId, (text) => texts.push(text), guard)
  return { nodeId, parsed: tools.parse(nodeId), ctx, texts, guard }
}

async function runStep(
  { nodeId, parsed, ctx, guard }: Step,
  items: Item[],
  result: HopResult,
  deliver: Deliver,
): Promise<void> {
  for (const part of slices(items, PAGE_ITEMS)) {
    const outcome = guard
      ? await runSending({ parsed, ctx, guard, disclose: disclosing(nodeId, result) }, part)
      : await runNode(parsed, part, ctx)
    addCounts(result.counts, { [nodeId]: outcome.counts })
    result.failed.push(...outcome.failed)
    result.waiting.push(...outcome.waiting)
    for (const [port, left] of outcome.out) deliver(nodeId, port, left)
  }
}

const disclosing =
  (nodeId: string, { disclosed }: HopResult) =>
  (rows: DeliveryRecord[]): void => {
    disclosed[nodeId] = (disclosed[nodeId] ?? []).concat(rows)
  }

/** The source's records as items, some at a time; those that cannot be read are counted and parked. */
function* readSource(
  { nodeId, split, bytes }: SourcePage,
  tools: HopTools,
  result: HopResult,
  most: number,
): Iterable<Item[]> {
  const ctx = tools.context(nodeId, () => undefined)
  const counts = (result.counts[nodeId] ??= emptyCounts())
  const source = tools.sourceLabel(nodeId)
  let items: Item[] = []
  for (const record of tools.parse(nodeId).source?.decode(bytes, split, ctx) ?? []) {
    counts.in += 1
    if ('fields' in record) {
      items.push({
        id: `${nodeId}:${record.position}`,
        fields: record.fields,
        source: record.source ?? source,
      })
      if (items.length < most) continue
      yield items
      counts.out['out'] = (counts.out['out'] ?? 0) + items.length
      items = []
    } else fail(record, { nodeId, source }, result)
  }
  if (items.length === 0) return
  yield items
  counts.out['out'] = (counts.out['out'] ?? 0) + items.length
}

function fail(
  { failed, position, detail }: Extract<SourceRecord, { failed: string }>,
  { nodeId, source }: { nodeId: string; source: string },
  { counts, failed: parked }: HopResult,
): void {
  const own = (counts[nodeId] ??= emptyCounts())
  own.failed[failed] = (own.failed[failed] ?? 0) + 1
  parked.push({
    nodeId,
    code: failed,
    item: { id: `${nodeId}:${position}`, fields: {}, source },
    ...(detail === undefined ? {} : { detail }),
  })
}
