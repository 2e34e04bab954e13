/** The version of the node types as server-sent events, so that open editors fetch them anew. */
import type { Response } from 'express'
import type { ServerParts } from './parts.ts'

const HEARTBEAT_MS = 15_000

export interface CatalogEventsInput {
  res: Response
  registry: ServerParts['registry']
  /** Asked with each heartbeat: a user who is shut out hears no more. */
  stillAllowed: () => Promise<boolean>
}

/** Where nothing changes while the server runs, the version is told once and the answer ends. */
export function sendCatalogEvents({ res, registry, stillAllowed }: CatalogEventsInput): void {
  res.set({ 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' })
  const tell = () => res.write(`data: ${JSON.stringify({ version: registry.version() })}\n\n`)
  tell()
  if (!registry.watches) {
    res.end()
    return
  }
  const stopListening = registry.onChange(tell)
  const heartbeat = setInterval(() => {
    stillAllowed().then(
      (allowed) => (allowed ? res.write(': still here\n\n') : res.end()),
      () => res.end(),
    )
  }, HEARTBEAT_MS)
  res.once('close', () => {
    stopListening()
    clearInterval(heartbeat)
  })
}
