/** Files at web addresses: fetched whole before anything reads them, so that a file which changes
 *  meanwhile is never read half and half; and not fetched again while the receiver says it is the same. */
import { createHash } from 'node:crypto'
import path from 'node:path'
import { Readable } from 'node:stream'
import { RejectedError, RetryableError } from '../contract/error.ts'
import type { SourceFile } from '../contract/services.ts'
import type { Download, Egress } from '../egress/create-egress.ts'
import type { Database } from './database.ts'
import type { UploadStore } from './uploads.ts'

export interface FetchedFilesDeps {
  database: Database
  uploads: UploadStore
  http: Pick<Egress, 'download'>
}

interface FetchedDocument {
  /** Digest of the address: it may hold a token. */
  _id: string
  fileId: string
  name: string
  bytes: number
  etag?: string
  lastModified?: string
  checkedAt: Date
  /** What it replaced: runs may still read it for a while. */
  before: Array<{ fileId: string; at: Date }>
}

/** A replaced file is kept as long as staged pages are. */
const KEPT_MS = 7 * 86_400_000

export interface FetchOptions {
  /** A file looked at so recently is not asked for again: dry runs follow one another quickly. */
  freshMs?: number
}

export function createFetchedFiles({ database, uploads, http }: FetchedFilesDeps) {
  const fetched = database.collection<FetchedDocument>('fetched_files')

  const toFile = ({ fileId, name, bytes }: FetchedDocument): SourceFile => ({
    id: fileId,
    name,
    bytes,
  })

  /** Undefined when the upload behind it was deleted. */
  const findKnown = async (id: string): Promise<FetchedDocument | undefined> => {
    const known = await fetched.findOne({ _id: id })
    return known && (await uploads.find(known.fileId)) ? known : undefined
  }

  const keep = async (
    id: string,
    url: string,
    answer: Download,
    known?: FetchedDocument,
  ): Promise<SourceFile> => {
    const name = path.basename(new URL(url).pathname) || 'download'
    const stream = Readable.from(answer.body)
    const stored = await uploads.store({ name, stream, by: 'flow' }).catch((error: unknown) => {
      throw isTooLarge(error) ? tooLarge(url) : error
    })
    const { etag, 'last-modified': lastModified } = answer.headers
    const now = new Date()
    const before = [...(known?.before ?? []), ...(known ? [{ fileId: known.fileId, at: now }] : [])]
    const old = before.filter(({ at }) => now.getTime() - at.getTime() > KEPT_MS)
    const document: Omit<FetchedDocument, '_id'> = {
      fileId: stored.id,
      name,
      bytes: stored.bytes,
      ...(etag === undefined ? {} : { etag }),
      ...(lastModified === undefined ? {} : { lastModified }),
      checkedAt: now,
      before: before.filter((entry) => !old.includes(entry)),
    }
    await fetched.replaceOne({ _id: id }, document, { upsert: true })
    for (const { fileId } of old) await uploads.remove(fileId)
    return { id: stored.id, name, bytes: stored.bytes }
  }

  return {
    async fetch(url: string, { freshMs = 0 }: FetchOptions = {}): Promise<SourceFile> {
      const id = createHash('sha256').update(url).digest('base64url')
      const known = await findKnown(id)
      if (known && Date.now() - known.checkedAt.getTime() < freshMs) return toFile(known)
      const answer = await http.download({ method: 'GET', url, headers: conditions(known) })
      if (answer.status === 304 && known) {
        await discard(answer.body)
        await fetched.updateOne({ _id: id }, { $set: { checkedAt: new Date() } })
        return toFile(known)
      }
      if (answer.status === 200) return keep(id, url, answer, known)
      throw await refuse(answer, url)
    },
  }
}

export type FetchedFiles = ReturnType<typeof createFetchedFiles>

function conditions(known: FetchedDocument | undefined): Record<string, string> {
  if (known?.etag !== undefined) return { 'if-none-match': known.etag }
  return known?.lastModified === undefined ? {} : { 'if-modified-since': known.lastModified }
}

/** A body that is begun and left closes its connection; one that is never begun holds it. */
async function discard(body: Download['body']): Promise<void> {
  for await (const _ of body) return
}

const isTooLarge = (error: unknown): boolean =>
  error instanceof RetryableError && error.code === 'egress_answer_too_large'

const tooLarge = (url: string): RejectedError =>
  new RejectedError(
    'url_too_large',
    `The file at ${new URL(url).hostname} is larger than this installation fetches. Offer it in parts, or upload it.`,
  )

/** Busy and broken servers are asked again later; all else has to be changed by somebody. */
async function refuse({ status, body }: Download, url: string): Promise<Error> {
  await discard(body)
  const host = new URL(url).hostname
  if (status === 408 || status === 425 || status === 429 || status >= 500)
    return new RetryableError('url_not_ready', `${host} answered ${status}. It is asked again.`)
  const why: Record<number, string> = {
    401: 'The address wants a password, which a file address cannot give.',
    403: 'The address may not be read from here.',
    404: 'There is no such file.',
    410: 'The file is gone.',
  }
  return new RejectedError(
    'url_not_readable',
    `${host} answered ${status}. ${why[status] ?? 'It gave no file.'} Check the address in the step.`,
  )
}
