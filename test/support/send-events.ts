/** Sends events as a client would have: judged and stored by the collector's own parts. */
import { randomUUID } from 'node:crypto'
import { judgeEvent } from '../../engine/server/collect/judge-event.ts'
import type { Database } from '../../engine/store/database.ts'
import { createIncomingEvents } from '../../engine/store/incoming-events.ts'
import type { SourceDocument } from '../../engine/store/sources.ts'

export type SendEvents = (events: readonly object[]) => Promise<void>

/** Of a source "Website". Throws when an event is refused. */
export async function openTestSource(database: Database): Promise<SendEvents> {
  const sourceId = randomUUID()
  await database.collection<SourceDocument>('sources').insertOne({
    _id: sourceId,
    name: 'Website',
    disabled: false,
    allowedOrigins: [],
    ratePerSecond: 0,
    createdAt: new Date(),
    createdBy: 'test',
  })
  const incoming = createIncomingEvents(database)
  return async (events) => {
    const at = new Date()
    const documents = events.map((event) => {
      const judged = judgeEvent(event, { sourceId, receivedAt: at.getTime() })
      if ('refused' in judged) throw new Error(`The event was refused: ${judged.refused.code}.`)
      const { id: _id, part, body } = judged.accepted
      return { _id, at, sourceId, part, body }
    })
    await incoming.add(documents)
  }
}
