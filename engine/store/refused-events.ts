/** Events that were refused, with the reason, so that they can be corrected and sent again. */
import { randomUUID } from 'node:crypto'
import type { RefusalCode } from '../contract/event.ts'
import type { Database } from './database.ts'

export interface RefusedEvent {
  _id: string
  at: Date
  sourceId: string
  code: RefusalCode
  detail?: string
  messageId?: string
  /** The event as it came, as JSON. */
  body: string
  state: 'refused' | 'accepted' | 'discarded'
}

export function createRefusedEvents(database: Database) {
  const refused = database.collection<RefusedEvent>('refused_events')
  return {
    async keep(events: ReadonlyArray<Omit<RefusedEvent, '_id' | 'state'>>): Promise<void> {
      if (events.length === 0) return
      await refused.insertMany(
        events.map((event) => ({ ...event, _id: randomUUID(), state: 'refused' as const })),
        { ordered: false },
      )
    },
    find: (id: string) => refused.findOne({ _id: id }),
    list: (sourceId: string, limit: number, before?: Date) =>
      refused
        .find({
          sourceId,
          state: 'refused',
          ...(before === undefined ? {} : { at: { $lt: before } }),
        })
        .sort({ at: -1 })
        .limit(limit)
        .toArray(),
    settle: (id: string, state: RefusedEvent['state']) =>
      refused.updateOne({ _id: id }, { $set: { state } }),
  }
}

export type RefusedEvents = ReturnType<typeof createRefusedEvents>
