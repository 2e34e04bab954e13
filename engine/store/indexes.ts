/** Creates and documents every index, and the expiry of what need not be kept. */
import type { IndexDescription } from 'mongodb'
import type { CollectionName, Database } from './database.ts'

const DAY = 86_400

/** By collection: each index with the query it is for. */
const INDEXES: Partial<Record<CollectionName, IndexDescription[]>> = {
  profiles: [
    // Search by identifier, and list by newest.
    { key: { 'identifiers.value': 1 } },
    { key: { updatedAt: -1, _id: 1 } },
    // What was merged into a profile, for requests of people.
    { key: { redirect: 1 }, sparse: true },
  ],
  // A profile's identifiers, for merges.
  identities: [{ key: { profileId: 1 } }, { key: { via: 1 }, sparse: true }],
  // Why a profile is one person, newest first; the merge a profile went away by.
  merges: [{ key: { into: 1, at: -1 } }, { key: { merged: 1, at: -1 } }],
  // A profile's timeline; what a merge moved, for its undoing.
  events: [{ key: { profileId: 1, time: -1 } }, { key: { via: 1 }, sparse: true }],
  // What is due; a person's.
  propagations: [{ key: { state: 1, nextAt: 1 } }, { key: { profileId: 1, at: -1 } }],
  // A person's ledger; what was recorded lately, for telling recipients.
  consents: [
    { key: { profileId: 1, at: 1 } },
    { key: { recordedAt: 1 } },
    { key: { via: 1 }, sparse: true },
  ],
  memberships: [{ key: { audience: 1, inside: 1 } }, { key: { profileId: 1 } }],
  flows: [{ key: { updatedAt: -1, _id: 1 } }],
  flow_versions: [{ key: { flowId: 1, version: -1 }, unique: true }],
  // Saved under a name, listed by it.
  blocks: [{ key: { name: 1 }, unique: true }],
  runs: [
    { key: { startedAt: -1, _id: 1 } },
    { key: { flowId: 1, startedAt: -1 } },
    // A flow is live once at most.
    { key: { flowId: 1, openLive: 1 }, unique: true, partialFilterExpression: { openLive: true } },
  ],
  // Counts of one stage of one run.
  run_pages: [{ key: { runId: 1, stageId: 1, pageNo: 1 } }],
  // Staged pages of a wire, in order; gone a week after the run.
  pages: [
    { key: { runId: 1, wireId: 1, generation: 1, pageNo: 1, part: 1 } },
    { key: { at: 1 }, expireAfterSeconds: 7 * DAY },
  ],
  // Items due for another try.
  waiting: [{ key: { runId: 1, stageId: 1, due: 1 } }],
  // A file's parts in page order.
  output_parts: [{ key: { runId: 1, nodeId: 1, pageNo: 1 } }],
  deliveries: [{ key: { runId: 1, nodeId: 1 } }, { key: { at: 1 }, expireAfterSeconds: 30 * DAY }],
  dead_letters: [{ key: { runId: 1, nodeId: 1, _id: 1 } }, { key: { lastAt: -1, _id: 1 } }],
  disclosures: [{ key: { profileId: 1, at: -1 } }, { key: { via: 1 }, sparse: true }],
  rate_limits: [{ key: { at: 1 }, expireAfterSeconds: DAY }],
  // Catch-up after a long stop, and the end of the time in which a repeated message is known.
  incoming_events: [{ key: { at: 1 }, expireAfterSeconds: 7 * DAY }],
  // A source's refused events, newest first.
  refused_events: [
    { key: { sourceId: 1, state: 1, at: -1 } },
    { key: { at: 1 }, expireAfterSeconds: 30 * DAY },
  ],
  event_catalog: [{ key: { sourceId: 1, lastAt: -1 } }],
  sources: [{ key: { name: 1 } }],
  write_keys: [{ key: { sourceId: 1 } }],
  files: [{ key: { uploadedAt: -1, _id: 1 } }],
  users: [{ key: { email: 1 }, unique: true }],
  sessions: [{ key: { expiresAt: 1 }, expireAfterSeconds: 0 }, { key: { userId: 1 } }],
  tokens: [{ key: { digest: 1 }, unique: true }],
  // The queue of the privacy officer; what is to be worked on.
  requests: [{ key: { receivedAt: -1, _id: 1 } }, { key: { state: 1, dueAt: 1 } }],
  // All digests of one person.
  suppressions: [{ key: { request: 1 } }],
  audit: [{ key: { at: -1 } }],
}

/** Makes sure every index is there. Harmless when repeated. */
export async function createIndexes(database: Database): Promise<void> {
  for (const [name, indexes] of Object.entries(INDEXES))
    await database.collection(name as CollectionName).createIndexes(indexes)
}
