/** Uploads: streamed through, never held in memory. */
import type { SomeHandlers } from '../call.ts'
import type { ServerContext } from '../context.ts'
import { limitBytes, tooLarge } from '../limit-bytes.ts'
import { maskFile } from '../mask.ts'
import { NotFoundError } from '../../store/store-errors.ts'

type Ids = 'fileUpload' | 'fileList' | 'fileRead' | 'fileDelete'

const DEFAULT_LIMIT = 2 * 1024 ** 3
/** Separators and control characters: a name is shown and saved, never followed. */

const UNSAFE = /[\\/\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g

export function fileRoutes({ parts, options }: ServerContext): SomeHandlers<Ids> {
  const limit = options.uploadLimit ?? DEFAULT_LIMIT
  return {
    async fileUpload({ query, caller, req, note }) {
      if (Number(req.headers['content-length'] ?? 0) > limit) throw tooLarge(limit)
      const name = query.name.replace(UNSAFE, '_')
      const stored = await parts.files.store({
        name,
        stream: limitBytes(req, limit),
        by: caller.name,
      })
      note({ subject: stored.id, details: { name, bytes: stored.bytes } })
      return maskFile(stored)
    },

    async fileList({ query }) {
      const list = await parts.files.list(query)
      return { ...list, items: list.items.map(maskFile) }
    },

    async fileRead({ params }) {
      const file = await parts.files.read(params.id)
      if (!file) throw new NotFoundError('file')
      return maskFile(file)
    },

    async fileDelete({ params }) {
      if (!(await parts.files.remove(params.id))) throw new NotFoundError('file')
      return { ok: true }
    },
  }
}
