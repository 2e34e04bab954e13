/** One person's way through a flow: their records in the sources, and what becomes of each. */
import type { Follow } from '../contract/api/dry-runs.ts'
import type { Analysis } from '../contract/api/flows.ts'
import type { Item } from '../contract/item.ts'
import type { Json } from '../contract/json.ts'
import type { FieldMeaning } from '../contract/shape.ts'
import { topologicalOrder } from '../flow/walk.ts'
import { dryRun, type DryRunInput, type StepTrace } from './preview.ts'
import { readSource } from './read-sources.ts'

export interface FollowInput extends Pick<DryRunInput, 'graph' | 'types' | 'services' | 'now'> {
  person: string
  shapes: Analysis['shapes']
  /** Answers of destinations stored for these profiles. */
  answersOf(profiles: readonly string[]): Promise<StoredAnswer[]>
}

export interface StoredAnswer {
  node: string
  run: string
  at: string
  status?: number
}

const TIME_MS = 120_000
const SHOWN = 3

/** Meanings that tell one person from another. */
const TELLS_WHO: ReadonlySet<FieldMeaning> = new Set([
  'email',
  'phone',
  'user_id',
  'loyalty_id',
  'device_id',
  'anonymous_id',
])

/** Throws RejectedError when a source cannot be read. */
export async function followPerson(input: FollowInput): Promise<Follow> {
  const records = await recordsOf(input)
  const found = [...records.values()].reduce((sum, items) => sum + items.length, 0)
  const trace = await dryRun({
    ...input,
    read: async (node) => ({ items: records.get(node.id) ?? [], failed: {} }),
    timeout: TIME_MS,
  })
  const profiles = profilesIn([...trace.values()])
  const answers = profiles.length > 0 ? await input.answersOf(profiles) : []
  const steps = topologicalOrder(input.graph).order.flatMap(({ id }) => {
    const step = trace.get(id)
    if (!step || step.counts.in === 0) return []
    const own = answers.filter(({ node }) => node === id)
    return {
      node: id,
      counts: step.counts,
      rows: itemsOf(step)
        .slice(0, SHOWN)
        .map(({ fields }) => fields),
      payloads: step.payloads ?? [],
      answers: own.map(({ node: _, ...answer }) => answer),
    }
  })
  return { found, steps, profiles }
}

const itemsOf = (step: StepTrace): Item[] =>
  [step.out, step.dropped, step.failed].flatMap((lists) => [...lists.values()].flat())

const profilesIn = (steps: readonly StepTrace[]): string[] => [
  ...new Set(steps.flatMap(itemsOf).flatMap(({ profileId }) => profileId ?? [])),
]

/** Records that hold what was asked for, and those that share an identifier with one of them. */
async function recordsOf(input: FollowInput): Promise<Map<string, Item[]>> {
  const all = new Map<string, Item[]>()
  const sources = input.graph.nodes.filter(({ type }) => input.types.get(type)?.role === 'source')
  await dryRun({
    ...input,
    graph: { ...input.graph, nodes: sources, wires: [] },
    read: async (node, ctx, tools) => {
      const read = await readSource({ node, ctx, tools })
      all.set(node.id, read.items)
      return read
    },
    timeout: TIME_MS,
  })
  const asked = picked(all, new Set([plain(input.person)]), () => true)
  const known = new Set([plain(input.person), ...identifiersIn(asked, input.shapes)])
  const telling = tellingFields(input.shapes)
  const shared = picked(all, known, (node, field) => telling.get(node)?.has(field) === true)
  return new Map(
    [...all.keys()].map((node) => [
      node,
      [...new Set([...(asked.get(node) ?? []), ...(shared.get(node) ?? [])])],
    ]),
  )
}

function picked(
  all: ReadonlyMap<string, readonly Item[]>,
  wanted: ReadonlySet<string>,
  looksAt: (node: string, field: string) => boolean,
): Map<string, Item[]> {
  const holds = (node: string, { fields }: Item) =>
    Object.entries(fields).some(([name, value]) => looksAt(node, name) && wanted.has(plain(value)))
  return new Map([...all].map(([node, items]) => [node, items.filter((item) => holds(node, item))]))
}

/** By source: the fields that tell one person from another. */
const tellingFields = (shapes: Analysis['shapes']): ReadonlyMap<string, ReadonlySet<string>> =>
  new Map(
    Object.entries(shapes).map(([node, ports]) => [
      node,
      new Set(
        Object.values(ports)
          .flatMap(({ fields }) => fields)
          .flatMap(({ name, meaning }) => (meaning && TELLS_WHO.has(meaning) ? [name] : [])),
      ),
    ]),
  )

function identifiersIn(
  records: ReadonlyMap<string, readonly Item[]>,
  shapes: Analysis['shapes'],
): string[] {
  const telling = tellingFields(shapes)
  return [...records].flatMap(([node, items]) =>
    items.flatMap(({ fields }) =>
      [...(telling.get(node) ?? [])]
        .map((name) => plain(fields[name]))
        .filter((text) => text !== ''),
    ),
  )
}

/** Case, spaces and the signs in phone numbers do not tell people apart. */
function plain(value: Json | undefined): string {
  if (typeof value !== 'string' && typeof value !== 'number') return ''
  const text = String(value).trim().toLowerCase()
  return /^\+?[\d\s().-]{7,}$/.test(text) ? text.replace(/\D/g, '').slice(-9) : text
}
