/** Who owns which identifier: claimed by `_id`, so that it holds under concurrency. */
import { createHash, createHmac } from 'node:crypto'
import type { Identifier, Item } from '../contract/item.ts'
import type { IdentityService, MatchedPage, MatchRequest } from '../contract/services.ts'
import { PAGE_ITEMS } from '../contract/item.ts'
import {
  createBatchResolver,
  type BatchResolver,
  type ResolvedBatch,
} from '../identity/resolve-batch.ts'
import {
  defaultIdentityRules,
  identityRulesSchema,
  type HeldIdentifier,
} from '../identity/types.ts'
import type { Database } from './database.ts'
import { ignoreDuplicates } from './duplicate-keys.ts'
import { createMergeStore, type MergeEvidence } from './merges.ts'
import type { ProfileDocument, ProfileStore } from './profiles.ts'
import { createSuppressionStore } from './suppressions.ts'

interface IdentityDocument {
  _id: string
  profileId: string
  type: string
  /** Which run linked it, from which record: the evidence of the link. */
  run: string
  record: number
}

const BATCH = 5_000

export interface IdentityDeps {
  database: Database
  profiles: ProfileStore
  /** Keys the digests, so that a stolen `identities` collection tells nobody's address. */
  key: Buffer
}

export interface MatchScope {
  runId: string
  /** False in previews: nothing is claimed. */
  claims: boolean
}

export function createIdentityStore({ database, profiles, key }: IdentityDeps) {
  const identities = database.collection<IdentityDocument>('identities')
  const merges = createMergeStore(database)

  const digest = ({ type, value }: Identifier): string =>
    createHmac('sha256', key).update(`${type}\0${value}`).digest('base64url').slice(0, 24)

  const suppressions = createSuppressionStore(database, digest)

  const ownersOf = async (digests: readonly string[]): Promise<Map<string, string>> => {
    const owners = new Map<string, string>()
    for (let i = 0; i < digests.length; i += BATCH) {
      const rows = await identities
        .find({ _id: { $in: digests.slice(i, i + BATCH) } })
        .project<Pick<IdentityDocument, '_id' | 'profileId'>>({ profileId: 1 })
        .toArray()
      for (const row of rows) owners.set(row._id, row.profileId)
    }
    return owners
  }

  return {
    digest,
    ownersOf,
    merges,
    suppressions,

    service: (scope: MatchScope): IdentityService => ({
      async *matchAll(request) {
        const known = await resolveInput(request, scope)
        yield* rewalk(request, known)
      },
      async matchPage(items, request) {
        const pages = async function* () {
          yield items
        }
        const known = await resolveInput({ ...request, pages }, scope)
        return items.map((item, i) => tag(item, known, i))
      },
    }),
  }

  interface Known {
    batch: ResolvedBatch
    profileIds: string[]
    isNew: Uint8Array
    identifiersOf: MatchRequest['identifiersOf']
    /** By record: the identifiers the rules set aside, as `type:value`. */
    demoted: ReadonlyMap<number, ReadonlySet<string>>
    /** Records of people who were erased. */
    erased: ReadonlySet<number>
  }

  async function resolveInput(request: MatchRequest, scope: MatchScope): Promise<Known> {
    const rules = identityRulesSchema.parse(request.rules ?? defaultIdentityRules)
    const resolver = createBatchResolver(rules)
    let record = 0
    const erased = new Set<number>()
    for await (const page of request.pages()) {
      const found = page.map(request.identifiersOf)
      const gone = await suppressions.erasedAmong(found)
      for (const [i, identifiers] of found.entries()) {
        if (gone[i]) erased.add(record)
        resolver.add(record++, gone[i] ? [] : identifiers)
      }
    }
    await seedOwners(resolver)
    const batch = resolver.components()
    const profileIds: string[] = []
    const isNew = new Uint8Array(batch.count)
    for (let component = 0; component < batch.count; component++) {
      const owner = batch.profileIdOf(component)
      isNew[component] = owner === undefined ? 1 : 0
      profileIds.push(owner ?? newProfileId(batch, component))
    }
    if (scope.claims) {
      const evidence = await evidenceOf(batch, request, scope.runId)
      for (const { into, merged, record } of batch.merges)
        await merges.merge({ into, merged }, evidence.get(record))
      // Another writer claimed some of it since: what the rules say of that is asked anew.
      if (!(await claim(batch, profileIds, scope.runId))) return resolveInput(request, scope)
    }
    const { identifiersOf } = request
    return { batch, profileIds, isNew, identifiersOf, demoted: demotedIn(batch), erased }
  }

  /** What joined stored profiles: the records are read again, for there are few such. */
  async function evidenceOf(
    { merges: joined }: ResolvedBatch,
    request: MatchRequest,
    run: string,
  ): Promise<Map<number, MergeEvidence>> {
    const evidence = new Map<number, MergeEvidence>()
    const wanted = new Set(joined.map(({ record }) => record))
    if (wanted.size === 0) return evidence
    let record = 0
    for await (const page of request.pages())
      for (const item of page) {
        if (wanted.has(record))
          evidence.set(record, { run, event: item.id, identifiers: request.identifiersOf(item) })
        record++
      }
    return evidence
  }

  async function seedOwners(resolver: BatchResolver): Promise<void> {
    const owners = await ownersOf([...resolver.identifiers()].map(digest))
    const ids = [...new Set(owners.values())]
    const found = new Map<string, ProfileDocument>()
    for (let i = 0; i < ids.length; i += BATCH)
      for (const [asked, document] of await profiles.readDocuments(ids.slice(i, i + BATCH)))
        found.set(asked, document)
    const claimed = claimedBy(resolver, owners, found)
    const oldestFirst = [...new Map([...found.values()].map((d) => [d._id, d])).values()].sort(
      (a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a._id < b._id ? -1 : 1),
    )
    for (const { _id, merges: mergeCount, identifiers, apart } of oldestFirst) {
      const held = identifiers.map(({ type, value, firstSeen }) => ({
        type,
        value,
        at: Date.parse(firstSeen),
      }))
      resolver.seedExisting({
        profileId: _id,
        merges: mergeCount,
        identifiers: [...held, ...(claimed.get(_id) ?? [])],
        ...(apart ? { apart } : {}),
      })
      claimed.delete(_id)
    }
    // Claimed by a run that died before it wrote the profiles: the claim still decides.
    for (const profileId of [...claimed.keys()].sort())
      resolver.seedExisting({
        profileId,
        merges: 0,
        identifiers: claimed.get(profileId) ?? [],
      })
  }

  /** Identifiers whose claim stands, though their profile may not be written yet, or not with them. */
  function claimedBy(
    resolver: BatchResolver,
    owners: ReadonlyMap<string, string>,
    found: ReadonlyMap<string, ProfileDocument>,
  ): Map<string, HeldIdentifier[]> {
    const written = new Map<string, Set<string>>()
    const claimed = new Map<string, HeldIdentifier[]>()
    for (const { _id, identifiers } of found.values())
      written.set(_id, written.get(_id) ?? new Set(identifiers.map((i) => `${i.type}:${i.value}`)))
    for (const { type, value } of resolver.identifiers()) {
      const owner = owners.get(digest({ type, value }))
      if (owner === undefined) continue
      const profileId = found.get(owner)?._id ?? owner
      if (written.get(profileId)?.has(`${type}:${value}`)) continue
      const list = claimed.get(profileId)
      if (list) list.push({ type, value, at: 0 })
      else claimed.set(profileId, [{ type, value, at: 0 }])
    }
    return claimed
  }

  /** The same for the same identifiers, so that a repeated step names the same people. */
  function newProfileId(batch: ResolvedBatch, component: number): string {
    const first = batch.memberIdentifiers[batch.memberStart[component] ?? 0] ?? 0
    return createHash('sha256')
      .update(digest(batch.identifier(first)))
      .digest('hex')
      .slice(0, 24)
  }

  /** False when an identifier was claimed for somebody else since it was looked up. */
  async function claim(batch: ResolvedBatch, profileIds: string[], run: string): Promise<boolean> {
    let rows: IdentityDocument[] = []
    let isMine = true
    let writing: Promise<void> = Promise.resolve()
    const flush = async (full: IdentityDocument[]): Promise<void> => {
      const duplicates = await ignoreDuplicates(identities.insertMany(full, { ordered: false }))
      const taken = duplicates.flatMap((i) => full[i] ?? [])
      const owners = await ownersOf(taken.map(({ _id }) => _id))
      if (taken.some(({ _id, profileId }) => owners.get(_id) !== profileId)) isMine = false
    }
    for (let component = 0; component < batch.count; component++) {
      const start = batch.memberStart[component] ?? 0
      const end = batch.memberStart[component + 1] ?? start
      for (let at = start; at < end; at++) {
        const id = batch.memberIdentifiers[at] ?? 0
        const record = batch.claimedBy[id] ?? -2
        if (record < 0) continue
        const identifier = batch.identifier(id)
        const profileId = profileIds[component] ?? ''
        rows.push({ _id: digest(identifier), profileId, type: identifier.type, run, record })
      }
      if (rows.length >= BATCH) {
        const full = rows
        rows = []
        await writing
        writing = flush(full)
      }
    }
    await writing
    if (rows.length > 0) await flush(rows)
    await followMerged(profileIds)
    return isMine
  }

  /** Claims made while their profile was merged away go where it went. */
  async function followMerged(profileIds: readonly string[]): Promise<void> {
    for (let i = 0; i < profileIds.length; i += BATCH) {
      const ids = profileIds.slice(i, i + BATCH)
      const redirected = await database
        .collection<ProfileDocument>('profiles')
        .find({ _id: { $in: ids }, redirect: { $exists: true } })
        .project<{ _id: string }>({ _id: 1 })
        .toArray()
      for (const { _id } of redirected) await merges.sweep(_id)
    }
  }

  async function* rewalk(request: MatchRequest, known: Known): AsyncIterable<MatchedPage> {
    const bucketOf = packBuckets(known.batch)
    let record = 0
    for await (const page of request.pages()) {
      const first = record
      const items = page.map((item) => tag(item, known, record++))
      const buckets = Int32Array.from(items, (_, i) => {
        const component = known.batch.recordComponent[first + i] ?? -1
        return component < 0 ? 0 : (bucketOf[component] ?? 0)
      })
      yield { items, buckets }
    }
  }

  function tag(item: Item, known: Known, record: number): Item {
    const component = known.batch.recordComponent[record] ?? -1
    const profileId = component < 0 ? undefined : known.profileIds[component]
    if (profileId === undefined) return known.erased.has(record) ? { ...item, erased: true } : item
    return {
      ...item,
      profileId,
      identifiers: keptOf(known.identifiersOf(item), known.demoted.get(record)),
      ...(known.isNew[component] === 1 ? { isNew: true } : {}),
    }
  }
}

export type IdentityStore = ReturnType<typeof createIdentityStore>

const keptOf = (identifiers: Identifier[], demoted: ReadonlySet<string> | undefined) =>
  demoted ? identifiers.filter(({ type, value }) => !demoted.has(`${type}:${value}`)) : identifiers

function demotedIn({ demotions, identifier }: ResolvedBatch): Map<number, Set<string>> {
  const demoted = new Map<number, Set<string>>()
  for (const [i, record] of demotions.record.entries()) {
    const { type, value } = identifier(demotions.identifier[i] ?? 0)
    const set = demoted.get(record) ?? new Set()
    demoted.set(record, set.add(`${type}:${value}`))
  }
  return demoted
}

/** Packs people into pages of about PAGE_ITEMS items, all of one person into one page. */
function packBuckets(batch: ResolvedBatch): Int32Array {
  const sizes = new Int32Array(batch.count)
  for (const component of batch.recordComponent)
    if (component >= 0) sizes[component] = (sizes[component] ?? 0) + 1
  const bucketOf = new Int32Array(batch.count)
  let bucket = 0
  let filled = 0
  for (let component = 0; component < batch.count; component++) {
    const size = sizes[component] ?? 0
    if (filled > 0 && filled + size > PAGE_ITEMS) {
      bucket++
      filled = 0
    }
    bucketOf[component] = bucket
    filled += size
  }
  return bucketOf
}
