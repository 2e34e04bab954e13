/**
 * The loop of batch resolution: takes the records in order and claims, adds or joins as the rules
 * allow, on integers only. Everything that is per record or per identifier is a typed array.
 */
import { compileRules } from './compile-rules.ts'
import { createApartRoots } from './apart-roots.ts'
import { createComponentRing } from './component-ring.ts'
import type { IdentifierTable } from './identifier-table.ts'
import { createIntList } from './int-list.ts'
import { demotionReasons, knownUserKind } from './types.ts'
import type { DemotionReason, IdentityRules } from './types.ts'

export type BatchInput = {
  rules: IdentityRules
  table: IdentifierTable
  /** Stored profiles, oldest first, with the identifiers they hold. */
  seeds: Array<{
    profileId: string
    merges: number
    apart: readonly string[]
    ids: number[]
    times: number[]
  }>
  /** Where each record begins in `recordIdentifiers`. */
  recordStart: Int32Array
  recordIdentifiers: Int32Array
  /** Epoch milliseconds per record; empty when no limit has a window. */
  recordAt: number[]
}

export type JoinedBatch = {
  /** One identifier of the component each record belongs to; -1 when it has none. */
  recordAnchor: Int32Array
  find: (id: number) => number
  next: Int32Array
  /** Number of the oldest stored profile of a component, at its root; -1 when it is new. */
  seedOf: Int32Array
  merges: Array<{ into: number; merged: number; record: number }>
  demotions: { record: Int32Array; identifier: Int32Array; reason: Int32Array }
  claimedBy: Int32Array
}

const SEEDED = -1
const UNCLAIMED = -2

const reasonCode = (reason: DemotionReason): number => demotionReasons.indexOf(reason)
const BLOCKED = reasonCode('blocked_value')
const APART = reasonCode('kept_apart')
const LIMIT = reasonCode('limit_reached')
const KNOWN = reasonCode('known_users')
const MERGE_CAP = reasonCode('merge_cap')
const IDENTIFIER_CAP = reasonCode('identifier_cap')
const NONE = -1

/** Position of each kind in the ranking, its limit and window, as columns by kind number. */
const kindColumns = (rules: IdentityRules, kinds: string[]) => {
  const { compareKinds, limitOf } = compileRules(rules)
  const ranked = [...kinds].sort(compareKinds)
  const place = new Map(ranked.map((type, index) => [type, index]))
  return {
    rank: Int32Array.from(kinds, (type) => place.get(type) ?? 0),
    limit: Float64Array.from(kinds, (type) => limitOf(type).limit),
    window: Float64Array.from(kinds, (type) => limitOf(type).window),
  }
}

const blockedFlags = ({ rules, table }: BatchInput): Uint8Array => {
  const { isBlocked } = compileRules(rules)
  const flags = new Uint8Array(table.size())
  for (let id = 0; id < flags.length; id++) flags[id] = isBlocked(table.identifier(id)) ? 1 : 0
  return flags
}

export const joinRecords = (input: BatchInput): JoinedBatch => {
  const { rules, table, seeds, recordStart, recordIdentifiers, recordAt } = input
  const count = table.size()
  const kindOf = table.kindOf()
  const kinds = table.kinds()
  const { rank, limit, window } = kindColumns(rules, kinds)
  const knownKind = kinds.indexOf(knownUserKind)
  const blocked = blockedFlags(input)

  const { next, size, find, claim, join } = createComponentRing(count)
  const mergesOf = new Int32Array(count)
  const seedOf = new Int32Array(count).fill(-1)
  const claimedBy = new Int32Array(count).fill(UNCLAIMED)
  const heldSince = new Float64Array(recordAt.length > 0 ? count : 0)

  const apart = createApartRoots(seeds)
  const recordAnchor = new Int32Array(recordStart.length).fill(-1)
  const merges: JoinedBatch['merges'] = []
  const demotedRecord = createIntList()
  const demotedIdentifier = createIntList()
  const demotedReason = createIntList()

  // The record at hand: its identifiers by rank, the components that own them, what would be new.
  const kept: number[] = []
  const roots: number[] = []
  const added: number[] = []
  const counts = new Int32Array(kinds.length)

  const demote = (record: number, id: number, reason: number): void => {
    demotedRecord.push(record)
    demotedIdentifier.push(id)
    demotedReason.push(reason)
  }

  /** Fills `kept` with the record's distinct, unblocked identifiers, highest-ranked first. */
  const rankRecord = (record: number): void => {
    kept.length = 0
    const start = recordStart[record] ?? 0
    const end = recordStart[record + 1] ?? recordIdentifiers.length
    for (let i = start; i < end; i++) {
      const id = recordIdentifiers[i] ?? 0
      if (isRepeat(start, i)) continue
      if (blocked[id] === 1) demote(record, id, BLOCKED)
      else insertByRank(id)
    }
  }

  const isRepeat = (start: number, place: number): boolean => {
    for (let i = start; i < place; i++) {
      if (recordIdentifiers[i] === recordIdentifiers[place]) return true
    }
    return false
  }

  const rankOf = (id: number): number => rank[kindOf[id] ?? 0] ?? 0

  const insertByRank = (id: number): void => {
    let place = kept.length
    while (place > 0 && rankOf(kept[place - 1] ?? 0) > rankOf(id)) {
      kept[place] = kept[place - 1] ?? 0
      place--
    }
    kept[place] = id
  }

  const findOwners = (): void => {
    roots.length = 0
    added.length = 0
    for (const id of kept) {
      if (next[id] === -1) added.push(id)
      else {
        const root = find(id)
        if (!roots.includes(root)) roots.push(root)
      }
    }
  }

  const countsNow = (id: number, at: number): boolean =>
    heldSince.length === 0 || Math.abs(at - (heldSince[id] ?? 0)) < (window[kindOf[id] ?? 0] ?? 0)

  /** Counts a component's members by kind; true when it holds a known user's identifier. */
  const countMembers = (root: number, at: number): boolean => {
    let known = false
    let id = root
    do {
      const kind = kindOf[id] ?? 0
      if (kind === knownKind) known = true
      if (countsNow(id, at)) counts[kind] = (counts[kind] ?? 0) + 1
      id = next[id] ?? root
    } while (id !== root)
    return known
  }

  const isOverLimit = (kind: number): boolean => (counts[kind] ?? 0) > (limit[kind] ?? 0)

  const brokenRule = (at: number): number => {
    if (roots.length < 2 && added.length === 0) return NONE
    counts.fill(0)
    let knownUsers = 0
    let members = added.length
    let mergeCount = roots.length - 1
    for (const root of roots) {
      if (countMembers(root, at)) knownUsers++
      members += size[root] ?? 0
      mergeCount += mergesOf[root] ?? 0
    }
    for (const id of added) counts[kindOf[id] ?? 0] = (counts[kindOf[id] ?? 0] ?? 0) + 1
    if (rules.protectKnownUsers && knownUsers > 1) return KNOWN
    if (roots.length > 1) {
      if (apart.forbids(roots)) return APART
      if (counts.some((_, kind) => isOverLimit(kind))) return LIMIT
      if (mergeCount > rules.maxMerges) return MERGE_CAP
    } else if (added.some((id) => isOverLimit(kindOf[id] ?? 0))) return LIMIT
    return members > rules.maxIdentifiers ? IDENTIFIER_CAP : NONE
  }

  const noteMerge = (seedA: number, seedB: number, record: number): number => {
    if (seedA < 0 || seedB < 0) return Math.max(seedA, seedB)
    const into = Math.min(seedA, seedB)
    merges.push({ into, merged: Math.max(seedA, seedB), record })
    return into
  }

  const joinOwners = (record: number): number => {
    const [first = -1, ...others] = roots
    let root = first
    for (const other of others) {
      const mergeCount = (mergesOf[root] ?? 0) + (mergesOf[other] ?? 0) + 1
      const seed = noteMerge(seedOf[root] ?? -1, seedOf[other] ?? -1, record)
      const from = root
      root = join(root, other)
      apart.join([from, other], root)
      mergesOf[root] = mergeCount
      seedOf[root] = seed
    }
    return root
  }

  /** Gives an unclaimed identifier to the component at `root`; -1 starts a new one. */
  const claimFor = (id: number, root: number, by: number, at: number): number => {
    claim(id)
    claimedBy[id] = by
    if (heldSince.length > 0) heldSince[id] = at
    // A component of one never outgrows the other, so `root` stays, with its merges and seed.
    return root === -1 ? id : join(root, id)
  }

  const settleRecord = (record: number): void => {
    const at = recordAt[record] ?? 0
    rankRecord(record)
    findOwners()
    for (let reason = brokenRule(at); reason !== NONE; reason = brokenRule(at)) {
      demote(record, kept.pop() ?? 0, reason)
      findOwners()
    }
    if (kept.length === 0) return
    let root = joinOwners(record)
    for (const id of added) root = claimFor(id, root, record, at)
    recordAnchor[record] = root
  }

  for (const [seed, { ids, times, merges: mergeCount }] of seeds.entries()) {
    let root = -1
    for (const [index, id] of ids.entries()) {
      if (next[id] === -1) root = claimFor(id, root, SEEDED, times[index] ?? 0)
    }
    if (root !== -1) {
      mergesOf[root] = mergeCount
      seedOf[root] = seed
      apart.seed(root, seed)
    }
  }
  for (let record = 0; record < recordStart.length; record++) settleRecord(record)

  return {
    recordAnchor,
    find,
    next,
    seedOf,
    merges,
    demotions: {
      record: demotedRecord.view(),
      identifier: demotedIdentifier.view(),
      reason: demotedReason.view(),
    },
    claimedBy,
  }
}
