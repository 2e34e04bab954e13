/** People's requests: what they ask, until when it is due, and how far it is in every store and at every
 *  recipient. Who asks is sealed with a key from outside the database, and only while it is needed. */
import { randomBytes } from 'node:crypto'
import type { Law, RequestKind, RequestState, RequestView } from '../contract/api/requests.ts'
import type { Json } from '../contract/json.ts'
import type { Database } from './database.ts'
import type { EraseMode, StoreResult } from './erase-person.ts'
import type { Person } from './find-person.ts'
import { createSecrets, deriveKey } from './secrets.ts'
import { ConflictError, NotFoundError } from './store-errors.ts'

export interface RequestRecipient {
  recipient: string
  /** The last step that sent the person there: by it the recipient is reached. */
  runId: string
  flowId: string
  flowVersion: number
  nodeId: string
  fields: string[]
  state: 'pending' | 'told' | 'failed' | 'cannot'
  reason?: string
  attempts: number
  nextAt: Date
  at: Date
}

export interface RequestDocument {
  _id: string
  kind: RequestKind
  law: Law
  state: RequestState
  mode: EraseMode
  purpose: string
  subject: string
  receivedAt: Date
  receivedBy: string
  dueAt: Date
  extended: boolean
  finishedAt?: Date
  known?: boolean
  needsApproval: boolean
  confirmedBy?: string
  stores: StoreResult[]
  recipients: RequestRecipient[]
  history: Array<{ at: Date; who: string; what: string; note: string }>
  /** Sealed: a `SealedPerson`. */
  sealed?: string
}

/** What only the key outside the database can read. */
export interface SealedPerson extends Person {
  corrections: Record<string, Json>
}

const DAY = 86_400_000
/** Taken as 30 days, so that no month's length is ever missed. */
const DAYS: Record<Law, { first: number; more: number }> = {
  gdpr: { first: 30, more: 60 },
  ccpa: { first: 45, more: 45 },
}
export const OPEN_STATES: readonly RequestState[] = ['check_identity', 'approve', 'working']

export const dueDate = (law: Law, receivedAt: Date, extended = false): Date =>
  new Date(receivedAt.getTime() + (DAYS[law].first + (extended ? DAYS[law].more : 0)) * DAY)

export interface NewRequest {
  kind: RequestKind
  law: Law
  mode: EraseMode
  purpose: string
  subject: string
  receivedBy: string
  needsApproval: boolean
  person: SealedPerson
  /** Known already, as by an agreed partner's signature. */
  confirmed?: boolean
}

export function createRequestStore(database: Database, key: Buffer) {
  const requests = database.collection<RequestDocument>('requests')
  const secrets = createSecrets(deriveKey(key, 'requests'))
  const place = (id: string): string => `request ${id}`
  const find = (id: string) => requests.findOne({ _id: id })
  const need = async (id: string): Promise<RequestDocument> => {
    const found = await find(id)
    if (!found) throw new NotFoundError('request')
    return found
  }
  const entry = (who: string, what: string, note = '') => ({ at: new Date(), who, what, note })

  return {
    find,
    need,
    async create({ person, confirmed = false, ...given }: NewRequest): Promise<RequestDocument> {
      const _id = randomBytes(12).toString('hex')
      const receivedAt = new Date()
      const state = !confirmed ? 'check_identity' : given.needsApproval ? 'approve' : 'working'
      const document: RequestDocument = {
        _id,
        ...given,
        state,
        receivedAt,
        dueAt: dueDate(given.law, receivedAt),
        extended: false,
        stores: [],
        recipients: [],
        history: [entry(given.receivedBy, 'received')],
        sealed: secrets.seal(JSON.stringify(person), place(_id)),
      }
      await requests.insertOne(document)
      return document
    },
    openPerson({ _id, sealed }: RequestDocument): SealedPerson | undefined {
      return sealed === undefined
        ? undefined
        : (JSON.parse(secrets.open(sealed, place(_id))) as SealedPerson)
    },
    async sealPerson(id: string, person: SealedPerson): Promise<void> {
      const sealed = secrets.seal(JSON.stringify(person), place(id))
      await requests.updateOne({ _id: id }, { $set: { sealed } })
    },
    list: (query: {
      state?: RequestState | undefined
      kind?: RequestKind | undefined
      before?: Date
      limit: number
    }) =>
      requests
        .find({
          ...(query.state ? { state: query.state } : {}),
          ...(query.kind ? { kind: query.kind } : {}),
          ...(query.before ? { receivedAt: { $lt: query.before } } : {}),
        })
        .sort({ receivedAt: -1, _id: 1 })
        .limit(query.limit)
        .toArray(),
    /** Compare and set, so that two people do not decide the same thing. */
    async change(
      id: string,
      from: RequestState | readonly RequestState[],
      change: Partial<RequestDocument>,
      told: { who: string; what: string; note?: string },
    ): Promise<RequestDocument> {
      const states = typeof from === 'string' ? [from] : [...from]
      const changed = await requests.findOneAndUpdate(
        { _id: id, state: { $in: states } },
        { $set: change, $push: { history: entry(told.who, told.what, told.note) } },
        { returnDocument: 'after' },
      )
      if (changed) return changed
      const current = await need(id)
      throw new ConflictError(
        'request_moved_on',
        'The request has moved on in the meantime. Load it again.',
        requestView(current),
      )
    },
    async set(id: string, change: Partial<RequestDocument>): Promise<void> {
      await requests.updateOne({ _id: id }, { $set: change })
    },
    async setRecipient(
      id: string,
      recipient: string,
      change: Partial<RequestRecipient>,
    ): Promise<void> {
      const set = Object.fromEntries(
        Object.entries({ ...change, at: new Date() }).map(([k, v]) => [`recipients.$.${k}`, v]),
      )
      await requests.updateOne(
        { _id: id, 'recipients.recipient': recipient },
        { $set: set, $inc: { 'recipients.$.attempts': 1 } },
      )
    },
    /** Ends it; of whom it was is forgotten once they are erased. */
    async finish(id: string, state: 'done' | 'partly'): Promise<void> {
      const { kind } = await need(id)
      const forget = kind === 'erasure' && state === 'done'
      await requests.updateOne(
        { _id: id, state: 'working' },
        {
          $set: { state, finishedAt: new Date(), ...(forget ? { subject: '' } : {}) },
          $push: { history: entry('Heddle', state) },
          ...(forget ? { $unset: { sealed: '' } } : {}),
        },
      )
    },
    /** A cancelled request keeps nothing of whom it was about. */
    async forget(id: string): Promise<void> {
      await requests.updateOne({ _id: id }, { $unset: { sealed: '' }, $set: { subject: '' } })
    },
    /** Those whose work may have to be started again. */
    working: () =>
      requests.find({ state: 'working' }).project<{ _id: string }>({ _id: 1 }).toArray(),
  }
}

export type RequestStore = ReturnType<typeof createRequestStore>

export function requestView(request: RequestDocument, now = Date.now()): RequestView {
  const { _id, finishedAt, known, recipients, stores, history } = request
  const isOpen = OPEN_STATES.includes(request.state)
  return {
    id: _id,
    kind: request.kind,
    law: request.law,
    state: request.state,
    mode: request.mode,
    subject: request.subject,
    receivedAt: request.receivedAt.toISOString(),
    receivedBy: request.receivedBy,
    dueAt: request.dueAt.toISOString(),
    extended: request.extended,
    overdue: (isOpen ? now : (finishedAt?.getTime() ?? 0)) > request.dueAt.getTime(),
    ...(finishedAt ? { finishedAt: finishedAt.toISOString() } : {}),
    ...(known === undefined ? {} : { known }),
    needsApproval: request.needsApproval,
    stores,
    recipients: recipients.map(({ recipient, state, reason, attempts, at }) => ({
      recipient,
      state,
      attempts,
      at: at.toISOString(),
      ...(reason === undefined ? {} : { reason }),
    })),
    history: history.map(({ at, ...rest }) => ({ ...rest, at: at.toISOString() })),
  }
}
