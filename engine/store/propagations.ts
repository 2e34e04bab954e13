/** Who must be told of which refusal: one row for each ledger entry and recipient, with its own state.
 *  Rows are made from the ledger and the disclosures, so that nothing is lost when a process dies. */
import type { ConsentStateName } from '../contract/profile.ts'
import type { ConsentDocument } from './consents.ts'
import type { Database } from './database.ts'
import type { DisclosureDocument } from './deliveries.ts'
import { ignoreDuplicates } from './duplicate-keys.ts'

export type PropagationState = 'pending' | 'told' | 'failed' | 'cannot'

export interface PropagationDocument {
  _id: string
  entryId: string
  profileId: string
  purpose: string
  choice: ConsentStateName
  choiceAt: string
  recipient: string
  /** The last step that sent this person there: by it the recipient is reached. */
  runId: string
  flowId: string
  flowVersion: number
  nodeId: string
  /** Fields the recipient ever got. */
  fields: string[]
  state: PropagationState
  reason?: string
  attempts: number
  nextAt: Date
  at: Date
}

export interface PropagationView {
  entryId: string
  recipient: string
  state: PropagationState
  reason?: string
  at: string
}

interface CursorDocument {
  _id: 'propagation_cursor'
  at: Date
}

/** Writers' clocks may differ by this much; rows are keyed, so a second look does no harm. */
const OVERLAP_MS = 120_000
const ENTRIES = 500

export function createPropagationStore(database: Database) {
  const rows = database.collection<PropagationDocument>('propagations')
  const ledger = database.collection<ConsentDocument>('consents')
  const disclosures = database.collection<DisclosureDocument>('disclosures')
  const cursors = database.collection<CursorDocument>('settings')

  const recipientsOf = (profileIds: readonly string[]) =>
    disclosures
      .aggregate<DisclosureDocument & { allFields: string[][] }>([
        { $match: { profileId: { $in: [...profileIds] } } },
        { $sort: { at: -1 } },
        {
          $group: {
            _id: { profileId: '$profileId', recipient: '$recipient' },
            last: { $first: '$$ROOT' },
            allFields: { $addToSet: '$fields' },
          },
        },
        { $replaceRoot: { newRoot: { $mergeObjects: ['$last', { allFields: '$allFields' }] } } },
      ])
      .toArray()

  const planEntries = async (entries: readonly ConsentDocument[]): Promise<void> => {
    if (entries.length === 0) return
    const recipients = await recipientsOf([...new Set(entries.map(({ profileId }) => profileId))])
    const planned = entries.flatMap((entry) =>
      recipients
        .filter(({ profileId }) => profileId === entry.profileId)
        .map((row) => toRow(entry, row)),
    )
    if (planned.length > 0) await ignoreDuplicates(rows.insertMany(planned, { ordered: false }))
  }

  return {
    /** Makes the rows of all refusals recorded since the last time. */
    async plan(): Promise<void> {
      const cursor = await cursors.findOne({ _id: 'propagation_cursor' })
      const from = new Date((cursor?.at.getTime() ?? 0) - OVERLAP_MS)
      const found = ledger
        .find({ recordedAt: { $gt: from }, state: { $ne: 'granted' } })
        .sort({ recordedAt: 1 })
      let batch: ConsentDocument[] = []
      let last: Date | undefined
      for await (const entry of found) {
        batch.push(entry)
        last = entry.recordedAt
        if (batch.length < ENTRIES) continue
        await planEntries(batch)
        batch = []
      }
      await planEntries(batch)
      if (last)
        await cursors.updateOne(
          { _id: 'propagation_cursor' },
          { $max: { at: last } },
          { upsert: true },
        )
    },
    due: (limit: number) =>
      rows
        .find({ state: 'pending', nextAt: { $lte: new Date() } })
        .sort({ nextAt: 1 })
        .limit(limit)
        .toArray(),
    async settle(
      id: string,
      change: Partial<Pick<PropagationDocument, 'state' | 'reason' | 'nextAt'>>,
    ): Promise<void> {
      await rows.updateOne(
        { _id: id },
        {
          $set: { ...change, at: new Date() },
          $inc: { attempts: 1 },
          ...(change.reason === undefined ? { $unset: { reason: '' } } : {}),
        },
      )
    },
    async open(): Promise<{ open: number; nextInMs: number }> {
      const open = await rows.countDocuments({ state: 'pending' })
      const next = await rows.find({ state: 'pending' }).sort({ nextAt: 1 }).limit(1).next()
      return { open, nextInMs: next ? Math.max(0, next.nextAt.getTime() - Date.now()) : 0 }
    },
    async ofProfile(profileId: string): Promise<PropagationView[]> {
      const found = await rows.find({ profileId }).sort({ at: -1 }).limit(500).toArray()
      return found.map(({ entryId, recipient, state, reason, at }) => ({
        entryId,
        recipient,
        state,
        ...(reason === undefined ? {} : { reason }),
        at: at.toISOString(),
      }))
    },
  }
}

export type PropagationStore = ReturnType<typeof createPropagationStore>

function toRow(
  entry: ConsentDocument,
  row: DisclosureDocument & { allFields: string[][] },
): PropagationDocument {
  const now = new Date()
  return {
    _id: `${entry._id}:${row.recipient}`,
    entryId: entry._id,
    profileId: entry.profileId,
    purpose: entry.purpose,
    choice: entry.state,
    choiceAt: entry.at,
    recipient: row.recipient,
    runId: row.runId,
    flowId: row.flowId,
    flowVersion: row.flowVersion,
    nodeId: row.nodeId,
    fields: [...new Set(row.allFields.flat())].sort(),
    state: 'pending',
    attempts: 0,
    nextAt: now,
    at: now,
  }
}
