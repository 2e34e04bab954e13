/** A step that needs all its input: reads the staged pages, stages its output again, counts both. */
import { emptyCounts, imbalance, type NodeCounts } from '../contract/counts.ts'
import { InterruptedError, RejectedError } from '../contract/error.ts'
import { PAGE_ITEMS, type Item } from '../contract/item.ts'
import type { DatasetInput, DatasetOutput } from '../contract/node.ts'
import type { Stage } from '../contract/plan.ts'
import type { PagePart, PageStore } from '../store/pages.ts'
import type { ParkedStore } from '../store/parked.ts'
import type { RunDocument, RunStore } from '../store/runs.ts'
import { itemsOf, packItems } from './page-codec.ts'
import type { HopTools } from './run-hop.ts'

export interface DatasetDeps {
  runs: RunStore
  pages: PageStore
  parked: ParkedStore
}

export interface DatasetStageInput {
  run: RunDocument
  stage: Stage
  tools: HopTools
  signal: AbortSignal
  /** Names this attempt's output, so that two attempts at once never mix. */
  generation: string
  heartbeat: () => void
}

/** Most items kept in memory while they are sorted into pages by person. */
const SPILL_ITEMS = 60_000

export async function runDatasetStage(input: DatasetStageInput, deps: DatasetDeps): Promise<void> {
  const { run, stage, tools, generation } = input
  const node = stage.nodes[0]?.node
  const parsed = node && tools.parse(node.id)
  if (!node || !parsed?.runDataset)
    throw new RejectedError('no_run', `Stage "${stage.id}" has no step that can run.`)
  const counts = emptyCounts()
  const writer = createWriter(input, deps)
  const ctx = tools.context(node.id, () => undefined)
  for await (const output of parsed.runDataset(await stagedInput(input, counts, deps), ctx)) {
    if (input.signal.aborted) throw new InterruptedError()
    input.heartbeat()
    await take(output, counts, writer, input, deps)
  }
  await writer.close()
  if (imbalance(counts) !== 0)
    throw new RejectedError(
      'counts_do_not_add_up',
      `Step "${ctx.nodeName}" took ${counts.in} items but accounts for ${counts.in - imbalance(counts)}. Its node type has a defect.`,
      { nodeId: node.id },
    )
  await deps.runs.commitGeneration(run._id, stage.id, generation)
  await deps.runs.commitPage(run._id, stage.id, 0, { [node.id]: counts })
}

/** The node may read its input several times; it is counted once. */
async function stagedInput(
  { run, stage, signal, heartbeat }: DatasetStageInput,
  counts: NodeCounts,
  { runs, pages }: DatasetDeps,
): Promise<DatasetInput> {
  const counted = new Set<string>()
  const generations = new Map<string, string>()
  for (const wire of stage.inputs) generations.set(wire.id, await runs.generationOf(run, wire))
  return {
    async *pages(port) {
      for (const wire of stage.inputs) {
        if (wire.to.port !== port) continue
        const generation = generations.get(wire.id) ?? ''
        for (const pageNo of await pages.list(run._id, wire.id, generation)) {
          if (signal.aborted) throw new InterruptedError()
          heartbeat()
          const page = await pages.read({ runId: run._id, wireId: wire.id, generation, pageNo })
          const items = itemsOf(page)
          const key = `${wire.id}:${pageNo}`
          if (!counted.has(key)) {
            counted.add(key)
            counts.in += items.length
          }
          yield items
        }
      }
    },
  }
}

async function take(
  output: DatasetOutput,
  counts: NodeCounts,
  writer: Writer,
  { run, stage }: DatasetStageInput,
  { parked }: DatasetDeps,
): Promise<void> {
  if (output.kind === 'drop') {
    if (output.count > 0)
      counts.dropped[output.reason] = (counts.dropped[output.reason] ?? 0) + output.count
    return
  }
  if (output.kind === 'fail') {
    const nodeId = stage.nodes[0]?.node.id ?? stage.id
    counts.failed[output.code] = (counts.failed[output.code] ?? 0) + output.items.length
    await parked.park(
      { runId: run._id, flowId: run.flowId, stageId: stage.id },
      output.items.map((item) => ({
        nodeId,
        code: output.code,
        item,
        ...(output.detail === undefined ? {} : { detail: output.detail }),
      })),
    )
    return
  }
  const port = output.port ?? 'out'
  counts.out[port] = (counts.out[port] ?? 0) + output.items.length
  await writer.add(port, output.items, output.buckets)
}

interface Writer {
  add(port: string, items: Item[], buckets?: Int32Array): Promise<void>
  close(): Promise<void>
}

/** Cuts the output into pages; items with buckets go to the page of their bucket, spilled in parts. */
function createWriter(
  { run, stage, generation }: DatasetStageInput,
  { pages }: DatasetDeps,
): Writer {
  const open = new Map<string, Map<number, Item[]>>()
  const parts = new Map<string, number>()
  const nextPage = new Map<string, number>()
  let held = 0

  /** All that is held, packed and written in few calls. */
  const spill = async (): Promise<void> => {
    for (const [port, buckets] of open) {
      const pieces: PagePart[] = []
      for (const [pageNo, items] of buckets) {
        const key = `${port}:${pageNo}`
        const part = parts.get(key) ?? 0
        const packed = packItems(items, 'store')
        parts.set(key, part + packed.parts.length)
        pieces.push({ pageNo, part, items: packed })
      }
      for (const wire of stage.outputs.filter(({ from }) => from.port === port))
        await pages.append({ runId: run._id, wireId: wire.id, generation }, pieces)
    }
    open.clear()
    held = 0
  }
  return {
    async add(port, items, buckets) {
      const byBucket = open.get(port) ?? new Map<number, Item[]>()
      open.set(port, byBucket)
      if (buckets)
        for (const [i, item] of items.entries()) {
          const bucket = buckets[i] ?? 0
          const list = byBucket.get(bucket)
          if (list) list.push(item)
          else byBucket.set(bucket, [item])
        }
      else {
        for (let start = 0; start < items.length; start += PAGE_ITEMS) {
          const pageNo = nextPage.get(port) ?? 0
          nextPage.set(port, pageNo + 1)
          byBucket.set(pageNo, items.slice(start, start + PAGE_ITEMS))
        }
      }
      held += items.length
      if (held >= SPILL_ITEMS) await spill()
    },
    close: spill,
  }
}
