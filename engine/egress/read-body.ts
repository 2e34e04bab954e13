/** Reads answers within limits. Compressed ones are unpacked piece by piece, so a bomb is cut as well. */
import type { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { EgressFailure, toEgressError } from './egress-error.ts'

export interface BodyText {
  text: string
  /** The text ends early: too long, too slow, or broken off by the receiver. */
  truncated: boolean
}

/**
 * Never throws for what the receiver does: its status has arrived and counts. Sending again because
 * the rest of the answer was slow would deliver twice.
 */
export async function readText(body: AsyncIterable<Uint8Array>, limit: number): Promise<BodyText> {
  const chunks: Uint8Array[] = []
  let size = 0
  let truncated = false
  try {
    for await (const chunk of body) {
      const part = chunk.subarray(0, limit - size)
      chunks.push(part)
      size += part.length
      truncated = part.length < chunk.length
      if (truncated) break
    }
  } catch {
    truncated = true
  }
  return { text: Buffer.concat(chunks).toString('utf8'), truncated }
}

/** Every byte or an error: for files, where a missing end would be lost data. */
export async function* readAll(
  body: AsyncIterable<Uint8Array>,
  { limit, host }: { limit: number; host: string },
): AsyncIterable<Uint8Array> {
  let size = 0
  try {
    for await (const chunk of body) {
      size += chunk.length
      if (size > limit)
        throw new EgressFailure(
          'egress_answer_too_large',
          `The answer of ${host} is larger than ${limit} bytes. Ask for less at once.`,
        )
      yield chunk
    }
  } catch (error) {
    throw toEgressError(error, host)
  }
}

const UNPACKERS = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/** One layer at most; anything else stays as it came. */
export function unpack(body: Readable, encoding: string | undefined): AsyncIterable<Uint8Array> {
  const name = encoding?.trim().toLowerCase() ?? ''
  if (!Object.hasOwn(UNPACKERS, name)) return body
  const unpacker = UNPACKERS[name as keyof typeof UNPACKERS]()
  body.on('error', (error) => unpacker.destroy(error))
  unpacker.on('close', () => body.destroy())
  return body.pipe(unpacker)
}
