/** Who did what. */
import { z } from 'zod'
import type { SomeHandlers } from '../call.ts'
import type { ServerContext } from '../context.ts'
import { readCursor, writeCursor } from '../cursor.ts'

const positionSchema = z.strictObject({ seq: z.int() })

export function auditRoutes({ audit }: ServerContext): SomeHandlers<'auditList'> {
  return {
    async auditList({ query }) {
      const items = await audit.list(query.limit, readCursor(positionSchema, query.cursor)?.seq)
      const last = items.at(-1)
      return items.length < query.limit || !last
        ? { items }
        : { items, next: writeCursor({ seq: last.seq }) }
    },
  }
}
