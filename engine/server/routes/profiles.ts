/** People: masked for everyone, in the clear only with a reason. */
import type { ProfileView } from '../../contract/api/profiles.ts'
import { NotFoundError } from '../../store/store-errors.ts'
import type { SomeHandlers } from '../call.ts'
import type { ServerContext } from '../context.ts'
import { maskProfile, maskSummary } from '../mask.ts'

type Ids = 'profileSearch' | 'profileRead' | 'profileReveal' | 'audienceList'

export function profileRoutes({ parts }: ServerContext): SomeHandlers<Ids> {
  const need = async (id: string): Promise<ProfileView> => {
    const profile = await parts.profiles.read(id)
    if (!profile) throw new NotFoundError('profile')
    return profile
  }

  return {
    async profileSearch({ query }) {
      const list = await parts.profiles.search(query)
      return { ...list, items: list.items.map(maskSummary) }
    },

    async profileRead({ params }) {
      return maskProfile(await need(params.id))
    },

    async profileReveal({ params, body, note }) {
      note({ details: { reason: body.reason } })
      return { ...(await need(params.id)), masked: false }
    },

    async audienceList({ query }) {
      return parts.audiences.list(query)
    },
  }
}
