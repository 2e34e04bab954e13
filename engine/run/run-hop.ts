/** Pushes a page through the steps of one hop, in memory and in order. Runs in a thread or on main. */
import { addCounts, emptyCounts, type StageCounts } from '../contract/counts.ts'
import type { Wire } from '../contract/flow.ts'
import { PAGE_ITEMS, type Item } from '../contract/item.ts'
import type { NodeContext, ParsedNode, Split } from '../contract/node.ts'
import type { PlanNode, Stage } from '../contract/plan.ts'
import { runNode, type FailedItem, type WaitingItem } from './run-node.ts'

/** Items that arrive at nodes, by node id. Several in ports hold the same kind of page. */
export type Inbox = Record<string, Item[]>

export interface SourcePage {
  nodeId: string
  split: Split
  bytes: Uint8Array
}

export interface HopInput {
  nodes: readonly PlanNode[]
  /** All wires that leave the hop's nodes, to wherever they go. */
  wires: readonly Wire[]
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
}

export interface HopTools {
  parse(nodeId: string): ParsedNode
  /** `write` collects the step's file text. */
  context(nodeId: string, write: (text: string) => void): NodeContext
  /** Label for provenance of records from this source. */
  sourceLabel(nodeId: string): string
}

/** The nodes of one hop of a stage, and the wires that leave them. */
export function hopOf(
  stage: Stage,
  hop: number,
  placement: PlanNode['placement'],
): Pick<HopInput, 'nodes' | 'wires'> {
  const nodes = stage.nodes.filter((plan) => plan.hop === hop && plan.placement === placement)
  const ids = new Set(nodes.map((plan) => plan.node.id))
  const wires = [...stage.inner, ...stage.outputs].filter((wire) => ids.has(wire.from.node))
  return { nodes, wires }
}

export async function runHop(input: HopInput, tools: HopTools): Promise<HopResult> {
  const result: HopResult = { counts: {}, leaving: {}, written: {}, failed: [], waiting: [] }
  const inbox = new Map(Object.entries(input.inbox))
  const here = new Set(input.nodes.map((plan) => plan.node.id))
  const deliver = (nodeId: string, port: string, items: Item[]): void => {
    for (const wire of input.wires) {
      if (wire.from.node !== nodeId || wire.from.port !== port) continue
      if (here.has(wire.to.node)) append(inbox, wire.to.node, items)
      else result.leaving[wire.id] = (result.leaving[wire.id] ?? []).concat(items)
    }
  }
  if (input.source) readSource(input.source, tools, result, deliver)
  for (const { node } of input.nodes) {
    const page = inbox.get(node.id)
    if (page && page.length > 0) await stepThrough(node.id, page, tools, result, deliver)
  }
  return result
}

function append(inbox: Map<string, Item[]>, nodeId: string, items: Item[]): void {
  const before = inbox.get(nodeId)
  inbox.set(nodeId, before ? before.concat(items) : items)
}

type Deliver = (nodeId: string, port: string, items: Item[]) => void

async function stepThrough(
  nodeId: string,
  page: Item[],
  tools: HopTools,
  result: HopResult,
  deliver: Deliver,
): Promise<void> {
  const parsed = tools.parse(nodeId)
  const texts: string[] = []
  const ctx = tools.context(nodeId, (text) => texts.push(text))
  for (let start = 0; start < page.length; start += PAGE_ITEMS) {
    const part = page.length <= PAGE_ITEMS ? page : page.slice(start, start + PAGE_ITEMS)
    const outcome = await runNode(parsed, part, ctx)
    addCounts(result.counts, { [nodeId]: outcome.counts })
    result.failed.push(...outcome.failed)
    result.waiting.push(...outcome.waiting)
    for (const [port, items] of outcome.out) deliver(nodeId, port, items)
  }
  if (texts.length > 0) result.written[nodeId] = (result.written[nodeId] ?? '') + texts.join('')
}

function readSource(
  { nodeId, split, bytes }: SourcePage,
  tools: HopTools,
  result: HopResult,
  deliver: Deliver,
): void {
  const parsed = tools.parse(nodeId)
  const ctx = tools.context(nodeId, () => undefined)
  const counts = (result.counts[nodeId] ??= emptyCounts())
  const source = tools.sourceLabel(nodeId)
  const items: Item[] = []
  for (const record of parsed.source?.decode(bytes, split, ctx) ?? []) {
    counts.in += 1
    const id = `${nodeId}:${record.position}`
    if ('fields' in record) {
      items.push({ id, fields: record.fields, source })
      continue
    }
    counts.failed[record.failed] = (counts.failed[record.failed] ?? 0) + 1
    result.failed.push({
      nodeId,
      code: record.failed,
      item: { id, fields: {}, source },
      ...(record.detail === undefined ? {} : { detail: record.detail }),
    })
  }
  if (items.length > 0) counts.out['out'] = items.length
  deliver(nodeId, 'out', items)
}
