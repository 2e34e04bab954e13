/** The consent ledger: append-only. A profile's consent is the fold of its entries, and every change
 *  raises the epoch, by which those about to send notice within a moment that they must look again. */
import type { ClientSession } from 'mongodb'
import type { ConsentEntry } from '../contract/profile.ts'
import type { ConsentWrite } from '../contract/services.ts'
import { foldLedger, settleMerge, type LedgerEntry } from '../privacy/fold-ledger.ts'
import type { Database } from './database.ts'
import { ignoreDuplicates } from './duplicate-keys.ts'
import { createErasedProfiles, withoutErased } from './suppressions.ts'

export type ConsentDocument = LedgerEntry & {
  _id: string
  profileId: string
  /** When it was written here; `at` is when the person decided. */
  recordedAt?: Date
  /** The merges that moved it here, oldest first, so that each can be undone. */
  via?: string[]
}

/** In whose transaction, and as part of which merge. */
export interface MergeScope {
  session?: ClientSession
  mergeId: string
}

interface ConsentedProfile {
  _id: string
  identifiers: unknown[]
  traits: Record<string, { value?: unknown } | undefined>
  consent: Record<string, ConsentEntry>
  consentCount?: number
  audiences: Record<string, unknown>
  createdAt: Date
  updatedAt: Date
  version: number
  merges: number
  redirect?: string
}

interface EpochDocument {
  _id: 'consent_epoch'
  n: number
}

/** What a decision about one person rests on. */
export interface ConsentStanding {
  consent: Record<string, ConsentEntry>
  country?: string
}

const MAX_HOPS = 10

/** Records still on their way belong to people who may be gone by now: nothing of theirs is sent. */
const ERASED: ConsentEntry = {
  purpose: '*',
  state: 'withdrawn',
  kind: 'restriction',
  at: new Date(0).toISOString(),
}

export function createConsentStore(database: Database) {
  const ledger = database.collection<ConsentDocument>('consents')
  const profiles = database.collection<ConsentedProfile>('profiles')
  const settings = database.collection<EpochDocument>('settings')
  const erasedAmong = createErasedProfiles(database)

  const raiseEpoch = async (session?: ClientSession): Promise<void> => {
    await settings.updateOne(
      { _id: 'consent_epoch' },
      { $inc: { n: 1 } },
      { upsert: true, ...(session ? { session } : {}) },
    )
  }

  /** Where each id leads: itself, or the profile it was merged into. */
  const targetsOf = async (ids: readonly string[]): Promise<Map<string, string>> => {
    const targets = new Map(ids.map((id) => [id, id]))
    let open = [...new Set(ids)]
    for (let hops = 0; open.length > 0 && hops < MAX_HOPS; hops++) {
      const redirected = await profiles
        .find({ _id: { $in: open }, redirect: { $exists: true } })
        .project<{ _id: string; redirect: string }>({ redirect: 1 })
        .toArray()
      const next = new Map(redirected.map(({ _id, redirect }) => [_id, redirect]))
      for (const [asked, current] of targets) {
        const redirect = next.get(current)
        if (redirect !== undefined) targets.set(asked, redirect)
      }
      open = [...new Set(next.values())]
    }
    return targets
  }

  const moveEntries = async (from: string, to: string): Promise<void> => {
    if (from !== to) await ledger.updateMany({ profileId: from }, { $set: { profileId: to } })
  }

  /** Writes the fold of each profile's entries, unless one of more entries stands there already. */
  const refold = async (
    ids: readonly string[],
    force = false,
    session?: ClientSession,
  ): Promise<void> => {
    const within = session ? { session } : {}
    const groups = groupByProfile(
      await ledger.find({ profileId: { $in: [...ids] } }, within).toArray(),
    )
    const now = new Date()
    const writes = ids.map((_id) => {
      const entries = groups.get(_id) ?? []
      const older = {
        $or: [{ consentCount: { $exists: false } }, { consentCount: { $lt: entries.length } }],
      }
      return {
        updateOne: {
          filter: force ? { _id } : { _id, ...older },
          update: {
            $set: { consent: foldLedger(entries), consentCount: entries.length, updatedAt: now },
            $inc: { version: 1 },
            $setOnInsert: { identifiers: [], traits: {}, audiences: {}, createdAt: now, merges: 0 },
          },
          upsert: true,
        },
      }
    })
    if (writes.length > 0)
      await ignoreDuplicates(profiles.bulkWrite(writes, { ordered: false, ...within }))
  }

  return {
    /** When this answers, no later send passes by what the entries refuse. */
    async append(all: readonly ConsentWrite[]): Promise<void> {
      const writes = await withoutErased(all, erasedAmong)
      if (writes.length === 0) return
      const recordedAt = new Date()
      const documents = writes.map(({ key, ...entry }) => ({ ...entry, _id: key, recordedAt }))
      await ignoreDuplicates(ledger.insertMany(documents, { ordered: false }))
      // Read after the insert: a merge that did not see the entries has set its redirect by now.
      const targets = await targetsOf([...new Set(writes.map((write) => write.profileId))])
      for (const [from, to] of targets) await moveEntries(from, to)
      await refold([...new Set(targets.values())])
      await raiseEpoch()
    },

    /** The ledgers of two profiles become one, with the refusals that must outlast it. */
    async merge(into: string, merged: string, { session, mergeId }: MergeScope): Promise<void> {
      const within = session ? { session } : {}
      const entries = await ledger.find({ profileId: { $in: [into, merged] } }, within).toArray()
      const groups = groupByProfile(entries)
      const lost = groups.get(merged)
      if (!lost) return
      const settled = settleMerge([groups.get(into) ?? [], lost], new Date().toISOString())
      const recordedAt = new Date()
      if (settled.length > 0)
        await ledger.bulkWrite(
          settled.map((entry) => ({
            updateOne: {
              filter: { _id: settledId(mergeId, entry.purpose) },
              update: { $setOnInsert: { ...entry, profileId: into, recordedAt } },
              upsert: true,
            },
          })),
          { ordered: false, ...within },
        )
      await ledger.updateMany(
        { profileId: merged },
        { $set: { profileId: into }, $push: { via: mergeId } },
        within,
      )
      await refold([into], true, session)
      await raiseEpoch(session)
    },

    /** What a merge moved goes back; what was refused since holds for both, to be on the safe side. */
    async split({ _id, into, merged, at }: SplitLedger, session: ClientSession): Promise<void> {
      const since = await ledger
        .find({ profileId: into, recordedAt: { $gt: at }, state: { $ne: 'granted' } }, { session })
        .toArray()
      await ledger.deleteMany({ _id: { $regex: `^merge:${_id}:` } }, { session })
      await ledger.updateMany(
        { via: _id },
        { $set: { profileId: merged }, $pull: { via: _id } },
        { session },
      )
      const refused = since.filter(
        (entry) => !entry._id.startsWith('merge:') && !entry.via?.includes(_id),
      )
      for (const { via: _, ...entry } of refused)
        await ledger.updateOne(
          { _id: `split:${_id}:${entry._id}` },
          { $setOnInsert: { ...withoutId(entry), profileId: merged } },
          { session, upsert: true },
        )
      await refold([into, merged], true, session)
      await raiseEpoch(session)
    },

    refold: async (ids: readonly string[]): Promise<void> => {
      await refold(ids, true)
      await raiseEpoch()
    },
    raiseEpoch: () => raiseEpoch(),
    async epoch(): Promise<number> {
      return (await settings.findOne({ _id: 'consent_epoch' }))?.n ?? 0
    },

    /** Answers by the id asked for; unknown people are absent. */
    async standing(ids: readonly string[]): Promise<Map<string, ConsentStanding>> {
      const targets = new Map(ids.map((id) => [id, id]))
      const found = new Map<string, ConsentStanding>()
      for (const id of await erasedAmong(ids)) {
        found.set(id, { consent: { '*': ERASED } })
        targets.delete(id)
      }
      for (let hops = 0; targets.size > 0 && hops < MAX_HOPS; hops++) {
        const rows = await profiles
          .find({ _id: { $in: [...new Set(targets.values())] } })
          .project<Pick<ConsentedProfile, '_id' | 'consent' | 'redirect' | 'traits'>>({
            consent: 1,
            redirect: 1,
            'traits.country.value': 1,
          })
          .toArray()
        const byId = new Map(rows.map((row) => [row._id, row]))
        for (const [asked, current] of targets) {
          const row = byId.get(current)
          if (row?.redirect !== undefined) targets.set(asked, row.redirect)
          else {
            targets.delete(asked)
            if (row) found.set(asked, standingOf(row))
          }
        }
      }
      return found
    },

    /** Newest first. */
    history: (profileId: string, limit: number) =>
      ledger.find({ profileId }).sort({ at: -1, _id: 1 }).limit(limit).toArray(),
    find: (id: string) => ledger.findOne({ _id: id }),
  }
}

export type ConsentStore = ReturnType<typeof createConsentStore>

/** What a decision needs of a profile, read whole or in part. */
export function standingOf({
  consent,
  traits,
}: Pick<ConsentedProfile, 'consent'> & {
  traits?: Record<string, { value?: unknown } | undefined>
}): ConsentStanding {
  const country = traits?.['country']?.value
  return typeof country === 'string' ? { consent, country } : { consent }
}

/** Entries without what only the store knows of them. */
function groupByProfile(documents: readonly ConsentDocument[]): Map<string, LedgerEntry[]> {
  const groups = new Map<string, LedgerEntry[]>()
  for (const { _id, profileId, recordedAt: _, via: __, ...entry } of documents) {
    const group = groups.get(profileId)
    if (group) group.push(entry)
    else groups.set(profileId, [entry])
  }
  return groups
}

interface SplitLedger {
  _id: string
  into: string
  merged: string
  at: Date
}

const settledId = (mergeId: string, purpose: string): string => `merge:${mergeId}:${purpose}`

const withoutId = ({ _id: _, ...entry }: ConsentDocument): Omit<ConsentDocument, '_id'> => entry
