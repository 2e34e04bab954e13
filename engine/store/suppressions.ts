/** Who was erased, so that they stay so: keyed digests of their identifiers and digests of their
 *  profile ids. Neither tells who they were. */
import { createHash } from 'node:crypto'
import type { Identifier } from '../contract/item.ts'
import type { Database } from './database.ts'
import { ignoreDuplicates } from './duplicate-keys.ts'

interface SuppressionDocument {
  _id: string
  at: Date
  reason: string
  /** The request it came from: by it all digests of one person are lifted together. */
  request: string
}

/** How long it is believed that nobody was erased yet; the last look of an erasure comes later. */
const FRESH_MS = 200
const BATCH = 5_000

const profileDigest = (profileId: string): string =>
  `p:${createHash('sha256').update(profileId).digest('base64url').slice(0, 32)}`

/** Those of the digests that are on the list. While the list is empty this costs nothing. */
function createLookup(database: Database) {
  const list = database.collection<SuppressionDocument>('suppressions')
  let seen = { at: -Infinity, empty: false }
  const isEmpty = async (): Promise<boolean> => {
    const now = performance.now()
    if (now - seen.at > FRESH_MS)
      seen = { at: now, empty: (await list.findOne({}, { projection: { _id: 1 } })) === null }
    return seen.empty
  }
  return {
    isEmpty,
    async among(digests: readonly string[]): Promise<Set<string>> {
      const found = new Set<string>()
      if (digests.length === 0 || (await isEmpty())) return found
      for (let at = 0; at < digests.length; at += BATCH) {
        const rows = await list
          .find({ _id: { $in: digests.slice(at, at + BATCH) } }, { projection: { _id: 1 } })
          .toArray()
        for (const { _id } of rows) found.add(_id)
      }
      return found
    },
  }
}

/** Answers which profiles were erased. Needs no key: profile ids are digests already. */
export function createErasedProfiles(database: Database) {
  const { among, isEmpty } = createLookup(database)
  return async (profileIds: readonly string[]): Promise<ReadonlySet<string>> => {
    if (await isEmpty()) return new Set()
    const byDigest = new Map(profileIds.map((id) => [profileDigest(id), id]))
    const found = await among([...byDigest.keys()])
    return new Set([...found].flatMap((digest) => byDigest.get(digest) ?? []))
  }
}

/** Leaves out what belongs to erased people. */
export async function withoutErased<Row extends { profileId: string }>(
  rows: readonly Row[],
  erasedAmong: ReturnType<typeof createErasedProfiles>,
): Promise<readonly Row[]> {
  const erased = await erasedAmong([...new Set(rows.map(({ profileId }) => profileId))])
  return erased.size === 0 ? rows : rows.filter(({ profileId }) => !erased.has(profileId))
}

export interface SuppressInput {
  identifiers: readonly Identifier[]
  profileIds: readonly string[]
  request: string
  reason: string
}

/** `digest` is that of the identity store, keyed from outside the database. */
export function createSuppressionStore(
  database: Database,
  digest: (identifier: Identifier) => string,
) {
  const list = database.collection<SuppressionDocument>('suppressions')
  const { among, isEmpty } = createLookup(database)
  return {
    isEmpty,
    async add({ identifiers, profileIds, request, reason }: SuppressInput): Promise<void> {
      const digests = [...new Set([...identifiers.map(digest), ...profileIds.map(profileDigest)])]
      const at = new Date()
      if (digests.length === 0) return
      await ignoreDuplicates(
        list.insertMany(
          digests.map((_id) => ({ _id, at, reason, request })),
          { ordered: false },
        ),
      )
    },
    /** Lets these people come back as new ones. Returns how many digests were lifted. */
    async lift(identifiers: readonly Identifier[]): Promise<number> {
      const rows = await list.find({ _id: { $in: identifiers.map(digest) } }).toArray()
      const requests = [...new Set(rows.map(({ request }) => request))]
      return (await list.deleteMany({ request: { $in: requests } })).deletedCount
    },
    /** True for each list of identifiers of which one was erased. */
    async erasedAmong(lists: ReadonlyArray<readonly Identifier[]>): Promise<boolean[]> {
      if (await isEmpty()) return lists.map(() => false)
      const digests = lists.map((identifiers) => identifiers.map(digest))
      const found = await among([...new Set(digests.flat())])
      return digests.map((own) => own.some((one) => found.has(one)))
    },
    count: () => list.estimatedDocumentCount(),
  }
}

export type SuppressionStore = ReturnType<typeof createSuppressionStore>
