/** Uploaded files, in GridFS so that every worker can read any part of them. */
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { GridFSBucket, ObjectId, type Binary } from 'mongodb'
import type { FileView } from '../contract/api/files.ts'
import type { Database } from './database.ts'

/** Small enough that reading one page's range does not fetch much more than it. */
const CHUNK_BYTES = 512 * 1024

interface UploadDocument {
  _id: string
  name: string
  bytes: number
  uploadedAt: Date
  uploadedBy: string
  detected: FileView['detected']
}

interface ChunkDocument {
  files_id: ObjectId
  n: number
  data: Binary
}

export type Detect = (sample: Uint8Array, name: string) => FileView['detected']

const SAMPLE_BYTES = 256 * 1024

export function createUploadStore(database: Database, detect: Detect) {
  const files = database.collection<UploadDocument>('files')
  const bucket = new GridFSBucket(database.db, {
    bucketName: 'uploads',
    chunkSizeBytes: CHUNK_BYTES,
  })
  const chunks = database.db.collection<ChunkDocument>('uploads.chunks')

  const view = (file: UploadDocument): FileView => ({
    id: file._id,
    name: file.name,
    bytes: file.bytes,
    uploadedAt: file.uploadedAt.toISOString(),
    detected: file.detected,
  })

  /** Bytes from `start` to `end`; fewer when the file ends before. */
  const read = async (id: string, start: number, end: number): Promise<Uint8Array> => {
    const first = Math.floor(start / CHUNK_BYTES)
    const last = Math.floor(Math.max(start, end - 1) / CHUNK_BYTES)
    const rows = await chunks
      .find({ files_id: new ObjectId(id), n: { $gte: first, $lte: last } })
      .sort({ n: 1 })
      .toArray()
    const joined = Buffer.concat(rows.map((row) => row.data.buffer))
    const skip = start - first * CHUNK_BYTES
    return joined.subarray(skip, skip + end - start)
  }

  return {
    view,
    read,
    async store(input: { name: string; stream: Readable; by: string }): Promise<FileView> {
      const upload = bucket.openUploadStream(input.name)
      await pipeline(input.stream, upload).catch(async (error: unknown) => {
        // What was stored of a file that broke off is nobody's.
        await chunks.deleteMany({ files_id: upload.id }).catch(() => undefined)
        throw error
      })
      const id = upload.id.toHexString()
      const bytes = upload.length
      const sample = await read(id, 0, Math.min(bytes, SAMPLE_BYTES))
      const file: UploadDocument = {
        _id: id,
        name: input.name,
        bytes,
        uploadedAt: new Date(),
        uploadedBy: input.by,
        detected: detect(sample, input.name),
      }
      await files.insertOne(file)
      return view(file)
    },
    async find(id: string): Promise<FileView | undefined> {
      const file = await files.findOne({ _id: id })
      return file ? view(file) : undefined
    },
    async list(limit: number, before: Date | undefined): Promise<FileView[]> {
      const found = await files
        .find(before === undefined ? {} : { uploadedAt: { $lt: before } })
        .sort({ uploadedAt: -1, _id: 1 })
        .limit(limit)
        .toArray()
      return found.map(view)
    },
    async remove(id: string): Promise<boolean> {
      const { deletedCount } = await files.deleteOne({ _id: id })
      if (deletedCount > 0) await bucket.delete(new ObjectId(id))
      return deletedCount > 0
    },
  }
}

export type UploadStore = ReturnType<typeof createUploadStore>
