/** Parked records: seen masked, unless the caller may see people, which is audited. */
import { holdsRole } from '../auth/caller.ts'
import type { SomeHandlers } from '../call.ts'
import type { ServerContext } from '../context.ts'
import { maskLetter } from '../mask.ts'

type Ids = 'deadLetterList' | 'deadLetterRerun' | 'deadLetterDiscard'

export function deadLetterRoutes({ parts, audit }: ServerContext): SomeHandlers<Ids> {
  return {
    async deadLetterList({ query, caller }) {
      const list = await parts.deadLetters.list(query)
      if (!holdsRole(caller, ['marketer', 'privacy_officer']))
        return { ...list, items: list.items.map(maskLetter) }
      if (list.items.length > 0)
        await audit.append({
          who: caller.who,
          action: 'deadLetterList',
          subject: query.run ?? '',
          details: { records: list.items.length },
        })
      return list
    },

    async deadLetterRerun({ body, caller, note }) {
      note({ subject: body.run, details: { records: body.ids?.length ?? 'all' } })
      return { run: await parts.deadLetters.rerun({ ...body, by: caller.name }) }
    },

    async deadLetterDiscard({ body, note }) {
      const discarded = await parts.deadLetters.discard(body.ids)
      note({ details: { discarded } })
      return { discarded }
    },
  }
}
