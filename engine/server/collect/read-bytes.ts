/** The body of a request, whatever it says its type is: inflated when it is gzip, and bounded. */
import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import { BATCH_BYTES } from '../../contract/event.ts'

export class TooLargeError extends Error {
  override readonly name = 'TooLargeError'
}

const options = { maxOutputLength: BATCH_BYTES }
const unzip = promisify(gunzip)
const undeflate = promisify(inflate)
const unbrotli = promisify(brotliDecompress)

export async function readBytes(req: IncomingMessage): Promise<Buffer> {
  const raw = await collect(req)
  try {
    // Some clients send gzip and do not say so.
    if (raw.length > 2 && raw[0] === 0x1f && raw[1] === 0x8b) return await unzip(raw, options)
    const encoding = req.headers['content-encoding']
    if (encoding === 'deflate') return await undeflate(raw, options)
    if (encoding === 'br') return await unbrotli(raw, options)
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') throw new TooLargeError()
    throw new SyntaxError('The body cannot be inflated.')
  }
  return raw
}

function collect(req: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    req.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= BATCH_BYTES) chunks.push(chunk)
      else reject(new TooLargeError())
    })
    req.once('end', () =>
      resolve(chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks)),
    )
    req.once('error', reject)
    req.once('close', () => reject(new Error('The client went away.')))
  })
}

/** Names that reach into an object's machinery are left out while parsing. */
export function parseJson(text: string): unknown {
  return text.includes('__proto__')
    ? JSON.parse(text, (key, value: unknown) => (key === '__proto__' ? undefined : value))
    : JSON.parse(text)
}
