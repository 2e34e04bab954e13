/** How long which data is kept. */
import { createRetentionStore } from '../../store/retention.ts'
import type { SomeHandlers } from '../call.ts'
import type { ServerContext } from '../context.ts'

export function retentionRoutes({
  parts,
}: ServerContext): SomeHandlers<'retentionRead' | 'retentionWrite'> {
  const retention = createRetentionStore(parts.database)
  return {
    retentionRead: async () => ({ rules: await retention.read() }),
    async retentionWrite({ body, note }) {
      await retention.write(body.rules)
      note({ subject: 'retention', details: { rules: body.rules.length } })
      return { rules: body.rules }
    },
  }
}
