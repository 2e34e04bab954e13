/** Files that runs make: one part per page, read back in page order. */
import { Readable } from 'node:stream'
import { Binary } from 'mongodb'
import { unpackText } from '../run/page-codec.ts'
import type { Database } from './database.ts'

interface OutputPart {
  _id: string
  runId: string
  nodeId: string
  pageNo: number
  rows: number
  /** Of the plain text. */
  bytes: number
  /** The text, compressed. */
  data: Binary
}

export interface PartInput {
  runId: string
  nodeId: string
  pageNo: number
  rows: number
  bytes: number
  data: Uint8Array
}

export function createOutputStore(database: Database) {
  const parts = database.collection<OutputPart>('output_parts')
  return {
    /** Replaces what an earlier try of the page wrote. */
    async write({ data, ...part }: PartInput): Promise<void> {
      await parts.replaceOne(
        { _id: `${part.runId}:${part.nodeId}:${part.pageNo}` },
        { ...part, data: new Binary(data) },
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
              bytes: { $sum: '$bytes' },
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
        for await (const part of cursor) yield unpackText(part.data.buffer)
      }
      return Readable.from(read())
    },
  }
}

export type OutputStore = ReturnType<typeof createOutputStore>
