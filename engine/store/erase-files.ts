/** Takes a person out of uploaded files: their records become empty lines of the same length, which
 *  every reader passes over, so that places in the file stay where running flows know them. */
import { ObjectId, type Binary } from 'mongodb'
import type { FileView } from '../contract/api/files.ts'
import type { PersonTraces } from '../privacy/person-traces.ts'
import type { Database } from './database.ts'
import { isRecordOf, recordsOf, type TextFormat } from './text-records.ts'
import type { Detect, UploadStore } from './uploads.ts'

interface FileDocument {
  _id: string
  name: string
  bytes: number
  detected: FileView['detected']
}

interface ChunkDocument {
  _id: ObjectId
  files_id: ObjectId
  n: number
  data: Binary
}

export interface EraseFilesDeps {
  database: Database
  uploads: Pick<UploadStore, 'read'>
  detect: Detect
}

export interface ErasedFiles {
  /** Records taken out. */
  erased: number
  /** Files in which the person seems to stand, but which cannot be rewritten: somebody must. */
  cannot: string[]
}

const WINDOW_BYTES = 4 * 1024 * 1024
const SAMPLE_BYTES = 64 * 1024
const ONE_BYTE = /^(utf-?8|ascii|us-ascii|windows-125\d|iso-8859-\d+)$/i
const LINE_END = 0x0a

export async function eraseFromFiles(
  { database, uploads, detect }: EraseFilesDeps,
  traces: PersonTraces,
): Promise<ErasedFiles> {
  const files = database.collection<FileDocument>('files')
  const result: ErasedFiles = { erased: 0, cannot: [] }
  for await (const file of files.find()) {
    const { format, encoding } = file.detected
    if (format === 'json' || !ONE_BYTE.test(encoding)) {
      if (await looksInside(file, uploads, traces)) result.cannot.push(file.name)
      continue
    }
    const ranges = await findRecords(file, format, { uploads, traces })
    for (const range of ranges) await blank(database, file._id, range)
    result.erased += ranges.length
    if (ranges.length === 0 && !traces.mayBeIn(JSON.stringify(file.detected))) continue
    const sample = await uploads.read(file._id, 0, Math.min(file.bytes, SAMPLE_BYTES))
    await files.updateOne({ _id: file._id }, { $set: { detected: detect(sample, file.name) } })
  }
  return result
}

const decoderOf = (encoding: string): BufferEncoding => (/^utf/i.test(encoding) ? 'utf8' : 'latin1')

async function looksInside(
  file: FileDocument,
  uploads: Pick<UploadStore, 'read'>,
  traces: PersonTraces,
): Promise<boolean> {
  const encoding = /16/.test(file.detected.encoding) ? 'utf16le' : decoderOf('utf8')
  const step = WINDOW_BYTES / 2
  for (let at = 0; at < file.bytes; at += step) {
    const bytes = await uploads.read(file._id, at, Math.min(file.bytes, at + WINDOW_BYTES))
    if (traces.mayBeIn(Buffer.from(bytes).toString(encoding))) return true
  }
  return false
}

interface Range {
  start: number
  end: number
}

/** The places of the person's records, window by window; a record begun in one ends in the next. */
async function findRecords(
  file: FileDocument,
  format: TextFormat,
  { uploads, traces }: { uploads: Pick<UploadStore, 'read'>; traces: PersonTraces },
): Promise<Range[]> {
  const found: Range[] = []
  const encoding = decoderOf(file.detected.encoding)
  let at = 0
  while (at < file.bytes) {
    const end = Math.min(file.bytes, at + WINDOW_BYTES)
    const bytes = Buffer.from(await uploads.read(file._id, at, end))
    const isLast = end === file.bytes
    // Bytes as characters: places in the text are places in the file.
    const text = bytes.toString('latin1')
    let done = 0
    for (const record of recordsOf(text, format)) {
      if (record.end === text.length && !isLast) break
      done = record.end + 1
      const own = bytes.toString(encoding, record.start, record.end)
      if (isRecordOf(own, format, traces))
        found.push({ start: at + record.start, end: at + record.end })
    }
    // A record longer than a window is passed over in one piece.
    at = done === 0 ? end : Math.min(end, at + done)
    if (isLast) break
  }
  return found
}

async function blank(database: Database, id: string, { start, end }: Range): Promise<void> {
  const chunks = database.db.collection<ChunkDocument>('uploads.chunks')
  const first = await chunks.findOne({ files_id: new ObjectId(id), n: 0 })
  const size = first?.data.length() ?? 0
  if (size === 0) return
  for (let n = Math.floor(start / size); n * size < end; n++) {
    const chunk = await chunks.findOne({ files_id: new ObjectId(id), n })
    if (!chunk) return
    const data = Buffer.from(chunk.data.buffer)
    data.fill(LINE_END, Math.max(0, start - n * size), Math.min(data.length, end - n * size))
    await chunks.updateOne({ _id: chunk._id }, { $set: { data: data as unknown as Binary } })
  }
}
