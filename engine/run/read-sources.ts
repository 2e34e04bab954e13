/** Reads sources for a dry run: the beginning, an even sample of everything, or everything. */
import { setImmediate as breathe } from 'node:timers/promises'
import { RejectedError } from '../contract/error.ts'
import type { FlowNode } from '../contract/flow.ts'
import type { Item } from '../contract/item.ts'
import type { NodeContext, Split } from '../contract/node.ts'
import type { HopTools } from './run-hop.ts'

export interface SourceItems {
  items: Item[]
  /** Records that could not be read, by code. */
  failed: Record<string, number>
  /** Records there are, read or not; exact only when all parts were counted. */
  total: number
  exact: boolean
}

export interface ReadSourceInput {
  node: FlowNode
  tools: HopTools
  ctx: NodeContext
  /** Stop after this many records, as a preview does. */
  atMost?: number
  /** Parts read when the source is larger; the rest is told from their size. Default: all. */
  parts?: number
}

/** Most records held at once by a dry run. */
export const MOST_RECORDS = 300_000
const BREATH = 5_000

/** Throws RejectedError when the source cannot be read, or holds more than a dry run can. */
export async function readSource(input: ReadSourceInput): Promise<SourceItems> {
  const { node, tools, ctx, atMost = Infinity } = input
  const source = tools.parse(node.id).source
  const splits = (await source?.open(ctx)) ?? []
  const chosen = spread(splits, input.parts ?? splits.length)
  const read: SourceItems = { items: [], failed: {}, total: 0, exact: true }
  let bytesRead = 0
  for (const split of chosen) {
    const bytes = (await source?.fetch(split, ctx)) ?? new Uint8Array()
    bytesRead += bytes.byteLength
    for (const record of source?.decode(bytes, split, ctx) ?? []) {
      if (read.total >= atMost) return { ...read, exact: false }
      read.total++
      if (read.total % BREATH === 0) await breathe()
      if (read.items.length >= MOST_RECORDS) throw tooMany(ctx)
      if ('failed' in record) read.failed[record.failed] = (read.failed[record.failed] ?? 0) + 1
      else
        read.items.push({
          id: `${node.id}:${record.position}`,
          fields: record.fields,
          source: record.source ?? tools.sourceLabel(node.id),
        })
    }
  }
  if (chosen.length === splits.length) return read
  const scale = (bytesOf(splits) ?? splits.length) / (bytesOf(chosen) ?? (chosen.length || 1))
  return { ...read, total: Math.round(read.total * scale), exact: bytesRead === 0 }
}

const tooMany = ({ nodeId, nodeName }: NodeContext): RejectedError =>
  new RejectedError(
    'too_many_records',
    `"${nodeName}" holds more than ${MOST_RECORDS} records, which is too many for a dry run. Run the flow to get exact numbers.`,
    { nodeId },
  )

/** First, last and those between at even distance. */
function spread(splits: readonly Split[], count: number): Split[] {
  if (splits.length <= count) return [...splits]
  return Array.from({ length: count }, (_, i) => {
    const at = count === 1 ? 0 : Math.round((i * (splits.length - 1)) / (count - 1))
    return splits[at] ?? {}
  })
}

/** Undefined when the parts do not tell their size. */
function bytesOf(splits: readonly Split[]): number | undefined {
  let sum = 0
  for (const { start, end } of splits) {
    if (typeof start !== 'number' || typeof end !== 'number') return undefined
    sum += end - start
  }
  return sum
}
