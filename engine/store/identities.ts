/** Who owns which identifier: claimed by `_id`, so that it holds under concurrency. */
import { createHash, createHmac } from 'node:crypto'
import type { Identifier, Item } from '../contract/item.ts'
import type { IdentityService, MatchedPage, MatchRequest } from '../contract/services.ts'
import { PAGE_ITEMS } from '../contract/item.ts'
import { createBatchResolver, type ResolvedBatch } from '../identity/resolve-batch.ts'
import { identityRulesSchema, defaultIdentityRules } from '../identity/types.ts'
import { mergeProfileTraits } from '../identity/survivorship.ts'
import { createConsentStore } from './consents.ts'
import type { Database } from './database.ts'
import { ignoreDuplicates } from './duplicate-keys.ts'
import { emptyProfile, type ProfileDocument, type ProfileStore } from './profiles.ts'
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
  const documents = database.collection<ProfileDocument>('profiles')
  const consents = createConsentStore(database)

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

  /** The loser goes into the winner; its id stays as a redirect. Harmless when repeated. */
  const mergeProfiles = async (into: string, merged: string): Promise<void> => {
    if (into === merged) return
    const found = await profiles.readDocuments([into, merged])
    const winner = found.get(into)
    const loser = found.get(merged)
    // Before, so that a refusal holds at once; after, for what was recorded until the redirect stood.
    await consents.merge(into, merged)
    if (winner && loser && winner._id !== loser._id) {
      await documents.updateOne(
        { _id: winner._id },
        { $set: { ...combine(winner, loser), updatedAt: new Date() }, $inc: { version: 1 } },
      )
      await documents.updateOne({ _id: loser._id }, { $set: { redirect: winner._id } })
    }
    await identities.updateMany({ profileId: merged }, { $set: { profileId: into } })
    await consents.merge(into, merged)
    for (const name of ['events', 'memberships', 'disclosures'] as const)
      await database
        .collection(name)
        .updateMany({ profileId: merged }, { $set: { profileId: into } })
  }

  return {
    digest,
    ownersOf,
    mergeProfiles,
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
      for (const { into, merged } of batch.merges) await mergeProfiles(into, merged)
      await claim(batch, profileIds, isNew, scope.runId)
    }
    const { identifiersOf } = request
    return { batch, profileIds, isNew, identifiersOf, demoted: demotedIn(batch), erased }
  }

  async function seedOwners(resolver: ReturnType<typeof createBatchResolver>): Promise<void> {
    const owners = await ownersOf([...resolver.identifiers()].map(digest))
    const ids = [...new Set(owners.values())]
    const found: ProfileDocument[] = []
    for (let i = 0; i < ids.length; i += BATCH) {
      const part = await profiles.readDocuments(ids.slice(i, i + BATCH))
      found.push(...part.values())
    }
    const written = new Set(found.map((document) => document._id))
    const unwritten = ids.filter((id) => !written.has(id))
    const oldestFirst = [...new Map(found.map((d) => [d._id, d])).values()].sort(
      (a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a._id < b._id ? -1 : 1),
    )
    for (const document of oldestFirst)
      resolver.seedExisting({
        profileId: document._id,
        merges: document.merges,
        identifiers: document.identifiers.map(({ type, value, firstSeen }) => ({
          type,
          value,
          at: Date.parse(firstSeen),
        })),
      })
    seedUnwritten(resolver, owners, new Set(unwritten))
  }

  /** Claimed by a run that died before it wrote the profiles: the claim still decides. */
  function seedUnwritten(
    resolver: ReturnType<typeof createBatchResolver>,
    owners: ReadonlyMap<string, string>,
    unwritten: ReadonlySet<string>,
  ): void {
    if (unwritten.size === 0) return
    const held = new Map<string, Identifier[]>()
    for (const identifier of resolver.identifiers()) {
      const owner = owners.get(digest(identifier))
      if (owner === undefined || !unwritten.has(owner)) continue
      held.set(owner, [...(held.get(owner) ?? []), { ...identifier }])
    }
    for (const profileId of [...held.keys()].sort())
      resolver.seedExisting({
        profileId,
        merges: 0,
        identifiers: (held.get(profileId) ?? []).map((identifier) => ({ ...identifier, at: 0 })),
      })
  }

  /** The same for the same identifiers, so that a repeated step names the same people. */
  function newProfileId(batch: ResolvedBatch, component: number): string {
    const first = batch.memberIdentifiers[batch.memberStart[component] ?? 0] ?? 0
    return createHash('sha256')
      .update(digest(batch.identifier(first)))
      .digest('hex')
      .slice(0, 24)
  }

  async function claim(
    batch: ResolvedBatch,
    profileIds: string[],
    isNew: Uint8Array,
    run: string,
  ): Promise<void> {
    let rows: IdentityDocument[] = []
    let componentOf: number[] = []
    let writing: Promise<void> = Promise.resolve()
    const flush = async (full: IdentityDocument[], components: number[]): Promise<void> => {
      const duplicates = await ignoreDuplicates(identities.insertMany(full, { ordered: false }))
      if (duplicates.length > 0)
        await settleClaims(duplicates.map((i) => ({ row: full[i], component: components[i] })))
    }
    const settleClaims = async (
      claims: Array<{ row: IdentityDocument | undefined; component: number | undefined }>,
    ): Promise<void> => {
      const owners = await ownersOf(claims.flatMap(({ row }) => row?._id ?? []))
      for (const { row, component } of claims) {
        const owner = row && owners.get(row._id)
        if (owner === undefined || component === undefined || owner === profileIds[component])
          continue
        // Another writer claimed it since: the one stored first keeps its id.
        const mine = profileIds[component] ?? owner
        if (isNew[component] === 1) {
          profileIds[component] = owner
          isNew[component] = 0
          await identities.updateMany({ profileId: mine }, { $set: { profileId: owner } })
        } else await mergeProfiles(owner, mine)
      }
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
        componentOf.push(component)
      }
      if (rows.length >= BATCH) {
        const [full, components] = [rows, componentOf]
        rows = []
        componentOf = []
        await writing
        writing = flush(full, components)
      }
    }
    await writing
    if (rows.length > 0) await flush(rows, componentOf)
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

function combine(winner: ProfileDocument, loser: ProfileDocument): Partial<ProfileDocument> {
  const known = new Set(winner.identifiers.map(({ type, value }) => `${type}:${value}`))
  const base = emptyProfile(winner._id, winner.createdAt)
  return {
    identifiers: [
      ...winner.identifiers,
      ...loser.identifiers.filter(({ type, value }) => !known.has(`${type}:${value}`)),
    ],
    traits: { ...base.traits, ...mergeProfileTraits(winner.traits, loser.traits) },
    audiences: { ...loser.audiences, ...winner.audiences },
    merges: winner.merges + loser.merges + 1,
  }
}
