/** The version of the node types as server-sent events, so that open editors fetch them anew. */
import { openEventStream, type EventStreamInput } from './event-stream.ts'
import type { ServerParts } from './parts.ts'

export interface CatalogEventsInput extends EventStreamInput {
  registry: ServerParts['registry']
}

/** Where nothing changes while the server runs, the version is told once and the answer ends. */
export function sendCatalogEvents({ res, registry, stillAllowed }: CatalogEventsInput): void {
  const gone = openEventStream({ res, stillAllowed })
  const tell = () => res.write(`data: ${JSON.stringify({ version: registry.version() })}\n\n`)
  tell()
  if (registry.watches) gone.addEventListener('abort', registry.onChange(tell), { once: true })
  else res.end()
}
