/** What was sent for whom, so that nothing is sent twice and every recipient is known. */
import type { DeliveriesService, DeliveryRecord } from '../contract/services.ts'
import type { Basis } from '../contract/policy.ts'
import { basisFor } from '../privacy/resolve-policy.ts'
import type { Database } from './database.ts'
import { ignoreDuplicates } from './duplicate-keys.ts'
import { createPolicyStore } from './policies.ts'

interface DeliveryDocument {
  _id: string
  runId: string
  nodeId: string
  status: number
  at: Date
}

export interface DisclosureDocument {
  _id: string
  profileId: string
  runId: string
  flowId: string
  flowVersion: number
  nodeId: string
  recipient: string
  fields: string[]
  purposes: string[]
  /** Basis of each purpose in the policy at that time. */
  bases: Record<string, Basis>
  policyVersion: number
  at: Date
}

export interface DeliveryScope {
  runId: string
  flowId: string
  flowVersion: number
  nodeId: string
}

/** Answers shown of one person. */
const ANSWERS = 100

export function createDeliveryStore(database: Database) {
  const deliveries = database.collection<DeliveryDocument>('deliveries')
  const disclosures = database.collection<DisclosureDocument>('disclosures')
  const policies = createPolicyStore(database)

  const disclose = async (scope: DeliveryScope, rows: readonly DeliveryRecord[]) => {
    if (rows.every(({ profileId }) => profileId === undefined)) return
    const policy = await policies.read()
    const basesOf = (purposes: readonly string[]): Record<string, Basis> =>
      Object.fromEntries(purposes.map((purpose) => [purpose, basisFor(policy, purpose)]))
    const documents = rows.flatMap((row) =>
      row.profileId === undefined
        ? []
        : [
            {
              _id: row.key,
              profileId: row.profileId,
              runId: scope.runId,
              flowId: scope.flowId,
              flowVersion: scope.flowVersion,
              nodeId: scope.nodeId,
              recipient: row.recipient,
              fields: row.fields,
              purposes: row.purposes,
              bases: basesOf(row.purposes),
              policyVersion: policy.version,
              at: new Date(),
            },
          ],
    )
    if (documents.length > 0)
      await ignoreDuplicates(disclosures.insertMany(documents, { ordered: false }))
  }

  return {
    disclose,
    service: (scope: DeliveryScope): DeliveriesService => ({
      async delivered(keys) {
        const rows = await deliveries
          .find({ _id: { $in: [...keys] } })
          .project<{ _id: string }>({ _id: 1 })
          .toArray()
        return new Set(rows.map((row) => row._id))
      },
      async record(rows) {
        if (rows.length === 0) return
        const at = new Date()
        const { runId, nodeId } = scope
        const documents = rows.map(({ key, status }) => ({ _id: key, runId, nodeId, status, at }))
        await ignoreDuplicates(deliveries.insertMany(documents, { ordered: false }))
        await disclose(scope, rows)
      },
    }),
    /** What destinations answered for these people, newest first. */
    async answersOf(profiles: readonly string[], run: string | undefined) {
      const told = await disclosures
        .find({
          profileId: { $in: [...profiles] },
          ...(run === undefined ? {} : { runId: run }),
        })
        .sort({ at: -1 })
        .limit(ANSWERS)
        .toArray()
      const stored = await deliveries.find({ _id: { $in: told.map(({ _id }) => _id) } }).toArray()
      const statuses = new Map(stored.map(({ _id, status }) => [_id, status]))
      return told.map(({ _id, nodeId, runId, at }) => {
        const status = statuses.get(_id)
        return {
          node: nodeId,
          run: runId,
          at: at.toISOString(),
          ...(status === undefined ? {} : { status }),
        }
      })
    },
    ofProfile: (profileId: string, limit: number) =>
      disclosures.find({ profileId }).sort({ at: -1 }).limit(limit).toArray(),
  }
}

export type DeliveryStore = ReturnType<typeof createDeliveryStore>
