/** The one wrapper around a node's own code: it counts, checks the verdicts, and sorts them. */
import { emptyCounts, type NodeCounts } from '../contract/counts.ts'
import { RejectedError } from '../contract/error.ts'
import type { Item, Verdict } from '../contract/item.ts'
import type { NodeContext, ParsedNode } from '../contract/node.ts'

export interface FailedItem {
  nodeId: string
  code: string
  detail?: string
  item: Item
}

export interface WaitingItem {
  nodeId: string
  code: string
  afterMs: number
  item: Item
}

export interface NodeResult {
  counts: NodeCounts
  /** Items that left, by port. */
  out: Map<string, Item[]>
  failed: FailedItem[]
  waiting: WaitingItem[]
}

/** Runs one step on one page. Throws RejectedError, RetryableError or InterruptedError. */
export async function runNode(
  parsed: ParsedNode,
  page: Item[],
  ctx: NodeContext,
): Promise<NodeResult> {
  if (!parsed.run)
    throw new RejectedError('no_run', `Step "${ctx.nodeName}" cannot work page by page.`, {
      nodeId: ctx.nodeId,
    })
  const verdicts = await parsed.run(page, ctx)
  if (verdicts.length !== page.length)
    throw new RejectedError(
      'verdict_count',
      `Step "${ctx.nodeName}" gave ${verdicts.length} verdicts for ${page.length} items. Its node type has a defect: one verdict per item is due.`,
      { nodeId: ctx.nodeId },
    )
  return sortVerdicts(page, verdicts, ctx.nodeId)
}

export function sortVerdicts(page: Item[], verdicts: Verdict[], nodeId: string): NodeResult {
  const counts = emptyCounts()
  counts.in = page.length
  const result: NodeResult = { counts, out: new Map(), failed: [], waiting: [] }
  for (let i = 0; i < verdicts.length; i++) {
    const verdict = verdicts[i]
    const item = page[i]
    if (verdict && item) sortVerdict(verdict, item, nodeId, result)
  }
  for (const [port, items] of result.out) counts.out[port] = items.length
  return result
}

function sortVerdict(verdict: Verdict, item: Item, nodeId: string, result: NodeResult): void {
  const { counts } = result
  switch (verdict.kind) {
    case 'out': {
      const list = result.out.get(verdict.port)
      if (list) list.push(verdict.item)
      else result.out.set(verdict.port, [verdict.item])
      return
    }
    case 'drop':
      counts.dropped[verdict.reason] = (counts.dropped[verdict.reason] ?? 0) + 1
      return
    case 'fail':
      counts.failed[verdict.code] = (counts.failed[verdict.code] ?? 0) + 1
      result.failed.push({
        nodeId,
        code: verdict.code,
        item,
        ...(verdict.detail === undefined ? {} : { detail: verdict.detail }),
      })
      return
    case 'retry':
      counts.waiting += 1
      result.waiting.push({ nodeId, code: verdict.code, afterMs: verdict.afterMs, item })
  }
}
