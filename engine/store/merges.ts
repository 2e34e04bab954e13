/** Two profiles become one in a single transaction, which keeps what each was before, so that a merge
 *  can be explained and undone without anything lost or counted twice. */
import { randomUUID } from 'node:crypto'
import type { ClientSession } from 'mongodb'
import { RejectedError } from '../contract/error.ts'
import type { Identifier } from '../contract/item.ts'
import { combineProfiles, splitProfiles, type ProfileSide } from '../identity/split-profiles.ts'
import { createConsentStore } from './consents.ts'
import type { Database } from './database.ts'
import { emptyProfile, type ProfileDocument } from './profiles.ts'

/** What joined the two: the record that holds identifiers of both. */
export interface MergeEvidence {
  run: string
  /** The record or event, as its source names it. */
  event: string
  identifiers: Identifier[]
}

interface MembershipRow {
  _id: string
  audience: string
  profileId: string
  inside: boolean
  since: Date
}

interface MovedRow {
  _id: string
  profileId: string
  /** The merges that moved it here, oldest first. */
  via: string[]
}

type Side = ProfileSide & { memberships: MembershipRow[] }

export interface MergeDocument {
  _id: string
  into: string
  merged: string
  at: Date
  /** The winner's version the merge made: tells which of two merges came later. */
  version: number
  evidence?: MergeEvidence
  before: { winner: Side; loser: Side }
  undone?: { at: Date; by: string }
}

interface Parted {
  into: string
  merged: string
}

/** Rows that only name whose they are, so that they move as they stand. */
const MOVED = ['identities', 'events', 'disclosures'] as const
const MAX_HOPS = 20

export function createMergeStore(database: Database) {
  const profiles = database.collection<ProfileDocument>('profiles')
  const merges = database.collection<MergeDocument>('merges')
  const memberships = database.collection<MembershipRow>('memberships')
  const consents = createConsentStore(database)

  const inTransaction = <Result>(work: (session: ClientSession) => Promise<Result>) =>
    database.client.withSession((session) => session.withTransaction(() => work(session)))

  /** Where an id leads to now; of a claim nobody wrote a profile for yet, the id itself. */
  const currentOf = async (
    id: string,
    session: ClientSession,
  ): Promise<ProfileDocument | string> => {
    let current = id
    for (let hops = 0; hops < MAX_HOPS; hops++) {
      const found = await profiles.findOne({ _id: current }, { session })
      if (!found) return current
      if (found.redirect === undefined) return found
      current = found.redirect
    }
    throw new Error('Redirects of a merged profile lead in a circle.')
  }

  /** So that the redirect stands before the profile that was only claimed is written. */
  const written = async (found: ProfileDocument | string, session: ClientSession) => {
    if (typeof found !== 'string') return found
    const empty = emptyProfile(found, new Date())
    await profiles.insertOne(empty, { session })
    return empty
  }

  const membershipsOf = (profileId: string, session: ClientSession | undefined) =>
    memberships.find({ profileId }, session ? { session } : {}).toArray()

  const sideOf = async (profile: ProfileDocument, session: ClientSession): Promise<Side> => ({
    identifiers: profile.identifiers,
    traits: profile.traits,
    audiences: profile.audiences,
    merges: profile.merges,
    memberships: await membershipsOf(profile._id, session),
  })

  /** One row per audience and person: who was in by either profile is in, once. */
  const joinMemberships = async (
    winner: Side,
    loser: Side,
    into: string,
    session: ClientSession,
  ) => {
    const inside = new Map(winner.memberships.map((row) => [row.audience, row.inside]))
    for (const row of loser.memberships) {
      await memberships.deleteOne({ _id: row._id }, { session })
      if (inside.get(row.audience) ?? !row.inside) continue
      const moved = { ...row, _id: `${row.audience}:${into}`, profileId: into }
      await memberships.replaceOne({ _id: moved._id }, moved, { session, upsert: true })
    }
  }

  const moveRows = async (from: string, into: string, mergeId: string, session?: ClientSession) => {
    for (const name of MOVED)
      await database
        .collection<MovedRow>(name)
        .updateMany(
          { profileId: from },
          { $set: { profileId: into }, $push: { via: mergeId } },
          session ? { session } : {},
        )
    await consents.merge(into, from, {
      mergeId,
      ...(session ? { session } : {}),
    })
  }

  const mergeOnce = async (
    asked: Parted,
    evidence: MergeEvidence | undefined,
    session: ClientSession,
  ): Promise<void> => {
    const [a, b] = [await currentOf(asked.into, session), await currentOf(asked.merged, session)]
    if (idOf(a) === idOf(b)) return
    // A profile that is only claimed goes into one that is written, not the other way round.
    const [first, second] = typeof a === 'string' && typeof b !== 'string' ? [b, a] : [a, b]
    const winner = await written(first, session)
    const loser = await written(second, session)
    if (winner.apart?.includes(loser._id) || loser.apart?.includes(winner._id)) return
    const before = { winner: await sideOf(winner, session), loser: await sideOf(loser, session) }
    const [into, merged, at] = [winner._id, loser._id, new Date()]
    const apart = [...new Set([...(winner.apart ?? []), ...(loser.apart ?? [])])]
    const merge = { _id: randomUUID(), into, merged, at, version: winner.version + 1, before }
    await profiles.updateOne(
      { _id: into },
      {
        $set: {
          ...combineProfiles(before.winner, before.loser),
          updatedAt: at,
          ...(apart.length > 0 ? { apart } : {}),
        },
        $inc: { version: 1 },
      },
      { session },
    )
    await profiles.updateOne(
      { _id: merged },
      { $set: { redirect: into }, $inc: { version: 1 } },
      { session },
    )
    if (loser.apart)
      await profiles.updateMany(
        { _id: { $in: loser.apart } },
        { $addToSet: { apart: into } },
        { session },
      )
    await joinMemberships(before.winner, before.loser, into, session)
    await moveRows(merged, into, merge._id, session)
    await merges.insertOne({ ...merge, ...(evidence ? { evidence } : {}) }, { session })
  }

  /** What others wrote under the id that went away while the merge was under way. */
  const sweep = async (id: string): Promise<void> => {
    const standing = await merges.findOne({ merged: id, undone: { $exists: false } })
    if (standing) await moveRows(id, standing.into, standing._id)
  }

  const needUndoable = async (mergeId: string, session: ClientSession) => {
    const merge = await merges.findOne({ _id: mergeId, undone: { $exists: false } }, { session })
    if (!merge)
      throw new RejectedError(
        'no_such_merge',
        'This merge is not there any more: it was undone. Load the page again.',
      )
    const { into, merged, version } = merge
    const later = await merges.findOne(
      { into, version: { $gt: version }, undone: { $exists: false } },
      { session },
    )
    const winner = await profiles.findOne({ _id: into, redirect: { $exists: false } }, { session })
    const loser = await profiles.findOne({ _id: merged }, { session })
    if (later || !winner || !loser)
      throw new RejectedError(
        'later_merge_first',
        'This person was joined with another since. Undo the latest merge first.',
      )
    return { merge, winner, loser }
  }

  const splitMemberships = async ({ into, before }: MergeDocument, session: ClientSession) => {
    const now = new Map((await membershipsOf(into, session)).map((row) => [row.audience, row]))
    const own = new Map(before.winner.memberships.map((row) => [row.audience, row]))
    for (const row of before.loser.memberships) {
      await memberships.replaceOne({ _id: row._id }, row, { session, upsert: true })
      const current = now.get(row.audience)
      if (!current || current.since.getTime() !== row.since.getTime()) continue
      const mine = own.get(row.audience)
      if (mine) await memberships.replaceOne({ _id: current._id }, mine, { session })
      else await memberships.deleteOne({ _id: current._id }, { session })
    }
  }

  const undoOnce = async (mergeId: string, by: string, session: ClientSession): Promise<Parted> => {
    const { merge, winner, loser } = await needUndoable(mergeId, session)
    const { into, merged, before } = merge
    const at = new Date()
    const parts = splitProfiles(winner, before)
    await profiles.updateOne(
      { _id: into },
      {
        $set: { ...parts.winner, updatedAt: at },
        $addToSet: { apart: merged },
        $inc: { version: 1 },
      },
      { session },
    )
    await profiles.updateOne(
      { _id: loser._id },
      {
        $set: { ...parts.loser, updatedAt: at },
        $addToSet: { apart: into },
        $unset: { redirect: '' },
        $inc: { version: 1 },
      },
      { session },
    )
    await splitMemberships(merge, session)
    for (const name of MOVED)
      await database
        .collection<MovedRow>(name)
        .updateMany(
          { via: mergeId },
          { $set: { profileId: merged }, $pull: { via: mergeId } },
          { session },
        )
    await consents.split(merge, session)
    await merges.updateOne({ _id: mergeId }, { $set: { undone: { at, by } } }, { session })
    return { into, merged }
  }

  return {
    /** Harmless when repeated, also after it was cut off anywhere. */
    async merge(asked: Parted, evidence?: MergeEvidence): Promise<void> {
      if (asked.into === asked.merged) return
      await inTransaction((session) => mergeOnce(asked, evidence, session))
      await sweep(asked.merged)
      await sweep(asked.into)
    },

    /** Both profiles stand again, under their own ids. */
    undo: (mergeId: string, by: string): Promise<Parted> =>
      inTransaction((session) => undoOnce(mergeId, by, session)),

    /** Follows a late claim to where its profile went. */
    sweep,

    /** The merges a profile is made of, newest first, those of merged profiles with them. */
    async ofProfile(profileId: string): Promise<MergeDocument[]> {
      const found = new Map<string, MergeDocument>()
      let open = [profileId]
      for (let hops = 0; open.length > 0 && hops < MAX_HOPS; hops++) {
        const rows = await merges.find({ into: { $in: open } }).toArray()
        for (const row of rows) found.set(row._id, row)
        open = rows.flatMap(({ merged, undone }) => (undone ? [] : [merged]))
      }
      return [...found.values()].sort(
        (a, b) => b.at.getTime() - a.at.getTime() || b.version - a.version,
      )
    },
  }
}

export type MergeStore = ReturnType<typeof createMergeStore>

const idOf = (found: ProfileDocument | string): string =>
  typeof found === 'string' ? found : found._id
