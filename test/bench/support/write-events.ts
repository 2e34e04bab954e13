/** Writes NDJSON input files, record by record, without holding them. */
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Fields } from '../../../engine/contract/json.ts'

const LINES_PER_WRITE = 2_000

export async function writeEvents(
  file: string,
  count: number,
  eventAt: (i: number) => Fields,
): Promise<void> {
  const chunks = function* () {
    let text = ''
    for (let i = 0; i < count; i++) {
      text += `${JSON.stringify(eventAt(i))}\n`
      if ((i + 1) % LINES_PER_WRITE === 0 || i === count - 1) {
        yield text
        text = ''
      }
    }
  }
  await pipeline(Readable.from(chunks()), createWriteStream(file))
}
