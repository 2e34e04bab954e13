/** Trying flows out. Rows are masked; who sees them in the clear says why, and it is written down. */
import type { SomeHandlers } from '../call.ts'
import type { ServerContext } from '../context.ts'
import { maskFollow, maskPreview } from '../mask.ts'

type Ids = 'flowPreview' | 'flowPreviewReveal' | 'flowEstimate' | 'flowFollow' | 'flowTest'

export function dryRunRoutes({ parts }: ServerContext): SomeHandlers<Ids> {
  return {
    async flowPreview({ body }) {
      return maskPreview(await parts.dryRuns.preview(body), parts.analyse(body.graph))
    },

    async flowPreviewReveal({ body: { reason, ...body }, note }) {
      note({ subject: body.until ?? 'flow', details: { reason, rows: body.rows } })
      return parts.dryRuns.preview(body)
    },

    async flowEstimate({ body }) {
      return parts.dryRuns.estimate(body)
    },

    async flowFollow({ body }) {
      return maskFollow(await parts.dryRuns.follow(body), parts.analyse(body.graph))
    },

    async flowTest({ body }) {
      return { items: await parts.dryRuns.test(body.graph) }
    },
  }
}
