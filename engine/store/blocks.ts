/** Blocks of steps by name. Flows get copies, so a block may change or go without touching them. */
import { randomUUID } from 'node:crypto'
import type { BlockView } from '../contract/api/blocks.ts'
import { RejectedError } from '../contract/error.ts'
import type { Database } from './database.ts'
import { NotFoundError } from './store-errors.ts'

interface BlockDocument {
  _id: string
  name: string
  steps: BlockView['steps']
  updatedAt: Date
  updatedBy: string
}

export interface SaveBlockInput {
  name: string
  steps: BlockView['steps']
  by: string
}

/** As many as a person can look through. */
const MOST = 200

const view = ({ _id, updatedAt, ...block }: BlockDocument): BlockView => ({
  ...block,
  id: _id,
  updatedAt: updatedAt.toISOString(),
})

export function createBlockStore(database: Database) {
  const blocks = database.collection<BlockDocument>('blocks')
  return {
    async list(): Promise<BlockView[]> {
      return (await blocks.find().sort({ name: 1 }).limit(MOST).toArray()).map(view)
    },

    /** Throws RejectedError when there are too many. */
    async save({ name, steps, by }: SaveBlockInput): Promise<BlockView> {
      const known = await blocks.countDocuments({ name })
      if (known === 0 && (await blocks.countDocuments()) >= MOST)
        throw new RejectedError(
          'too_many_blocks',
          `There are ${MOST} blocks already. Delete one that is no longer used.`,
        )
      const saved = await blocks.findOneAndUpdate(
        { name },
        {
          $set: { steps, updatedAt: new Date(), updatedBy: by },
          $setOnInsert: { _id: randomUUID() },
        },
        { upsert: true, returnDocument: 'after' },
      )
      if (!saved) throw new Error('The block vanished while it was saved.')
      return view(saved)
    },

    async remove(id: string): Promise<string> {
      const gone = await blocks.findOneAndDelete({ _id: id })
      if (!gone) throw new NotFoundError('block')
      return gone.name
    },
  }
}

export type BlockStore = ReturnType<typeof createBlockStore>
