/** How long what is kept, as people are told: read from the database itself, so that it is true. */
import type { PersonReport } from '../contract/api/requests.ts'
import type { CollectionName, Database } from '../store/database.ts'
import { createRetentionStore } from '../store/retention.ts'

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

export async function retentionOf(database: Database): Promise<PersonReport['retention']> {
  const rules = await createRetentionStore(database).read()
  const ruled = rules.map(({ what, source, purpose, days }) => ({
    what: [what, source, purpose].filter((part) => part !== undefined).join(': '),
    days,
  }))
  const expiring = await Promise.all(
    TOLD.map(async (what) => {
      const indexes = await database.collection(what).indexes()
      const seconds = indexes.find(
        ({ expireAfterSeconds }) => expireAfterSeconds !== undefined,
      )?.expireAfterSeconds
      return seconds === undefined ? { what } : { what, days: Math.round(seconds / DAY) }
    }),
  )
  return [...ruled, ...expiring.filter(({ what }) => !rules.some((rule) => rule.what === what))]
}
