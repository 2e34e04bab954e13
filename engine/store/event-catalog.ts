/** Which events a source sends, with the properties found in them. */
import type { Database } from './database.ts'

interface CatalogDocument {
  _id: string
  sourceId: string
  type: string
  name: string
  count: number
  firstAt: Date
  lastAt: Date
  /** A list, since names of properties may hold any character. */
  properties: CatalogProperty[]
}

export interface CatalogProperty {
  name: string
  seen: number
  types: Record<string, number>
}

export interface CatalogAddition {
  sourceId: string
  type: string
  name: string
  count: number
  properties: ReadonlyMap<string, Omit<CatalogProperty, 'name'>>
}

export function createCatalogStore(database: Database) {
  const catalog = database.collection<CatalogDocument>('event_catalog')

  const addOne = async (addition: CatalogAddition): Promise<void> => {
    const { sourceId, type, name, count } = addition
    const _id = `${sourceId}:${type}:${name}`
    const now = new Date()
    const before = await catalog.findOneAndUpdate(
      { _id },
      {
        $set: { lastAt: now },
        $inc: { count },
        $setOnInsert: { sourceId, type, name, firstAt: now, properties: [] },
      },
      { upsert: true },
    )
    const properties = mergeProperties(before?.properties ?? [], addition.properties)
    if (properties.length > 0) await catalog.updateOne({ _id }, { $set: { properties } })
  }

  return {
    async add(additions: readonly CatalogAddition[]): Promise<void> {
      for (const addition of additions) await addOne(addition)
    },
    list: (sourceId: string, limit: number) =>
      catalog.find({ sourceId }).sort({ lastAt: -1 }).limit(limit).toArray(),
  }
}

export type CatalogStore = ReturnType<typeof createCatalogStore>

function mergeProperties(
  before: readonly CatalogProperty[],
  added: CatalogAddition['properties'],
): CatalogProperty[] {
  const merged = new Map(before.map((property) => [property.name, { ...property }]))
  for (const [name, { seen, types }] of added) {
    const known = merged.get(name) ?? { name, seen: 0, types: {} }
    const sums = { ...known.types }
    for (const [kind, n] of Object.entries(types)) sums[kind] = (sums[kind] ?? 0) + n
    merged.set(name, { name, seen: known.seen + seen, types: sums })
  }
  return [...merged.values()].slice(0, 1_000)
}
