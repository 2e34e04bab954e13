/** Erases a person from every store that can hold something of them, each with a state of its own, so
 *  that what failed is seen and done again. Harmless when repeated. */
import { randomUUID } from 'node:crypto'
import type { Document, Filter } from 'mongodb'
import type { Item } from '../contract/item.ts'
import type { Json } from '../contract/json.ts'
import { hashesOf } from './identifier-hashes.ts'
import { createPersonTraces, type PersonTraces } from '../privacy/person-traces.ts'
import type { CollectionName, Database } from './database.ts'
import { eraseFromFiles, type ErasedFiles } from './erase-files.ts'
import { eraseFromOutputs, eraseFromPages, isItemOf } from './erase-packed.ts'
import type { Person } from './find-person.ts'
import type { IdentityStore } from './identities.ts'
import type { EventDocument } from './profiles.ts'
import type { Detect, UploadStore } from './uploads.ts'

export interface EraseDeps {
  database: Database
  identities: Pick<IdentityStore, 'digest'>
  uploads: Pick<UploadStore, 'read'>
  detect: Detect
}

/** `anonymise` keeps that something happened, so that sums stay, and nothing of whom it happened to. */
export type EraseMode = 'erase' | 'anonymise'

export interface StoreResult {
  store: string
  state: 'done' | 'failed' | 'cannot'
  erased: number
  /** What somebody must do by hand: names of files. */
  left?: string[]
}

const NOBODY = 'nobody'
const BATCH = 1_000

export const tracesOf = ({ identifiers, profileIds }: Person): PersonTraces =>
  createPersonTraces([...identifiers, ...identifiers.flatMap(hashesOf)], profileIds)

type EraseStore = (
  person: Person,
  traces: PersonTraces,
  mode: EraseMode,
) => Promise<number | ErasedFiles>

export function createEraser(deps: EraseDeps) {
  const { database, identities } = deps
  const remove = async (name: CollectionName, filter: Filter<Document>): Promise<number> =>
    (await database.collection(name).deleteMany(filter)).deletedCount
  const ofPerson = ({ profileIds }: Person) => ({ profileId: { $in: profileIds } })

  const removeBodies = async (name: 'incoming_events' | 'refused_events', traces: PersonTraces) => {
    if (traces.pattern === undefined) return 0
    const rows = database
      .collection<{ _id: string; body: string }>(name)
      .find({ body: { $regex: traces.pattern, $options: 'i' } })
    const found: string[] = []
    for await (const { _id, body } of rows) if (isBodyOf(body, traces)) found.push(_id)
    return remove(name, { _id: { $in: found as never[] } })
  }
  const removeItems = async (name: 'waiting' | 'dead_letters', traces: PersonTraces) => {
    const found: string[] = []
    const rows = database.collection<{ _id: string; item: Item }>(name).find()
    for await (const { _id, item } of rows) if (isItemOf(item, traces)) found.push(_id)
    return remove(name, { _id: { $in: found as never[] } })
  }
  const removeDisclosures = async (person: Person, mode: EraseMode): Promise<number> => {
    const rows = database.collection<{ _id: string; profileId: string }>('disclosures')
    const keys = await rows.find(ofPerson(person)).project<{ _id: string }>({ _id: 1 }).toArray()
    const ids = keys.map(({ _id }) => _id)
    await remove('deliveries', { _id: { $in: ids as never[] } })
    if (mode === 'erase') return remove('disclosures', ofPerson(person))
    return (await rows.updateMany(ofPerson(person), { $set: { profileId: NOBODY } })).modifiedCount
  }

  /** By store; profiles and identities last, since by them the person is found again after a stop. */
  const stores: Record<string, EraseStore> = {
    incoming_events: (_, traces) => removeBodies('incoming_events', traces),
    refused_events: (_, traces) => removeBodies('refused_events', traces),
    events: async (person, _, mode) => {
      if (mode === 'anonymise') await keepCounts(database, person)
      return remove('events', ofPerson(person))
    },
    consents: (person) => remove('consents', ofPerson(person)),
    memberships: (person) => remove('memberships', ofPerson(person)),
    merges: ({ profileIds }) =>
      remove('merges', {
        $or: [{ into: { $in: profileIds } }, { merged: { $in: profileIds } }],
      }),
    propagations: (person) => remove('propagations', ofPerson(person)),
    disclosures: (person, _, mode) => removeDisclosures(person, mode),
    waiting: (_, traces) => removeItems('waiting', traces),
    dead_letters: (_, traces) => removeItems('dead_letters', traces),
    pages: (_, traces) => eraseFromPages(database, traces),
    output_parts: (_, traces) => eraseFromOutputs(database, traces),
    files: (_, traces) => eraseFromFiles(deps, traces),
    profiles: ({ profileIds }) =>
      remove('profiles', {
        $or: [{ _id: { $in: profileIds as never[] } }, { redirect: { $in: profileIds } }],
      }),
    identities: (person) =>
      remove('identities', {
        $or: [
          ofPerson(person),
          { _id: { $in: person.identifiers.map(identities.digest) as never[] } },
        ],
      }),
  }

  return {
    stores: Object.keys(stores),
    /** What is done is answered with; what cannot be done or failed is answered with too. */
    async erase(person: Person, mode: EraseMode): Promise<StoreResult[]> {
      const results: StoreResult[] = []
      const traces = tracesOf(person)
      for (const [store, eraseFrom] of Object.entries(stores)) {
        try {
          const result = await eraseFrom(person, traces, mode)
          const { erased, cannot } = typeof result === 'number' ? all(result) : result
          if (cannot.length > 0) results.push({ store, state: 'cannot', erased, left: cannot })
          else results.push({ store, state: 'done', erased })
        } catch {
          results.push({ store, state: 'failed', erased: 0 })
          // Whoever cannot be found any more cannot be erased from what is left.
          return results
        }
      }
      return results
    },
  }
}

const all = (erased: number): ErasedFiles => ({ erased, cannot: [] })

export type PersonEraser = ReturnType<typeof createEraser>

function isBodyOf(body: string, traces: PersonTraces): boolean {
  try {
    return traces.isIn(JSON.parse(body) as Json)
  } catch {
    return true
  }
}

/** The same number of events of the same names, on the same days, of nobody. */
async function keepCounts(database: Database, { profileIds }: Person): Promise<void> {
  const events = database.collection<EventDocument>('events')
  let batch: EventDocument[] = []
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await events.insertMany(batch, { ordered: false })
    batch = []
  }
  for await (const { type, name, time, source } of events.find({
    profileId: { $in: profileIds },
  })) {
    const day = new Date(Math.floor(time.getTime() / 86_400_000) * 86_400_000)
    const bare = { profileId: NOBODY, type, name, time: day, source, properties: {} }
    batch.push({ _id: randomUUID(), ...bare })
    if (batch.length === BATCH) await flush()
  }
  await flush()
}
