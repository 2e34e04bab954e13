/** Passes an upload through until it is longer than allowed; nothing of it is kept in memory. */
import { pipeline, Transform, type Readable } from 'node:stream'
import { RefusedError } from './refused.ts'

export function limitBytes(stream: Readable, limit: number): Readable {
  let bytes = 0
  const limited = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes > limit) done(tooLarge(limit))
      else done(null, chunk)
    },
  })
  // Errors reach the reader of `limited`; nobody else waits for them.
  pipeline(stream, limited, () => undefined)
  return limited
}

export const tooLarge = (limit: number): RefusedError =>
  new RefusedError(413, 'too_large', `The file is larger than the allowed ${limit} bytes.`, {
    Connection: 'close',
  })
