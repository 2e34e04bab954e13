/** All that belongs to one person: every profile id they ever had here, and every identifier. */
import type { Identifier } from '../contract/item.ts'
import type { Database } from './database.ts'
import type { IdentityStore } from './identities.ts'
import type { ProfileDocument } from './profiles.ts'

export interface Person {
  /** The profile they stand under now comes first; none when they are not known here. */
  profileIds: string[]
  identifiers: Identifier[]
}

/** A person is one mesh of profiles; each round finds the profiles of new identifiers and back. */
const ROUNDS = 10

export async function findPerson(
  database: Database,
  identities: Pick<IdentityStore, 'digest' | 'ownersOf'>,
  asked: { identifiers: readonly Identifier[]; profileIds?: readonly string[] },
): Promise<Person> {
  const profiles = database.collection<ProfileDocument>('profiles')
  const ids = new Set(asked.profileIds)
  const known = new Map(asked.identifiers.map((one) => [`${one.type}:${one.value}`, one]))
  for (let round = 0, size = -1; round < ROUNDS && size !== ids.size + known.size; round++) {
    size = ids.size + known.size
    const owners = await identities.ownersOf([...known.values()].map(identities.digest))
    for (const owner of owners.values()) ids.add(owner)
    const listed = [...ids]
    const found = await profiles
      .find({ $or: [{ _id: { $in: listed } }, { redirect: { $in: listed } }] })
      .project<Pick<ProfileDocument, '_id' | 'redirect' | 'identifiers'>>({
        redirect: 1,
        identifiers: 1,
      })
      .toArray()
    for (const { _id, redirect, identifiers } of found) {
      ids.add(_id)
      if (redirect !== undefined) ids.add(redirect)
      for (const { type, value } of identifiers) known.set(`${type}:${value}`, { type, value })
    }
  }
  const now = await profiles
    .find({ _id: { $in: [...ids] }, redirect: { $exists: false } })
    .project<{ _id: string }>({ _id: 1 })
    .toArray()
  const current = now.map(({ _id }) => _id)
  return {
    profileIds: [...current, ...[...ids].filter((id) => !current.includes(id))],
    identifiers: [...known.values()],
  }
}
