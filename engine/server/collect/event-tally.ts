/** What arrives, by name, with the properties found: gathered in memory, written every few seconds. */
import type { Json } from '../../contract/json.ts'
import type { CatalogStore } from '../../store/event-catalog.ts'
import { kindOf } from './check-plan.ts'
import type { Accepted } from './judge-event.ts'

const WRITE_MS = 2_000
/** Of each name, events looked into between two writes; the rest is only counted. */
const LOOKED_AT = 50
const MOST_NAMES = 5_000
const MOST_PROPERTIES = 300

export interface TallyEntry {
  sourceId: string
  type: string
  name: string
  count: number
  properties: Map<string, { seen: number; types: Record<string, number> }>
}

export function createEventTally(store: CatalogStore) {
  let entries = new Map<string, TallyEntry>()
  let timer: NodeJS.Timeout | undefined
  const write = async (): Promise<void> => {
    timer = undefined
    const full = entries
    entries = new Map()
    // The catalogue may miss some while the store is away; the events themselves never do.
    await store.add([...full.values()]).catch(() => undefined)
  }
  return {
    count(sourceId: string, event: Accepted): void {
      const name = event.type === 'identify' ? '' : event.name
      const key = `${sourceId}\0${event.type}\0${name}`
      let entry = entries.get(key)
      if (!entry) {
        if (entries.size >= MOST_NAMES) return
        entry = { sourceId, type: event.type, name, count: 0, properties: new Map() }
        entries.set(key, entry)
      }
      if (entry.count++ < LOOKED_AT && event.properties) look(entry, event.properties)
      timer ??= setTimeout(() => void write(), WRITE_MS).unref()
    },
  }
}

function look({ properties }: TallyEntry, values: Record<string, Json>): void {
  for (const [name, value] of Object.entries(values)) {
    let found = properties.get(name)
    if (!found) {
      if (properties.size >= MOST_PROPERTIES) return
      found = { seen: 0, types: {} }
      properties.set(name, found)
    }
    const kind = kindOf(value)
    found.seen++
    found.types[kind] = (found.types[kind] ?? 0) + 1
  }
}
