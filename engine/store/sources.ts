/** Sources of live events, their write keys, and what was refused. */
import { randomBytes, randomUUID } from 'node:crypto'
import type { SourceChange, SourceView, TrackingPlan } from '../contract/api/sources.ts'
import type { Database } from './database.ts'
import { NotFoundError } from './store-errors.ts'

export interface SourceDocument {
  _id: string
  name: string
  disabled: boolean
  /** Origins whose pages may send; empty: all. */
  allowedOrigins: string[]
  /** Events a second; 0: as many as come. */
  ratePerSecond: number
  plan?: TrackingPlan
  createdAt: Date
  createdBy: string
}

/** A write key is public: it stands in the pages of a site, and can only add events. */
export interface WriteKeyDocument {
  _id: string
  sourceId: string
  createdAt: Date
  /** After this the key is unknown. */
  expiresAt?: Date
}

const KEY_PREFIX = 'wk_'
/** After a rotation the old key works on, so that no page in a browser loses its events. */
const GRACE_MS = 24 * 3_600_000

export function createSourceStore(database: Database) {
  const sources = database.collection<SourceDocument>('sources')
  const keys = database.collection<WriteKeyDocument>('write_keys')

  const addKey = async (sourceId: string): Promise<string> => {
    const _id = KEY_PREFIX + randomBytes(18).toString('base64url')
    await keys.insertOne({ _id, sourceId, createdAt: new Date() })
    return _id
  }
  const view = (source: SourceDocument, own: readonly WriteKeyDocument[]): SourceView => ({
    id: source._id,
    name: source.name,
    disabled: source.disabled,
    allowedOrigins: source.allowedOrigins,
    ratePerSecond: source.ratePerSecond,
    ...(source.plan ? { plan: source.plan } : {}),
    createdAt: source.createdAt.toISOString(),
    keys: own.map(({ _id, createdAt, expiresAt }) => ({
      key: _id,
      createdAt: createdAt.toISOString(),
      ...(expiresAt ? { expiresAt: expiresAt.toISOString() } : {}),
    })),
  })
  const read = async (id: string): Promise<SourceView> => {
    const source = await sources.findOne({ _id: id })
    if (!source) throw new NotFoundError('source')
    return view(source, await keys.find({ sourceId: id }).sort({ createdAt: -1 }).toArray())
  }

  const create = async ({ name, by }: { name: string; by: string }): Promise<SourceView> => {
    const _id = randomUUID()
    await sources.insertOne({
      _id,
      name,
      disabled: false,
      allowedOrigins: [],
      ratePerSecond: 0,
      createdAt: new Date(),
      createdBy: by,
    })
    await addKey(_id)
    return read(_id)
  }

  return {
    read,
    create,
    find: (id: string) => sources.findOne({ _id: id }),
    /** A source of this name, made when there is none, and its write key. */
    async keyFor(name: string, by: string): Promise<{ sourceId: string; key: string }> {
      const found = await sources.findOne({ name })
      const sourceId = found?._id ?? (await create({ name, by })).id
      const known = await keys.findOne({ sourceId, expiresAt: { $exists: false } })
      return { sourceId, key: known?._id ?? (await addKey(sourceId)) }
    },
    async list(): Promise<SourceView[]> {
      const found = await sources.find().sort({ createdAt: 1, _id: 1 }).limit(1_000).toArray()
      const all = await keys.find().sort({ createdAt: -1 }).toArray()
      return found.map((source) =>
        view(
          source,
          all.filter(({ sourceId }) => sourceId === source._id),
        ),
      )
    },
    async change(id: string, change: SourceChange): Promise<SourceView> {
      const { matchedCount } = await sources.updateOne({ _id: id }, { $set: change })
      if (matchedCount === 0) throw new NotFoundError('source')
      return read(id)
    },
    /** A new key; the old ones work for a day more, or `now` ends them at once. */
    async rotate(id: string, now: boolean): Promise<SourceView> {
      await read(id)
      const expiresAt = new Date(Date.now() + (now ? 0 : GRACE_MS))
      await keys.updateMany(
        { sourceId: id, expiresAt: { $exists: false } },
        { $set: { expiresAt } },
      )
      await addKey(id)
      return read(id)
    },
    /** All keys that count now, with their sources: few enough to be held in memory. */
    async ring(): Promise<Map<string, SourceDocument>> {
      const byId = new Map((await sources.find().toArray()).map((found) => [found._id, found]))
      const now = Date.now()
      const ring = new Map<string, SourceDocument>()
      for (const { _id, sourceId, expiresAt } of await keys.find().toArray()) {
        const source = byId.get(sourceId)
        if (source && (expiresAt === undefined || expiresAt.getTime() > now)) ring.set(_id, source)
      }
      return ring
    },
  }
}

export type SourceStore = ReturnType<typeof createSourceStore>
