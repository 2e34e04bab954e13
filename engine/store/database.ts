/** The one way to MongoDB: majority writes, and the collections by name. */
import { MongoClient, type Collection, type Db, type Document } from 'mongodb'

export interface Database {
  client: MongoClient
  db: Db
  collection<Doc extends Document>(name: CollectionName): Collection<Doc>
  close(): Promise<void>
}

/** Every collection there is; what each holds is told in `indexes.ts`. */
export const COLLECTIONS = [
  'profiles',
  'identities',
  'merges',
  'events',
  'consents',
  'policies',
  'propagations',
  'audiences',
  'memberships',
  'flows',
  'flow_versions',
  'blocks',
  'runs',
  'run_pages',
  'stage_outputs',
  'pages',
  'waiting',
  'output_parts',
  'deliveries',
  'dead_letters',
  'disclosures',
  'rate_limits',
  'incoming_events',
  'refused_events',
  'event_catalog',
  'sources',
  'write_keys',
  'files',
  'fetched_files',
  'users',
  'sessions',
  'tokens',
  'connections',
  'requests',
  'suppressions',
  'settings',
  'audit',
] as const
export type CollectionName = (typeof COLLECTIONS)[number]

export interface ConnectOptions {
  uri: string
  /** Default `heddle`. */
  database?: string
  maxPoolSize?: number
}

export async function connectDatabase(options: ConnectOptions): Promise<Database> {
  const client = new MongoClient(options.uri, {
    maxPoolSize: options.maxPoolSize ?? 20,
    writeConcern: { w: 'majority', journal: true },
    readConcern: { level: 'majority' },
    serverSelectionTimeoutMS: 10_000,
    ignoreUndefined: true,
  })
  await client.connect()
  const db = client.db(options.database ?? 'heddle')
  return {
    client,
    db,
    collection: (name) => db.collection(name),
    close: () => client.close(),
  }
}
