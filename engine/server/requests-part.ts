/** People's requests as the server sees them: taken in, decided on, answered. */
import type { Client } from '@temporalio/client'
import type {
  PersonReport,
  RequestAction,
  RequestCreate,
  RequestKind,
  RequestState,
  RequestView,
} from '../contract/api/requests.ts'
import { RejectedError } from '../contract/error.ts'
import type { Identifier } from '../contract/item.ts'
import { readIdentifier } from '../identity/normalise-identifier.ts'
import { HASHES } from '../store/identifier-hashes.ts'
import { startRequest } from '../run/start-request.ts'
import type { Database } from '../store/database.ts'
import { findByHash, reportPerson } from '../store/report-person.ts'
import { dueDate, OPEN_STATES, requestView, type RequestDocument } from '../store/requests.ts'
import type { DataPlane } from '../worker/data-plane.ts'
import { maskText } from './mask.ts'
import type { List, PageQuery } from './parts.ts'
import { withNext } from './with-next.ts'
import { retentionOf } from './retention-of.ts'

export interface RequestsPart {
  create(input: RequestCreate & { by: string; confirmed?: boolean }): Promise<RequestView>
  list(
    query: PageQuery & { state?: RequestState | undefined; kind?: RequestKind | undefined },
  ): Promise<List<RequestView>>
  read(id: string): Promise<RequestView | undefined>
  /** Throws when the request is not where the action fits. */
  act(id: string, action: RequestAction, by: Deciding): Promise<void>
  /** The person of a request; undefined when it is forgotten whom it was about. */
  answer(id: string): Promise<PersonReport | undefined>
  find(identifier: Identifier): Promise<PersonReport | undefined>
  /** Returns how many digests were lifted. */
  lift(identifiers: readonly Identifier[]): Promise<number>
}

export interface Deciding {
  /** Tells two people apart. */
  id: string
  who: string
  note: string
}

export interface RequestsPartInput {
  database: Database
  dataPlane: Pick<DataPlane, 'requests' | 'personOf' | 'policies' | 'suppressions'>
  client: Client
  taskQueue: string
}

/** Of a copy, and of a look. */
const ALL_EVENTS = 100_000
const SHOWN_EVENTS = 200
const isHash = ({ type }: Identifier): boolean => (HASHES as readonly string[]).includes(type)

export function createRequestsPart(input: RequestsPartInput): RequestsPart {
  const { database, client, taskQueue } = input
  const { requests, personOf, policies, suppressions } = input.dataPlane
  const report = (person: Parameters<typeof reportPerson>[1], events: number) =>
    reportPerson({ database, policies, retention: () => retentionOf(database) }, person, events)

  /** In comparable form; digests become the identifiers they were made of, when these are known. */
  const plain = async (given: readonly Identifier[]): Promise<Identifier[]> => {
    const found: Identifier[] = []
    for (const one of given) {
      if (isHash(one)) found.push(...(await findByHash(database, one)))
      else found.push(...normalised(one))
    }
    return found
  }

  const wake = (id: string): Promise<void> => startRequest(client, taskQueue, id)

  return {
    async create({ identifiers, corrections, by, confirmed = false, ...given }) {
      const known = await plain(identifiers)
      const hashesOnly = identifiers.every(isHash)
      if (known.length === 0 && !hashesOnly)
        throw new RejectedError(
          'no_usable_identifier',
          'None of the identifiers can be read. Check the e-mail address or number.',
        )
      const person = { identifiers: known, profileIds: [], corrections }
      const subject = identifiers.map(({ value }) => maskText(value)).join(', ')
      const made = await requests.create({ ...given, subject, receivedBy: by, person, confirmed })
      await wake(made._id)
      return requestView(made)
    },
    async list({ limit, cursor, state, kind }) {
      const found = await requests.list({
        state,
        kind,
        limit: limit + 1,
        ...(cursor === undefined ? {} : { before: new Date(cursor) }),
      })
      const items = found.slice(0, limit).map((one) => requestView(one))
      return withNext(items, found.length > limit, (last) => last.receivedAt)
    },
    async read(id) {
      const found = await requests.find(id)
      return found ? requestView(found) : undefined
    },
    async act(id, action, { id: decider, who, note }) {
      const request = await requests.need(id)
      const { from, change } = stepOf(request, action, decider)
      await requests.change(id, from, change, { who, what: action, note })
      if (action === 'cancel') await requests.forget(id)
      await wake(id)
    },
    async answer(id) {
      const person = requests.openPerson(await requests.need(id))
      return person && report(await personOf(person), ALL_EVENTS)
    },
    async find(identifier) {
      const identifiers = await plain([identifier])
      if (identifiers.length === 0) return undefined
      const person = await personOf({ identifiers })
      return person.profileIds.length === 0 ? undefined : report(person, SHOWN_EVENTS)
    },
    lift: async (identifiers) => suppressions.lift(identifiers.flatMap(normalised)),
  }
}

const normalised = ({ type, value }: Identifier): Identifier[] => readIdentifier(type, value)

interface Step {
  from: RequestState | readonly RequestState[]
  change: Partial<RequestDocument>
}

/** Where an action leads from and to. Throws when who acts may not. */
function stepOf(request: RequestDocument, action: RequestAction, decider: string): Step {
  switch (action) {
    case 'confirm_identity':
      return {
        from: 'check_identity',
        change: { state: request.needsApproval ? 'approve' : 'working', confirmedBy: decider },
      }
    case 'approve':
      if (request.confirmedBy === decider)
        throw new RejectedError(
          'second_person_needed',
          'You confirmed the identity yourself. Another person has to approve this request.',
        )
      return { from: 'approve', change: { state: 'working' } }
    case 'extend':
      return {
        from: request.extended ? [] : OPEN_STATES,
        change: { extended: true, dueAt: dueDate(request.law, request.receivedAt, true) },
      }
    case 'cancel':
      return {
        from: ['check_identity', 'approve'],
        change: { state: 'cancelled', finishedAt: new Date() },
      }
    case 'retry':
      return { from: ['partly', 'working'], change: { state: 'working', ...againOf(request) } }
  }
}

/** What failed is due at once; what cannot be done stays so. */
const againOf = ({ recipients, stores }: RequestDocument): Partial<RequestDocument> => ({
  recipients: recipients.map((one) =>
    one.state === 'failed' || one.state === 'pending'
      ? { ...one, state: 'pending', attempts: 0, nextAt: new Date() }
      : one,
  ),
  stores: stores.map((one) => (one.state === 'cannot' ? { ...one, state: 'failed' } : one)),
})
