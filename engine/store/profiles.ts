/** Profiles, their events and their consents: written page by page, each person once a page. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ConsentEntry, Profile, Trait } from '../contract/profile.ts'
import type { EventWrite, ProfilesService, ProfileWrite, TraitWrite } from '../contract/services.ts'
import { mergeTraits, type SurvivorshipRules } from '../identity/survivorship.ts'
import { createConsentStore } from './consents.ts'
import type { Database } from './database.ts'
import { duplicateIds, ignoreDuplicates } from './duplicate-keys.ts'
import { createErasedProfiles, withoutErased } from './suppressions.ts'

export interface ProfileDocument {
  _id: string
  identifiers: Profile['identifiers']
  traits: Record<string, Trait>
  consent: Record<string, ConsentEntry>
  /** Ledger entries the consent was folded from: a fold of fewer never replaces one of more. */
  consentCount?: number
  audiences: Record<string, { since: string }>
  createdAt: Date
  updatedAt: Date
  /** Raised with each change; a writer that read an older one reads again. */
  version: number
  merges: number
  /** Set on a profile that was merged into another: all its readers go there. */
  redirect?: string
  /** Profiles a person took this one apart from: identity match never joins them again. */
  apart?: string[]
}

export interface EventDocument {
  _id: string
  profileId: string
  type: string
  name: string
  time: Date
  source: string
  properties: EventWrite['properties']
}

/** Tries before a writer gives a contended profile up to Temporal's retry. */
const GUARD_TRIES = 100

/** Fresh profile of a person seen first now. */
export const emptyProfile = (profileId: string, at: Date): ProfileDocument => ({
  _id: profileId,
  identifiers: [],
  traits: {},
  consent: {},
  audiences: {},
  createdAt: at,
  updatedAt: at,
  version: 1,
  merges: 0,
})

export const toProfile = (document: ProfileDocument): Profile => ({
  profileId: document._id,
  identifiers: document.identifiers,
  traits: document.traits,
  consent: document.consent,
  audiences: document.audiences,
  createdAt: document.createdAt.toISOString(),
  updatedAt: document.updatedAt.toISOString(),
  version: document.version,
})

export interface Provenance {
  flow: string
  flowVersion: number
  /** Time of the write, ISO 8601: the run's start, so that a repeat writes the same. */
  now: string
}

export function createProfileStore(database: Database) {
  const profiles = database.collection<ProfileDocument>('profiles')
  const events = database.collection<EventDocument>('events')
  const consents = createConsentStore(database)
  const erasedAmong = createErasedProfiles(database)

  /** Follows redirects: answers by the id asked for. */
  const readDocuments = async (ids: readonly string[]): Promise<Map<string, ProfileDocument>> => {
    const found = new Map<string, ProfileDocument>()
    const target = new Map(ids.map((id) => [id, id]))
    let missing = [...new Set(ids)]
    for (let hops = 0; missing.length > 0 && hops < 10; hops++) {
      const documents = await profiles.find({ _id: { $in: missing } }).toArray()
      const byId = new Map(documents.map((document) => [document._id, document]))
      const next = new Set<string>()
      for (const [asked, current] of target) {
        if (found.has(asked)) continue
        const document = byId.get(current)
        if (!document) continue
        if (document.redirect === undefined) found.set(asked, document)
        else {
          target.set(asked, document.redirect)
          next.add(document.redirect)
        }
      }
      missing = [...next]
    }
    return found
  }

  const insertNew = async (documents: ProfileDocument[]): Promise<Set<string>> => {
    const taken = new Set<string>()
    if (documents.length === 0) return taken
    try {
      await profiles.insertMany(documents, { ordered: false })
    } catch (error) {
      const duplicates = duplicateIds(error)
      if (!duplicates) throw error
      for (const index of duplicates) taken.add(documents[index]?._id ?? '')
    }
    return taken
  }

  const applyGuarded = async (writes: ProfileWrite[], from: Provenance): Promise<void> => {
    let open = new Map(writes.map((write) => [write.profileId, write]))
    for (let tries = 0; open.size > 0; tries++) {
      if (tries === GUARD_TRIES) throw new Error('Profiles are changed by others all the time.')
      // Writers who meet at one profile come back at different times.
      if (tries > 0) await sleep(Math.random() * Math.min(tries * 5, 100))
      const current = await readDocuments([...open.keys()])
      const absent = [...open.values()].filter((write) => !current.has(write.profileId))
      await insertNew(absent.map((write) => emptyProfile(write.profileId, new Date(from.now))))
      const changed = [...open.values()].flatMap((write) => {
        const before = current.get(write.profileId)
        return before ? [{ write, before, after: applyWrite(before, write, from) }] : []
      })
      const lost = await writeGuarded(changed.filter(({ before, after }) => after !== before))
      open = new Map(
        [...absent, ...lost.map(({ write }) => write)].map((write) => [write.profileId, write]),
      )
    }
  }

  /** The writes whose profile had moved on: told by the guard of each, never by what is stored. */
  const writeGuarded = async (changes: GuardedChange[]): Promise<GuardedChange[]> => {
    if (changes.length === 0) return []
    if (changes.length > 1 && (await writeTogether(changes))) return []
    const lost: GuardedChange[] = []
    for (const change of changes) {
      const { filter, update } = guarded(change)
      const { matchedCount } = await profiles.updateOne(filter, update)
      if (matchedCount === 0) lost.push(change)
    }
    return lost
  }

  /** All or none: a bulk answer tells how many guards held but not which. */
  const writeTogether = (changes: GuardedChange[]): Promise<boolean> =>
    database.client.withSession((session) =>
      session.withTransaction(async () => {
        const operations = changes.map((change) => ({ updateOne: guarded(change) }))
        const { matchedCount } = await profiles.bulkWrite(operations, { session, ordered: false })
        if (matchedCount === changes.length) return true
        await session.abortTransaction()
        return false
      }),
    )

  /** Events of a writer who did not know yet that the profile was merged go where it went. */
  const followMerges = async (ids: readonly string[]): Promise<void> => {
    const redirected = await profiles
      .find({ _id: { $in: [...new Set(ids)] }, redirect: { $exists: true } })
      .project<{ _id: string }>({ _id: 1 })
      .toArray()
    const targets = await readDocuments(redirected.map(({ _id }) => _id))
    for (const [from, { _id: to }] of targets)
      await events.updateMany({ profileId: from }, { $set: { profileId: to } })
  }

  return {
    readDocuments,
    async read(ids: readonly string[]): Promise<ReadonlyMap<string, Profile>> {
      const documents = await readDocuments(ids)
      return new Map([...documents].map(([id, document]) => [id, toProfile(document)]))
    },

    /** Writes nothing of people who were erased. */
    async write(all: readonly ProfileWrite[], from: Provenance): Promise<void> {
      const writes = await withoutErased(all, erasedAmong)
      const fresh = writes.filter((write) => write.isNew)
      const at = new Date(from.now)
      const taken = await insertNew(
        fresh.map((write) => applyWrite(emptyProfile(write.profileId, at), write, from)),
      )
      const known = writes.filter((write) => !write.isNew || taken.has(write.profileId))
      if (known.length > 0) await applyGuarded(known, from)
    },

    async appendEvents(all: readonly EventWrite[]): Promise<void> {
      const writes = await withoutErased(all, erasedAmong)
      if (writes.length === 0) return
      const documents = writes.map((write) => ({
        _id: write.messageId,
        profileId: write.profileId,
        type: write.type,
        name: write.name,
        time: new Date(write.time),
        source: write.source,
        properties: write.properties,
      }))
      await ignoreDuplicates(events.insertMany(documents, { ordered: false }))
      await followMerges(documents.map(({ profileId }) => profileId))
    },

    appendConsents: consents.append,

    timeline: (profileId: string, limit: number) =>
      events.find({ profileId }).sort({ time: -1 }).limit(limit).toArray(),

    async search(text: string | undefined, limit: number, after: string | undefined) {
      const filter = {
        redirect: { $exists: false },
        ...(text === undefined || text === '' ? {} : { 'identifiers.value': { $in: forms(text) } }),
        ...(after === undefined ? {} : { _id: { $gt: after } }),
      }
      return profiles.find(filter).sort({ _id: 1 }).limit(limit).toArray()
    },
    count: () => profiles.countDocuments({ redirect: { $exists: false } }),
  }
}

export type ProfileStore = ReturnType<typeof createProfileStore>

/** The profile store as nodes see it, within one run. */
export const profilesService = (store: ProfileStore, from: Provenance): ProfilesService => ({
  read: store.read,
  write: (writes) => store.write(writes, from),
  appendEvents: store.appendEvents,
  appendConsents: store.appendConsents,
})

const forms = (text: string): string[] => [
  ...new Set([text, text.trim(), text.trim().toLowerCase(), text.trim().toUpperCase()]),
]

/** The same document when nothing changes, so that nothing is written. */
function applyWrite(
  before: ProfileDocument,
  write: ProfileWrite,
  { flow, flowVersion, now }: Provenance,
): ProfileDocument {
  const known = new Set(before.identifiers.map(({ type, value }) => `${type}:${value}`))
  const added = write.identifiers.filter(({ type, value }) => {
    const key = `${type}:${value}`
    if (known.has(key)) return false
    known.add(key)
    return true
  })
  let traits: Readonly<Record<string, Trait>> = before.traits
  for (const trait of write.traits)
    traits = mergeTraits(traits, incoming(trait, flow, flowVersion), ruleOf(trait))
  if (added.length === 0 && traits === before.traits) return before
  return {
    ...before,
    identifiers: [
      ...before.identifiers,
      ...added.map((identifier) => ({ ...identifier, firstSeen: now, lastSeen: now })),
    ],
    traits: { ...traits },
    updatedAt: new Date(now),
  }
}

const incoming = (write: TraitWrite, flow: string, flowVersion: number): Record<string, Trait> => ({
  [write.trait]: { value: write.value, source: write.source, flow, flowVersion, at: write.at },
})

const RULES = new Map<string, SurvivorshipRules>()

function ruleOf({ rule, priority }: TraitWrite): SurvivorshipRules {
  const key = priority ? `${rule}:${priority.join('\n')}` : rule
  const known = RULES.get(key)
  if (known) return known
  const rules = {
    fallback: { strategy: rule, ...(priority ? { priority } : {}) },
    traits: {},
  }
  RULES.set(key, rules)
  return rules
}

interface GuardedChange {
  write: ProfileWrite
  before: ProfileDocument
  after: ProfileDocument
}

/** Takes only on the version that was read. */
const guarded = ({ before, after }: GuardedChange) => ({
  filter: { _id: before._id, version: before.version },
  update: {
    $set: {
      identifiers: after.identifiers,
      traits: after.traits,
      updatedAt: after.updatedAt,
    },
    $inc: { version: 1 },
  },
})
