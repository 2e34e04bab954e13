/** How long what is kept, as people are told: read from the database itself, so that it is true. */
import type { PersonReport } from '../contract/api/requests.ts'
import type { CollectionName, Database } from '../store/database.ts'

const TOLD: readonly CollectionName[] = [
  'profiles',
  'events',
  'consents',
  'disclosures',
  'incoming_events',
  'refused_events',
  'pages',
  'deliveries',
]
const DAY = 86_400

export const retentionOf = (database: Database): Promise<PersonReport['retention']> =>
  Promise.all(
    TOLD.map(async (what) => {
      const indexes = await database.collection(what).indexes()
      const seconds = indexes.find(
        ({ expireAfterSeconds }) => expireAfterSeconds !== undefined,
      )?.expireAfterSeconds
      return seconds === undefined ? { what } : { what, days: Math.round(seconds / DAY) }
    }),
  )
