/** A sample of every source that keeps the records of one person together, and remembers it a while. */
import type { Analysis } from '../contract/api/flows.ts'
import type { FlowNode } from '../contract/flow.ts'
import type { Item } from '../contract/item.ts'
import type { FieldMeaning } from '../contract/shape.ts'
import type { SourceItems } from './read-sources.ts'

/** A source's numbers, and its records of lowest rank in the order of rank. */
export interface SourceSample extends Omit<SourceItems, 'items'> {
  read: number
  ranked: ReadonlyArray<{ rank: number; item: Item }>
}

/** Records run through the flow for an estimate; flows with no more are counted. */
export const SAMPLE = 4_000

const PERSON: readonly FieldMeaning[] = ['email', 'user_id', 'loyalty_id', 'phone', 'anonymous_id']

/** The fields by which a source's records are told to be of one person, the best first. */
export function personFields(node: FlowNode, shapes: Analysis['shapes']): string[] {
  const fields = Object.values(shapes[node.id] ?? {}).flatMap((shape) => shape.fields)
  return PERSON.flatMap((meaning) =>
    fields.flatMap((field) => (field.meaning === meaning ? [field.name] : [])),
  )
}

export function rankItems(
  { items, ...source }: SourceItems,
  keyFields: readonly string[],
): SourceSample {
  const ranked = items
    .map((item) => ({ rank: rankOf(personKey(item, keyFields)), item }))
    .sort((a, b) => a.rank - b.rank)
  return { ...source, read: items.length, ranked: ranked.slice(0, SAMPLE) }
}

/** The part of a source's records that is `fraction` of all there are; the same people every time. */
export function takeShare({ ranked, read, total }: SourceSample, fraction: number): Item[] {
  const share = read === 0 ? 0 : Math.min(1, (total * fraction) / read)
  return ranked.flatMap(({ rank, item }) => (rank < share ? [item] : []))
}

function personKey({ id, fields }: Item, keyFields: readonly string[]): string {
  for (const name of keyFields) {
    const value = fields[name]
    if (typeof value === 'string' && value.trim() !== '') return value.trim().toLowerCase()
    if (typeof value === 'number') return String(value)
  }
  return id
}

const FNV_START = 0x811c9dc5
const FNV_PRIME = 0x01000193

/** Even from 0 up to 1, the same for the same text (FNV-1a with a last mixing step). */
export function rankOf(text: string): number {
  let hash = FNV_START
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME)
  hash ^= hash >>> 16
  hash = Math.imul(hash, 0x85ebca6b)
  hash ^= hash >>> 13
  return (hash >>> 0) / 2 ** 32
}

const KEPT = 40
const KEPT_MS = 5 * 60_000

/** Samples by source settings, so that editing later steps does not read the sources anew. */
export function createSampleCache(now: () => number = Date.now) {
  const samples = new Map<string, { at: number; sample: SourceSample }>()
  const keyOf = ({ id, type, version, config }: FlowNode): string =>
    JSON.stringify([id, type, version, config])
  return {
    get(node: FlowNode): SourceSample | undefined {
      const known = samples.get(keyOf(node))
      return known && now() - known.at < KEPT_MS ? known.sample : undefined
    },
    set(node: FlowNode, sample: SourceSample): void {
      samples.delete(keyOf(node))
      samples.set(keyOf(node), { at: now(), sample })
      const oldest = samples.keys().next()
      if (samples.size > KEPT && !oldest.done) samples.delete(oldest.value)
    },
  }
}
export type SampleCache = ReturnType<typeof createSampleCache>
