/** What a request of a person does here: the activities behind the workflow `answerRequest`. Each may be
 *  repeated; nothing personal is in what they take and give. */
import type { RequestActivities } from '../contract/activities.ts'
import type { ConsentChange } from '../contract/node.ts'
import type { Database } from '../store/database.ts'
import type { DataPlane } from '../worker/data-plane.ts'
import type { RequestDocument, RequestRecipient, SealedPerson } from '../store/requests.ts'
import type { StoreResult } from '../store/erase-person.ts'
import { identifiersSent, tellStep, type TellDeps } from './tell-recipients.ts'

export interface AnswerDeps extends TellDeps {
  requests: DataPlane['requests']
  personOf: DataPlane['personOf']
  suppressions: Pick<DataPlane['suppressions'], 'add'>
  eraser: Pick<DataPlane['eraser'], 'erase'>
  consents: Pick<DataPlane['consents'], 'append' | 'raiseEpoch'>
  profiles: Pick<DataPlane['profiles'], 'write'>
  recipientsOf(profileIds: readonly string[]): Promise<RecipientRow[]>
  onRefusal(): void
}

export type RecipientRow = Omit<RequestRecipient, 'state' | 'reason' | 'attempts' | 'nextAt' | 'at'>

export function createRequestActivities(deps: AnswerDeps): RequestActivities {
  const { requests } = deps
  return {
    async lookAtRequest({ requestId }) {
      const state = (await requests.find(requestId))?.state
      if (state === 'working') return 'go'
      return state === 'check_identity' || state === 'approve' ? 'wait' : 'over'
    },

    async answerInStores({ requestId }) {
      const request = await requests.need(requestId)
      const person = await gather(request, deps)
      if (!person) return { failed: 0 }
      // Recipients are waited for, and our own part is done.
      if (isDone(request.stores)) return { failed: 0 }
      await planRecipients(request, person, deps)
      const stores = await workOf(request, person, deps)
      await requests.set(requestId, { stores: addUp(request.stores, stores) })
      return { failed: stores.filter(({ state }) => state === 'failed').length }
    },

    async tellOfRequest({ requestId }) {
      const request = await requests.need(requestId)
      const person = requests.openPerson(request)
      const now = Date.now()
      const types = await deps.types()
      for (const recipient of request.recipients)
        if (person && recipient.state === 'pending' && recipient.nextAt.getTime() <= now)
          await tellRecipient(request, { recipient, person }, { ...deps, types })
      return openOf((await requests.need(requestId)).recipients)
    },

    async closeRequest({ requestId }) {
      const request = await requests.need(requestId)
      const person = await gather(request, deps)
      let stores = request.stores
      if (person && request.kind === 'erasure') {
        stores = addUp(stores, await workOf(request, person, deps))
        await requests.set(requestId, { stores })
      }
      const whole =
        stores.every(({ state }) => state === 'done') &&
        request.recipients.every(({ state }) => state === 'told')
      await requests.finish(requestId, whole ? 'done' : 'partly')
    },
  }
}

const isDone = (stores: readonly StoreResult[]): boolean =>
  stores.length > 0 && stores.every(({ state }) => state !== 'failed')

/** The person as they are known now; sealed anew, so that a later try knows as much. */
async function gather(
  request: RequestDocument,
  { requests, personOf }: AnswerDeps,
): Promise<SealedPerson | undefined> {
  const sealed = requests.openPerson(request)
  if (!sealed) return undefined
  const person = { ...sealed, ...(await personOf(sealed)) }
  await requests.sealPerson(request._id, person)
  if (request.known === undefined)
    await requests.set(request._id, { known: person.profileIds.length > 0 })
  return person
}

/** Copies tell nobody; of refusals the recipients are told by the propagation of consent. */
async function planRecipients(
  request: RequestDocument,
  person: SealedPerson,
  { requests, recipientsOf }: AnswerDeps,
): Promise<void> {
  const { kind, recipients } = request
  if ((kind !== 'erasure' && kind !== 'rectification') || person.profileIds.length === 0) return
  const known = new Set(recipients.map(({ recipient }) => recipient))
  const now = new Date()
  const fresh = (await recipientsOf(person.profileIds))
    .filter(({ recipient }) => !known.has(recipient))
    .map((row): RequestRecipient => {
      const planned = { ...row, attempts: 0, nextAt: now, at: now }
      return kind === 'erasure'
        ? { ...planned, state: 'pending' }
        : { ...planned, state: 'cannot', reason: 'told_with_next_run' }
    })
  if (fresh.length > 0) await requests.set(request._id, { recipients: [...recipients, ...fresh] })
}

async function workOf(
  request: RequestDocument,
  person: SealedPerson,
  deps: AnswerDeps,
): Promise<StoreResult[]> {
  const { _id, kind, mode, purpose } = request
  const [profileId] = person.profileIds
  if (kind === 'erasure') {
    await deps.suppressions.add({ ...person, request: _id, reason: 'erasure' })
    const results = await deps.eraser.erase(person, mode)
    await deps.consents.raiseEpoch()
    return results
  }
  if (profileId === undefined) return []
  if (kind === 'rectification') return [await correct(request, person, deps)]
  if (kind !== 'restriction' && kind !== 'objection') return []
  await deps.consents.append([
    {
      key: `request:${_id}`,
      profileId,
      purpose: kind === 'restriction' ? '*' : purpose,
      state: kind === 'restriction' ? 'withdrawn' : 'objected',
      kind,
      at: request.receivedAt.toISOString(),
      source: 'Privacy request',
      method: 'api',
    },
  ])
  deps.onRefusal()
  return [{ store: 'consents', state: 'done', erased: 0 }]
}

async function correct(
  { _id, receivedAt }: RequestDocument,
  { profileIds, corrections }: SealedPerson,
  { profiles }: AnswerDeps,
): Promise<StoreResult> {
  const at = new Date().toISOString()
  const traits = Object.entries(corrections).map(([trait, value]) => ({
    trait,
    value,
    at,
    source: 'Privacy request',
    rule: 'latest' as const,
  }))
  await profiles.write(
    [{ profileId: profileIds[0] ?? '', isNew: false, identifiers: [], traits }],
    { flow: `request:${_id}`, flowVersion: 0, now: receivedAt.toISOString() },
  )
  return { store: 'profiles', state: 'done', erased: 0 }
}

async function tellRecipient(
  request: RequestDocument,
  { recipient, person }: { recipient: RequestRecipient; person: SealedPerson },
  deps: Parameters<typeof tellStep>[2] & Pick<AnswerDeps, 'requests'>,
): Promise<void> {
  const change = async (): Promise<ConsentChange> => ({
    erased: true,
    key: `${request._id}:${recipient.recipient}`,
    purpose: '*',
    state: 'withdrawn',
    at: request.receivedAt.toISOString(),
    person: {
      profileId: person.profileIds[0] ?? '',
      identifiers: identifiersSent(recipient.fields, person.identifiers),
    },
  })
  const told = await tellStep(recipient, change, deps)
  await deps.requests.setRecipient(request._id, recipient.recipient, told)
}

function openOf(recipients: readonly RequestRecipient[]): { open: number; nextInMs: number } {
  const open = recipients.filter(({ state }) => state === 'pending')
  const next = Math.min(...open.map(({ nextAt }) => nextAt.getTime()))
  return { open: open.length, nextInMs: open.length === 0 ? 0 : Math.max(1, next - Date.now()) }
}

/** What a later sweep found is added to what the first did. */
function addUp(before: readonly StoreResult[], now: readonly StoreResult[]): StoreResult[] {
  const sums = new Map(before.map((result) => [result.store, result]))
  for (const result of now) {
    const erased = result.erased + (sums.get(result.store)?.erased ?? 0)
    sums.set(result.store, { ...result, erased })
  }
  return [...sums.values()]
}

/** Every recipient of these profiles, by the last step that sent. */
export const createRecipientsOf =
  (database: Database) =>
  async (profileIds: readonly string[]): Promise<RecipientRow[]> =>
    database
      .collection('disclosures')
      .aggregate<RecipientRow>([
        { $match: { profileId: { $in: [...profileIds] } } },
        { $sort: { at: -1 } },
        {
          $group: {
            _id: '$recipient',
            runId: { $first: '$runId' },
            flowId: { $first: '$flowId' },
            flowVersion: { $first: '$flowVersion' },
            nodeId: { $first: '$nodeId' },
            fields: { $addToSet: '$fields' },
          },
        },
        {
          $project: {
            _id: 0,
            recipient: '$_id',
            runId: 1,
            flowId: 1,
            flowVersion: 1,
            nodeId: 1,
            fields: {
              $reduce: {
                input: '$fields',
                initialValue: [],
                in: { $setUnion: ['$$value', '$$this'] },
              },
            },
          },
        },
      ])
      .toArray()
