/**
 * Resolves the identifiers of a whole input before anything is written, so that each person is
 * written once. Same outcome as `resolveIdentifiers` applied to the records one by one, in order;
 * here on integers: union-find with path halving, and the members of a component on a ring.
 */
import { compileRules } from './compile-rules.ts'
import { createIdentifierTable } from './identifier-table.ts'
import { createIntList } from './int-list.ts'
import { joinRecords, type BatchInput, type JoinedBatch } from './join-records.ts'
import { numberComponents, type Components } from './number-components.ts'
import type { Identifier, IdentityRules, OwnerProfile } from './types.ts'

export type ResolvedBatch = Components & {
  /** Stored profiles joined, in the order it happened: `merged` becomes a redirect to `into`. */
  merges: Array<{ into: string; merged: string; record: number }>
  /** Identifiers set aside, as three columns; `reason` indexes `demotionReasons`. */
  demotions: JoinedBatch['demotions']
  /** Record that first gave each identifier to its component; -1: seeded, -2: never given. */
  claimedBy: Int32Array
  identifier: (id: number) => Identifier
}

export type BatchResolver = {
  /** Records in the order they happened, numbered 0, 1, 2 …; `at` in epoch milliseconds. */
  add: (recordIndex: number, identifiers: readonly Identifier[], at?: number) => void
  /** A stored profile with all it holds; oldest first, before `components`. */
  seedExisting: (profile: Omit<OwnerProfile, 'createdAt'>) => void
  /** The distinct identifiers so far, to look up which stored profiles own them. */
  identifiers: () => IterableIterator<Identifier>
  components: () => ResolvedBatch
}

export const createBatchResolver = (rules: IdentityRules): BatchResolver => {
  const table = createIdentifierTable()
  const recordStart = createIntList()
  const recordIdentifiers = createIntList()
  const recordAt: number[] = []
  const seeds: BatchInput['seeds'] = []
  const { hasWindows } = compileRules(rules)

  function* identifiers(): IterableIterator<Identifier> {
    for (let id = 0; id < table.size(); id++) yield table.identifier(id)
  }

  return {
    add: (recordIndex, given, at = 0) => {
      if (recordIndex !== recordStart.length()) {
        throw new Error(
          `Record ${recordIndex} came when ${recordStart.length()} was due; add records in order.`,
        )
      }
      recordStart.push(recordIdentifiers.length())
      for (const { type, value } of given) recordIdentifiers.push(table.intern(type, value))
      if (hasWindows) recordAt.push(at)
    },
    seedExisting: ({ profileId, identifiers: held, merges, apart = [] }) => {
      const ids = held.map(({ type, value }) => table.intern(type, value))
      seeds.push({ profileId, merges, apart, ids, times: held.map(({ at }) => at) })
    },
    identifiers,
    components: () => {
      const input: BatchInput = {
        rules,
        table,
        seeds,
        recordStart: recordStart.view(),
        recordIdentifiers: recordIdentifiers.view(),
        recordAt,
      }
      const joined = joinRecords(input)
      const profileId = (seed: number): string => seeds[seed]?.profileId ?? ''
      return {
        ...numberComponents(joined, profileId),
        merges: joined.merges.map(({ into, merged, record }) => ({
          into: profileId(into),
          merged: profileId(merged),
          record,
        })),
        demotions: joined.demotions,
        claimedBy: joined.claimedBy,
        identifier: table.identifier,
      }
    },
  }
}
