/** Everything known of one person, with where each field came from and who received it. */
import { createHash } from 'node:crypto'
import type { PersonReport } from '../contract/api/requests.ts'
import type { Identifier } from '../contract/item.ts'
import { hashesOf } from './identifier-hashes.ts'
import type { ConsentDocument } from './consents.ts'
import type { Database } from './database.ts'
import type { DisclosureDocument } from './deliveries.ts'
import type { Person } from './find-person.ts'
import type { PolicyStore } from './policies.ts'
import type { EventDocument, ProfileDocument } from './profiles.ts'

interface Disclosed {
  _id: { recipient: string; flowId: string; flowVersion: number }
  fields: string[][]
  bases: Array<DisclosureDocument['bases']>
  firstAt: Date
  lastAt: Date
  times: number
}

export interface ReportDeps {
  database: Database
  policies: Pick<PolicyStore, 'read'>
  retention(): Promise<PersonReport['retention']>
}

export async function reportPerson(
  { database, policies, retention }: ReportDeps,
  { profileIds }: Person,
  mostEvents: number,
): Promise<PersonReport> {
  const own = { profileId: { $in: profileIds } }
  const events = database.collection<EventDocument>('events')
  const [profiles, disclosed, consents, members, newest, eventCount, policy, kept] =
    await Promise.all([
      database
        .collection<ProfileDocument>('profiles')
        .find({ _id: { $in: profileIds } })
        .toArray(),
      disclosedTo(database, profileIds),
      database.collection<ConsentDocument>('consents').find(own).sort({ at: -1 }).toArray(),
      database
        .collection<{ audience: string; inside: boolean; since: Date; why: string }>('memberships')
        .find({ ...own, inside: true })
        .toArray(),
      events.find(own).sort({ time: -1 }).limit(mostEvents).toArray(),
      events.countDocuments(own),
      policies.read(),
      retention(),
    ])
  const flowIds = [
    ...disclosed.map(({ _id }) => _id.flowId),
    ...profiles.flatMap(({ traits }) => Object.values(traits).flatMap(({ flow }) => flow ?? [])),
  ]
  const flowName = await namesOf(database, flowIds)
  const current = profiles.filter(({ redirect }) => redirect === undefined)
  return {
    madeAt: new Date().toISOString(),
    controller: policy.controller,
    profileIds,
    identifiers: current.flatMap(({ identifiers }) => identifiers),
    fields: current.flatMap(({ traits }) =>
      Object.entries(traits).map(([name, { value, source, at, flow, flowVersion }]) => ({
        name,
        value,
        source,
        at,
        ...(flow === undefined ? {} : { flow: flowName(flow) }),
        ...(flowVersion === undefined ? {} : { flowVersion }),
        recipients: recipientsOf(name, disclosed),
      })),
    ),
    audiences: members.map(({ audience, since, why }) => ({
      key: audience,
      since: since.toISOString(),
      why,
    })),
    consents: consents.map(({ purpose, state, kind, at, source }) => ({
      purpose,
      state,
      kind,
      at,
      ...(source === undefined ? {} : { source }),
    })),
    recipients: disclosed.map(({ _id, fields, bases, firstAt, lastAt, times }) => ({
      recipient: _id.recipient,
      flow: flowName(_id.flowId),
      flowVersion: _id.flowVersion,
      fields: [...new Set(fields.flat())].sort(),
      purposes: Object.entries(Object.assign({}, ...bases) as Record<string, string>).map(
        ([purpose, basis]) => ({ purpose, basis }),
      ),
      firstAt: firstAt.toISOString(),
      lastAt: lastAt.toISOString(),
      times,
    })),
    events: newest.map(({ time, type, name, source, properties }) => ({
      time: time.toISOString(),
      type,
      name,
      source,
      properties,
    })),
    eventCount,
    retention: kept,
  }
}

const recipientsOf = (field: string, disclosed: readonly Disclosed[]): string[] => [
  ...new Set(
    disclosed
      .filter(({ fields }) => fields.some((sent) => sent.includes(field)))
      .map(({ _id }) => _id.recipient),
  ),
]

const disclosedTo = (database: Database, profileIds: readonly string[]): Promise<Disclosed[]> =>
  database
    .collection<DisclosureDocument>('disclosures')
    .aggregate<Disclosed>([
      { $match: { profileId: { $in: [...profileIds] } } },
      {
        $group: {
          _id: { recipient: '$recipient', flowId: '$flowId', flowVersion: '$flowVersion' },
          fields: { $addToSet: '$fields' },
          bases: { $addToSet: '$bases' },
          firstAt: { $min: '$at' },
          lastAt: { $max: '$at' },
          times: { $sum: 1 },
        },
      },
      { $sort: { lastAt: -1 } },
    ])
    .toArray()

async function namesOf(database: Database, ids: readonly string[]) {
  const flows = await database
    .collection<{ _id: string; name: string }>('flows')
    .find({ _id: { $in: [...new Set(ids)] } })
    .project<{ _id: string; name: string }>({ name: 1 })
    .toArray()
  const names = new Map(flows.map(({ _id, name }) => [_id, name]))
  return (id: string): string => names.get(id) ?? id
}

/** Whose address or number has this digest. Digests are kept nowhere, so everybody is looked at. */
export async function findByHash(
  database: Database,
  { type, value }: Identifier,
): Promise<Identifier[]> {
  const wanted = value.toLowerCase()
  const profiles = database.collection<ProfileDocument>('profiles')
  for await (const { identifiers } of profiles
    .find({ redirect: { $exists: false } }, { batchSize: 5_000 })
    .project<Pick<ProfileDocument, 'identifiers'>>({
      'identifiers.type': 1,
      'identifiers.value': 1,
    })) {
    const found = identifiers.find((one) => hasHash(one, type, wanted))
    if (found) return [{ type: found.type, value: found.value }]
  }
  return []
}

function hasHash(one: Identifier, kind: string, wanted: string): boolean {
  if (one.type === 'email') return createHash(kind).update(one.value).digest('hex') === wanted
  return hashesOf(one).some(({ type, value }) => type === kind && value === wanted)
}
