/** How long what is kept: rules by kind of data, for events by source, for notes on who received what
 *  by purpose. What is past its time is taken out by a sweep every hour. */
import { z } from 'zod'
import { retentionRulesSchema, type RetentionRule } from '../contract/api/retention.ts'
import type { Database } from './database.ts'

interface RetentionDocument {
  _id: 'retention'
  rules: RetentionRule[]
}

const DAY = 86_400_000
/** The field that tells how old a row is. */
const AGE = {
  events: 'time',
  disclosures: 'at',
  dead_letters: 'lastAt',
  requests: 'finishedAt',
} as const

export function createRetentionStore(database: Database) {
  const settings = database.collection<RetentionDocument>('settings')
  const read = async (): Promise<RetentionRule[]> =>
    z.parse(retentionRulesSchema, (await settings.findOne({ _id: 'retention' }))?.rules ?? [])
  return {
    read,
    async write(rules: readonly RetentionRule[]): Promise<void> {
      await settings.updateOne(
        { _id: 'retention' },
        { $set: { rules: [...rules] } },
        { upsert: true },
      )
    },
    /** Takes out what is older than its rules allow. Returns how much went. */
    async sweep(now: number): Promise<number> {
      let gone = 0
      for (const rule of await read()) {
        const filter = { [AGE[rule.what]]: { $lt: new Date(now - rule.days * DAY) } }
        const part = {
          ...(rule.source === undefined ? {} : { source: rule.source }),
          ...(rule.purpose === undefined ? {} : { purposes: rule.purpose }),
        }
        const { deletedCount } = await database
          .collection(rule.what)
          .deleteMany({ ...filter, ...part })
        gone += deletedCount
      }
      return gone
    },
  }
}

export type RetentionStore = ReturnType<typeof createRetentionStore>
