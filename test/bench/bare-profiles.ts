/**
 * The limits of profile building: only the necessary calls of MongoDB, one after another, into
 * collections with the product's indexes. `buildWhole` resolves the whole input first and writes each
 * person once; `buildByPage` resolves and writes page by page, as live data must.
 */
import { createReadStream } from 'node:fs'
import type { Document } from 'mongodb'
import type { Database } from '../../engine/store/database.ts'
import { IDENTIFIERS, type PersonEvent } from './support/person-events.ts'

const BATCH = 10_000

export interface Built {
  seconds: number
  people: number
  events: number
}

async function* readPages(file: string): AsyncIterable<PersonEvent[]> {
  let page: PersonEvent[] = []
  let rest = ''
  for await (const chunk of createReadStream(file, { encoding: 'utf8' }) as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      page.push(JSON.parse(line) as PersonEvent)
      if (page.length < BATCH) continue
      yield page
      page = []
    }
  }
  if (page.length > 0) yield page
}

const identifiersOf = (event: PersonEvent): string[] =>
  IDENTIFIERS.flatMap(([type, field]) => {
    const value = event[field]
    return typeof value === 'string' ? [`${type}:${value.trim().toLowerCase()}`] : []
  })

/** Union-find on numbers; each identifier is one. */
function createUnion() {
  const numbers = new Map<string, number>()
  const parent: number[] = []
  const find = (n: number): number => {
    let at = n
    while (parent[at] !== at) at = parent[at] = parent[parent[at] ?? at] ?? at
    return at
  }
  return {
    numbers,
    find,
    join(keys: readonly string[]): number {
      let root = -1
      for (const key of keys) {
        let n = numbers.get(key)
        if (n === undefined) {
          n = parent.push(parent.length) - 1
          numbers.set(key, n)
        }
        const other = find(n)
        if (root === -1) root = other
        else parent[other] = root
      }
      return root
    },
  }
}

interface Person {
  _id: string
  identifiers: string[]
  city: string
  time: string
}

const idOf = (root: number): string => root.toString(16).padStart(24, '0')

/** One document as the product writes it. */
function toProfile({ _id, identifiers, city, time }: Person, now: Date): Document {
  const seen = now.toISOString()
  const trait = (value: string) => ({
    value,
    source: 'Shop',
    flow: 'bench',
    flowVersion: 1,
    at: time,
  })
  const email = identifiers.find((key) => key.startsWith('email:'))
  return {
    _id,
    identifiers: identifiers.map((key) => {
      const colon = key.indexOf(':')
      return {
        type: key.slice(0, colon),
        value: key.slice(colon + 1),
        firstSeen: seen,
        lastSeen: seen,
      }
    }),
    traits: { ...(email ? { email: trait(email.slice(6)) } : {}), city: trait(city) },
    consent: {},
    audiences: {},
    createdAt: now,
    updatedAt: now,
    version: 1,
    merges: 0,
  }
}

const toEvent = (event: PersonEvent, profileId: string): Document => ({
  _id: event.id,
  profileId,
  type: 'track',
  name: event.event,
  time: new Date(event.time),
  source: 'Shop',
  properties: event,
})

const toIdentity = (key: string, profileId: string): Document => ({
  _id: key,
  profileId,
  type: key.slice(0, key.indexOf(':')),
  run: 'bench',
  record: 0,
})

async function insert(
  database: Database,
  name: 'identities' | 'profiles' | 'events',
  documents: Iterable<Document>,
): Promise<number> {
  let batch: Document[] = []
  let count = 0
  const collection = database.collection(name)
  const flush = async () => {
    if (batch.length > 0) await collection.insertMany(batch, { ordered: false })
    count += batch.length
    batch = []
  }
  for (const document of documents) {
    batch.push(document)
    if (batch.length === BATCH) await flush()
  }
  await flush()
  return count
}

export async function buildWhole(database: Database, file: string): Promise<Built> {
  const started = performance.now()
  const now = new Date()
  const union = createUnion()
  const last: Array<{ city: string; time: string }> = []
  const anchors: number[] = []
  for await (const page of readPages(file))
    for (const event of page) {
      anchors.push(union.join(identifiersOf(event)))
      last.push({ city: event.city, time: event.time })
    }
  const people = foldPeople(union, anchors, last)
  const { numbers, find } = union
  await insert(
    database,
    'identities',
    (function* () {
      for (const [key, n] of numbers) yield toIdentity(key, idOf(find(n)))
    })(),
  )
  await insert(
    database,
    'profiles',
    (function* () {
      for (const person of people.values()) yield toProfile(person, now)
    })(),
  )
  let events = 0
  for await (const page of readPages(file)) {
    const documents = page.map((event, i) => toEvent(event, idOf(find(anchors[events + i] ?? 0))))
    events += await insert(database, 'events', documents)
  }
  return { seconds: (performance.now() - started) / 1_000, people: people.size, events }
}

function foldPeople(
  { numbers, find }: ReturnType<typeof createUnion>,
  anchors: readonly number[],
  last: ReadonlyArray<{ city: string; time: string }>,
): Map<number, Person> {
  const people = new Map<number, Person>()
  for (const [key, n] of numbers) {
    const root = find(n)
    const person = people.get(root)
    if (person) person.identifiers.push(key)
    else people.set(root, { _id: idOf(root), identifiers: [key], city: '', time: '' })
  }
  for (const [i, anchor] of anchors.entries()) {
    const person = people.get(find(anchor))
    const event = last[i]
    if (person && event && event.time > person.time) Object.assign(person, event)
  }
  return people
}

/** Each page: read who owns its identifiers, claim the new ones, write each profile it touches. */
export async function buildByPage(database: Database, file: string): Promise<Built> {
  const started = performance.now()
  const now = new Date()
  const identities = database.collection<{ _id: string; profileId: string }>('identities')
  const profiles = database.collection<{ _id: string }>('profiles')
  const people = new Set<string>()
  let events = 0
  for await (const page of readPages(file)) {
    const union = createUnion()
    const anchors = page.map((event) => union.join(identifiersOf(event)))
    const keys = [...union.numbers.keys()]
    const owners = new Map<number, string>()
    const known = new Set<string>()
    for (const row of await identities.find({ _id: { $in: keys } }).toArray()) {
      known.add(row._id)
      owners.set(union.find(union.numbers.get(row._id) ?? 0), row.profileId)
    }
    const ownerOf = (n: number): string => {
      const root = union.find(n)
      const owner = owners.get(root) ?? idOf(people.size)
      owners.set(root, owner)
      people.add(owner)
      return owner
    }
    const fresh = keys.filter((key) => !known.has(key))
    await insert(
      database,
      'identities',
      fresh.map((key) => toIdentity(key, ownerOf(union.numbers.get(key) ?? 0))),
    )
    const last = page.map(({ city, time }) => ({ city, time }))
    await profiles.bulkWrite(
      [...foldPeople(union, anchors, last)].map(([root, person]) => {
        const { _id, identifiers, ...rest } = toProfile({ ...person, _id: ownerOf(root) }, now)
        return {
          updateOne: {
            filter: { _id: _id as string },
            update: {
              $set: rest,
              $addToSet: { identifiers: { $each: identifiers as Document[] } },
            },
            upsert: true,
          },
        }
      }),
      { ordered: false },
    )
    events += await insert(
      database,
      'events',
      page.map((event, i) => toEvent(event, ownerOf(anchors[i] ?? 0))),
    )
  }
  return { seconds: (performance.now() - started) / 1_000, people: people.size, events }
}
