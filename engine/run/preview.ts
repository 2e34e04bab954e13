/** A dry run on a sample, in memory: nothing is written, and what would be sent is rendered. */
import type { Preview } from '../contract/api/flows.ts'
import { emptyCounts, type NodeCounts } from '../contract/counts.ts'
import type { FlowGraph, FlowNode } from '../contract/flow.ts'
import type { Item } from '../contract/item.ts'
import {
  DELIVERED_PORT,
  type DatasetInput,
  type NodeContext,
  type NodeType,
} from '../contract/node.ts'
import type { Services } from '../contract/services.ts'
import { topologicalOrder, wiresInto } from '../flow/walk.ts'
import { createTools } from './node-context.ts'
import type { HopTools } from './run-hop.ts'
import { runNode } from './run-node.ts'

export interface PreviewInput {
  graph: FlowGraph
  types: ReadonlyMap<string, NodeType>
  /** Reading services only; see `previewServices`. */
  services: Partial<Services>
  /** Records read from each source. */
  rows: number
  now: string
}

const SHOWN_ROWS = 20

type Outbox = Map<string, Map<string, Item[]>>

/** Throws RejectedError when a source cannot be read. */
export async function previewFlow(input: PreviewInput): Promise<Preview> {
  const signal = AbortSignal.timeout(30_000)
  const scope = {
    runId: 'preview',
    flowId: 'preview',
    flowVersion: 0,
    graph: input.graph,
    now: input.now,
    mode: 'preview' as const,
  }
  const tools = createTools({
    scope,
    types: input.types,
    signal,
    servicesFor: () => input.services,
  })
  const preview: Preview = { counts: {}, rows: {}, payloads: {}, sampled: 0 }
  const outbox: Outbox = new Map()
  for (const node of topologicalOrder(input.graph).order) {
    const left = await runOne(node, { input, tools, outbox, preview })
    outbox.set(node.id, left)
    const shown = [...left.values()].flat().slice(0, SHOWN_ROWS)
    preview.rows[node.id] = shown.map((item) => item.fields)
  }
  return preview
}

interface Scene {
  input: PreviewInput
  tools: HopTools
  outbox: Outbox
  preview: Preview
}

async function runOne(node: FlowNode, scene: Scene): Promise<Map<string, Item[]>> {
  const { tools, input, preview } = scene
  const parsed = tools.parse(node.id)
  const ctx = tools.context(node.id, () => undefined)
  const counts = (preview.counts[node.id] = emptyCounts())
  if (parsed.source) {
    const items = await readSample(node.id, scene, ctx, counts)
    preview.sampled += items.length
    return new Map([['out', items]])
  }
  const nodeType = input.types.get(node.type)
  if (nodeType?.effects === 'sends') {
    const page = arriving(node.id, scene)
    counts.in = page.length
    counts.out[DELIVERED_PORT] = page.length
    preview.payloads[node.id] = (await parsed.render?.(page.slice(0, SHOWN_ROWS), ctx)) ?? []
    return new Map()
  }
  if (parsed.runDataset) return runWhole(node.id, scene, ctx, counts)
  const result = await runNode(parsed, arriving(node.id, scene), ctx)
  Object.assign(counts, result.counts)
  return result.out
}

function arriving(nodeId: string, { input, outbox }: Scene, port?: string): Item[] {
  return wiresInto(input.graph, nodeId)
    .filter((wire) => port === undefined || wire.to.port === port)
    .flatMap((wire) => outbox.get(wire.from.node)?.get(wire.from.port) ?? [])
}

async function readSample(
  nodeId: string,
  { input, tools }: Scene,
  ctx: NodeContext,
  counts: NodeCounts,
): Promise<Item[]> {
  const source = tools.parse(nodeId).source
  const items: Item[] = []
  for (const split of (await source?.open(ctx)) ?? []) {
    const bytes = (await source?.fetch(split, ctx)) ?? new Uint8Array()
    for (const record of source?.decode(bytes, split, ctx) ?? []) {
      if (items.length >= input.rows) break
      counts.in++
      if ('fields' in record)
        items.push({
          id: `${nodeId}:${record.position}`,
          fields: record.fields,
          source: tools.sourceLabel(nodeId),
        })
      else counts.failed[record.failed] = (counts.failed[record.failed] ?? 0) + 1
    }
    if (items.length >= input.rows) break
  }
  if (items.length > 0) counts.out['out'] = items.length
  return items
}

async function runWhole(
  nodeId: string,
  scene: Scene,
  ctx: NodeContext,
  counts: NodeCounts,
): Promise<Map<string, Item[]>> {
  counts.in = arriving(nodeId, scene).length
  const dataset: DatasetInput = {
    async *pages(port) {
      yield arriving(nodeId, scene, port)
    },
  }
  const left = new Map<string, Item[]>()
  for await (const output of scene.tools.parse(nodeId).runDataset?.(dataset, ctx) ?? []) {
    if (output.kind === 'drop')
      counts.dropped[output.reason] = (counts.dropped[output.reason] ?? 0) + output.count
    else if (output.kind === 'fail')
      counts.failed[output.code] = (counts.failed[output.code] ?? 0) + output.items.length
    else {
      const port = output.port ?? 'out'
      left.set(port, (left.get(port) ?? []).concat(output.items))
      counts.out[port] = (counts.out[port] ?? 0) + output.items.length
    }
  }
  return left
}
