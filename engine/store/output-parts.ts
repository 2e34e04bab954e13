/** Files that runs make: one part per page, read back in page order. */
import { Readable } from 'node:stream'
import { Binary } from 'mongodb'
import type { Database } from './database.ts'

interface OutputPart {
  _id: string
  runId: string
  nodeId: string
  pageNo: number
  rows: number
  data: Binary
}

export interface PartInput {
  runId: string
  nodeId: string
  pageNo: number
  rows: number
  text: string
}

export function createOutputStore(database: Database) {
  const parts = database.collection<OutputPart>('output_parts')
  return {
    /** Replaces what an earlier try of the page wrote. */
    async write({ runId, nodeId, pageNo, rows, text }: PartInput): Promise<void> {
      await parts.replaceOne(
        { _id: `${runId}:${nodeId}:${pageNo}` },
        { runId, nodeId, pageNo, rows, data: new Binary(Buffer.from(text)) },
        { upsert: true },
      )
    },
    /** Size and rows per file-making node of a run. */
    async sizes(runId: string): Promise<Array<{ nodeId: string; bytes: number; rows: number }>> {
      return parts
        .aggregate<{ nodeId: string; bytes: number; rows: number }>([
          { $match: { runId } },
          {
            $group: {
              _id: '$nodeId',
              bytes: { $sum: { $binarySize: '$data' } },
              rows: { $sum: '$rows' },
            },
          },
          { $project: { _id: 0, nodeId: '$_id', bytes: 1, rows: 1 } },
          { $sort: { nodeId: 1 } },
        ])
        .toArray()
    },
    open(runId: string, nodeId: string, header: string): Readable {
      const read = async function* () {
        if (header !== '') yield Buffer.from(header)
        const cursor = parts.find({ runId, nodeId }).sort({ pageNo: 1 })
        for await (const part of cursor) yield Buffer.from(part.data.buffer)
      }
      return Readable.from(read())
    },
  }
}

export type OutputStore = ReturnType<typeof createOutputStore>
