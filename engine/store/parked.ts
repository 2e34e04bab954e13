/** Items that wait for another try, and items parked as dead letters. */
import type { DeadLetterView } from '../contract/api/runs.ts'
import type { Item } from '../contract/item.ts'
import type { FailedItem, WaitingItem } from '../run/run-node.ts'
import type { Database } from './database.ts'

interface WaitingDocument {
  _id: string
  runId: string
  stageId: string
  nodeId: string
  item: Item
  attempts: number
  code: string
  due: Date
  /** Retry lease that took the item; a repeated lease takes the same ones again. */
  lease?: number
}

export interface DeadLetter {
  _id: string
  runId: string
  flowId: string
  nodeId: string
  code: string
  detail?: string
  item: Item
  attempts: number
  firstAt: Date
  lastAt: Date
  state: DeadLetterView['state']
}

interface ParkInput {
  runId: string
  flowId: string
  stageId: string
}

export function createParkedStore(database: Database) {
  const waiting = database.collection<WaitingDocument>('waiting')
  const letters = database.collection<DeadLetter>('dead_letters')
  return {
    /** Keyed by run, node and item: a repeated page parks nothing twice. */
    async wait({ runId, stageId }: ParkInput, items: readonly WaitingItem[]): Promise<void> {
      if (items.length === 0) return
      const now = Date.now()
      await waiting.bulkWrite(
        items.map(({ nodeId, item, code, afterMs }) => ({
          replaceOne: {
            filter: { _id: `${runId}:${nodeId}:${item.id}` },
            replacement: {
              runId,
              stageId,
              nodeId,
              item,
              code,
              attempts: (item.attempt ?? 0) + 1,
              due: new Date(now + afterMs),
            },
            upsert: true,
          },
        })),
        { ordered: false },
      )
    },
    /** Takes what is due under a lease number; the same lease gives the same items again. */
    async takeDue(runId: string, stageId: string, lease: number, limit: number) {
      const again = await waiting.find({ runId, stageId, lease }).toArray()
      if (again.length > 0) return again
      const due = await waiting
        .find({ runId, stageId, due: { $lte: new Date() }, lease: { $exists: false } })
        .sort({ due: 1 })
        .limit(limit)
        .toArray()
      const ids = due.map((row) => row._id)
      await waiting.updateMany({ _id: { $in: ids } }, { $set: { lease } })
      return due
    },
    /** Forgets the items a finished lease held; those that wait again were replaced by then. */
    releaseLease: (runId: string, stageId: string, lease: number) =>
      waiting.deleteMany({ runId, stageId, lease }),
    async due(runId: string, stageId: string): Promise<{ waiting: number; nextInMs: number }> {
      const count = await waiting.countDocuments({ runId, stageId })
      const next = await waiting.find({ runId, stageId }).sort({ due: 1 }).limit(1).next()
      return { waiting: count, nextInMs: next ? Math.max(0, next.due.getTime() - Date.now()) : 0 }
    },
    async dropWaiting(runId: string): Promise<void> {
      await waiting.deleteMany({ runId })
    },

    async park({ runId, flowId }: ParkInput, items: readonly FailedItem[]): Promise<void> {
      if (items.length === 0) return
      const now = new Date()
      await letters.bulkWrite(
        items.map(({ nodeId, code, detail, item }) => ({
          updateOne: {
            filter: { _id: `${runId}:${nodeId}:${item.id}` },
            update: {
              $set: {
                code,
                item,
                attempts: (item.attempt ?? 0) + 1,
                lastAt: now,
                state: 'parked' as const,
                ...(detail === undefined ? {} : { detail }),
              },
              $setOnInsert: { runId, flowId, nodeId, firstAt: now },
            },
            upsert: true,
          },
        })),
        { ordered: false },
      )
    },
    async listLetters(query: {
      run?: string
      node?: string
      code?: string
      limit: number
      after?: string
    }): Promise<DeadLetter[]> {
      return letters
        .find({
          ...(query.run === undefined ? {} : { runId: query.run }),
          ...(query.node === undefined ? {} : { nodeId: query.node }),
          ...(query.code === undefined ? {} : { code: query.code }),
          ...(query.after === undefined ? {} : { _id: { $gt: query.after } }),
        })
        .sort({ _id: 1 })
        .limit(query.limit)
        .toArray()
    },
    readLetters: (ids: readonly string[]) => letters.find({ _id: { $in: [...ids] } }).toArray(),
    lettersToRerun: (run: string, node: string | undefined, ids: readonly string[] | undefined) =>
      letters
        .find({
          runId: run,
          state: 'parked',
          ...(node === undefined ? {} : { nodeId: node }),
          ...(ids === undefined ? {} : { _id: { $in: [...ids] } }),
        })
        .project<Pick<DeadLetter, '_id' | 'nodeId'>>({ nodeId: 1 })
        .toArray(),
    async setLetterState(ids: readonly string[], state: DeadLetter['state']): Promise<number> {
      const result = await letters.updateMany({ _id: { $in: [...ids] } }, { $set: { state } })
      return result.modifiedCount
    },
  }
}

export type ParkedStore = ReturnType<typeof createParkedStore>
