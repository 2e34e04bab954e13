/** Audiences and who is in them, with when and why each person entered or left. */
import type { AudiencesService } from '../contract/services.ts'
import { isFresh, showSize, type KeptSize, type ShownSize } from '../privacy/show-size.ts'
import type { Database } from './database.ts'
import { createErasedProfiles, withoutErased } from './suppressions.ts'

interface AudienceDocument {
  _id: string
  name: string
  flowId: string
  computedAt: Date
  /** The size as it was last shown, kept so that it changes seldom. */
  shown?: KeptSize
}

interface MembershipDocument {
  _id: string
  audience: string
  profileId: string
  inside: boolean
  since: Date
  why: string
  history: Array<{ at: Date; inside: boolean; why: string }>
}

/** Changes kept per person and audience; older ones are dropped. */
const HISTORY = 50

export function createAudienceStore(database: Database) {
  const audiences = database.collection<AudienceDocument>('audiences')
  const memberships = database.collection<MembershipDocument>('memberships')
  const profiles = database.collection<{ _id: string }>('profiles')
  const erasedAmong = createErasedProfiles(database)
  const shownSize = async (audience: string, kept: KeptSize | undefined): Promise<ShownSize> => {
    const at = Date.now()
    if (isFresh(kept, at)) return { members: kept.members, small: kept.small }
    const shown = showSize(await memberships.countDocuments({ audience, inside: true }))
    await audiences.updateOne({ _id: audience }, { $set: { shown: { ...shown, at } } })
    return shown
  }
  return {
    service: (scope: {
      flowId: string
      now: string
      nameOf: (key: string) => string
    }): AudiencesService => ({
      async update(audienceKey, all) {
        const writes = await withoutErased(all, erasedAmong)
        const now = new Date(scope.now)
        await audiences.updateOne(
          { _id: audienceKey },
          {
            $set: {
              name: scope.nameOf(audienceKey),
              flowId: scope.flowId,
              computedAt: new Date(),
            },
          },
          { upsert: true },
        )
        const byId = new Map(writes.map((write) => [write.profileId, write]))
        const ids = [...byId.keys()].map((profileId) => `${audienceKey}:${profileId}`)
        const before = await memberships.find({ _id: { $in: ids } }).toArray()
        const known = new Map(before.map((row) => [row.profileId, row]))
        const isInside = (profileId: string) => known.get(profileId)?.inside ?? false
        const changed = [...byId.values()].filter(
          (write) => write.inside !== isInside(write.profileId),
        )
        // A page that is repeated after a crash finds its own changes made: they are told again.
        const madeBefore = [...byId.values()].filter(
          ({ profileId, inside }) =>
            known.has(profileId) &&
            inside === isInside(profileId) &&
            known.get(profileId)?.since.getTime() === now.getTime(),
        )
        if (changed.length > 0) {
          await memberships.bulkWrite(
            changed.map(({ profileId, inside, why }) => ({
              updateOne: {
                filter: { _id: `${audienceKey}:${profileId}` },
                update: {
                  $set: { audience: audienceKey, profileId, inside, since: now, why },
                  $push: { history: { $each: [{ at: now, inside, why }], $slice: -HISTORY } },
                },
                upsert: true,
              },
            })),
            { ordered: false },
          )
        }
        const told = [...changed, ...madeBefore]
        if (told.length > 0) {
          await profiles.bulkWrite(
            told.map(({ profileId, inside }) => ({
              updateOne: {
                filter: { _id: profileId },
                update: inside
                  ? { $set: { [`audiences.${audienceKey}`]: { since: scope.now } } }
                  : { $unset: { [`audiences.${audienceKey}`]: '' } },
              },
            })),
            { ordered: false },
          )
        }
        const pick = (inside: boolean) =>
          new Set(told.filter((write) => write.inside === inside).map(({ profileId }) => profileId))
        return { entered: pick(true), left: pick(false) }
      },
    }),
    async list() {
      const all = await audiences.find().sort({ _id: 1 }).toArray()
      return Promise.all(
        all.map(async ({ _id, name, flowId, computedAt, shown }) => ({
          key: _id,
          name,
          flowId,
          computedAt: computedAt.toISOString(),
          ...(await shownSize(_id, shown)),
        })),
      )
    },
  }
}

export type AudienceStore = ReturnType<typeof createAudienceStore>
