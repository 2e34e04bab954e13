/** Where a list goes on, as text that means nothing to its holder. */
import type { z } from 'zod'
import { RefusedError } from './refused.ts'

export const writeCursor = (position: Record<string, string | number>): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url')

/** Throws when the cursor is not one of this list's. */
export function readCursor<Schema extends z.ZodType>(
  schema: Schema,
  cursor: string | undefined,
): z.output<Schema> | undefined {
  if (cursor === undefined) return undefined
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
  } catch {
    throw new RefusedError(400, 'bad_cursor', 'The list cannot go on from there. Start it again.')
  }
}
