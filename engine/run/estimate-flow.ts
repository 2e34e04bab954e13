/** How many records go along each wire, told from an even sample of every source, or counted. */
import type { Estimate, Range } from '../contract/api/dry-runs.ts'
import type { Analysis } from '../contract/api/flows.ts'
import { droppedTotal, failedTotal } from '../contract/counts.ts'
import type { FlowGraph } from '../contract/flow.ts'
import { reachable } from '../flow/walk.ts'
import { dryRun, type DryRunInput, type Trace } from './preview.ts'
import { readSource } from './read-sources.ts'
import {
  personFields,
  rankItems,
  SAMPLE,
  takeShare,
  type SampleCache,
  type SourceSample,
} from './sample-sources.ts'

export interface EstimateInput extends Pick<DryRunInput, 'graph' | 'types' | 'services' | 'now'> {
  exact: boolean
  shapes: Analysis['shapes']
  cache: SampleCache
}

/** Parts read of a large source, to tell its number of records. */
const PARTS = 6
const MOST_MS = 120_000

/** Throws RejectedError when a source cannot be read, or holds too much to be counted. */
export async function estimateFlow(input: EstimateInput): Promise<Estimate> {
  const start = performance.now()
  const took = () => Math.round(performance.now() - start)
  if (input.exact) return { ...(await countAll(input)), tookMs: took() }
  const sources = await sampleSources(input)
  const of = [...sources.values()].reduce((sum, { total }) => sum + total, 0)
  const counted = [...sources.values()].every(({ exact }) => exact)
  const fraction = counted && of <= SAMPLE ? 1 : Math.min(1, SAMPLE / of)
  const trace = await runShare(input, sources, fraction)
  const half =
    fraction < 1 && wholeSteps(input).length > 0
      ? await runShare(input, sources, fraction / 2)
      : undefined
  const ranges = toRanges(trace, half, { fraction, unsteady: behindWhole(input) })
  for (const [id, source] of sources) if (source.exact) countSource(ranges, id, source)
  return {
    ...ranges,
    exact: fraction === 1,
    read: Math.round(of * fraction),
    of,
    tookMs: took(),
  }
}

async function countAll(input: EstimateInput): Promise<Omit<Estimate, 'tookMs'>> {
  const trace = await dryRun({ ...input, timeout: MOST_MS })
  const of = [...trace].reduce(
    (sum, [id, { counts }]) => sum + (isSource(input, id) ? counts.in : 0),
    0,
  )
  const ranges = toRanges(trace, undefined, { fraction: 1, unsteady: new Set() })
  return { ...ranges, exact: true, read: of, of }
}

/** The first pass only reads: all sources must be known before one fraction fits them all. */
async function sampleSources(input: EstimateInput): Promise<Map<string, SourceSample>> {
  const samples = new Map<string, SourceSample>()
  await dryRun({
    ...input,
    graph: sourcesOf(input),
    read: async (node, ctx, tools) => {
      const known = input.cache.get(node)
      const sample =
        known ??
        rankItems(
          await readSource({ node, ctx, tools, parts: PARTS }),
          personFields(node, input.shapes),
        )
      if (!known) input.cache.set(node, sample)
      samples.set(node.id, sample)
      return { items: [], failed: {} }
    },
    timeout: MOST_MS,
  })
  return samples
}

const isSource = ({ graph, types }: EstimateInput, id: string): boolean =>
  types.get(graph.nodes.find((node) => node.id === id)?.type ?? '')?.role === 'source'

const sourcesOf = ({ graph, types }: EstimateInput): FlowGraph => ({
  ...graph,
  nodes: graph.nodes.filter(({ type }) => types.get(type)?.role === 'source'),
  wires: [],
})

const wholeSteps = ({ graph, types }: EstimateInput): string[] =>
  graph.nodes.flatMap(({ id, type }) => (types.get(type)?.scope === 'dataset' ? [id] : []))

/** Steps whose numbers need not grow with the sample: those that compare records, and what follows. */
const behindWhole = (input: EstimateInput): ReadonlySet<string> =>
  reachable(input.graph, wholeSteps(input))

const runShare = (
  input: EstimateInput,
  sources: ReadonlyMap<string, SourceSample>,
  fraction: number,
): Promise<Trace> =>
  dryRun({
    ...input,
    read: async (node) => {
      const source = sources.get(node.id)
      return { items: source ? takeShare(source, fraction) : [], failed: {} }
    },
    timeout: MOST_MS,
  })

const sure = (n: number): Range => ({ n, low: n, high: n })

/** What was counted need not be guessed. */
function countSource(
  { wires, ends }: Pick<Estimate, 'wires' | 'ends'>,
  id: string,
  { read, failed }: SourceSample,
): void {
  const lost = Object.values(failed).reduce((sum, n) => sum + n, 0)
  wires[id] = { out: sure(read) }
  ends[id] = { dropped: sure(0), failed: sure(lost) }
}

interface Scale {
  fraction: number
  unsteady: ReadonlySet<string>
}

function toRanges(
  trace: Trace,
  half: Trace | undefined,
  { fraction, unsteady }: Scale,
): Pick<Estimate, 'wires' | 'ends'> {
  const wires: Estimate['wires'] = {}
  const ends: Estimate['ends'] = {}
  for (const [id, { counts }] of trace) {
    const before = unsteady.has(id) ? half?.get(id)?.counts : undefined
    const range = (n: number, fewer: number | undefined): Range =>
      fraction === 1 ? sure(n) : extrapolate(n, fewer, fraction)
    wires[id] = Object.fromEntries(
      Object.entries(counts.out).map(([port, n]) => [
        port,
        range(n, before && (before.out[port] ?? 0)),
      ]),
    )
    ends[id] = {
      dropped: range(droppedTotal(counts), before && droppedTotal(before)),
      failed: range(failedTotal(counts), before && failedTotal(before)),
    }
  }
  return { wires, ends }
}

const CERTAINTY = 1.96
/** A person's records are in the sample together or not at all, which makes it less even. */
const CLUMPING = 1.6

/**
 * From the sample to all. Whole people are sampled, so that what is told of each person grows with
 * the sample; where half the sample tells otherwise, the range is widened by as much.
 */
export function extrapolate(n: number, half: number | undefined, fraction: number): Range {
  const noise = (CLUMPING * CERTAINTY * Math.sqrt(Math.max(n, 1) * (1 - fraction))) / fraction
  const bend = half === undefined ? 0 : n - 2 * half
  const all = n / fraction
  return {
    n: Math.round(all),
    low: Math.max(0, Math.round(all - noise + Math.min(0, bend) / fraction)),
    high: Math.round(all + noise + Math.max(0, bend) / fraction),
  }
}
