/** Outside systems: address and settings in the clear, secrets sealed and never shown again. */
import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import type { connectionViewSchema } from '../contract/api/connections.ts'
import { RejectedError } from '../contract/error.ts'
import type { Json } from '../contract/json.ts'
import type { ConnectionSecrets } from '../contract/services.ts'
import type { Database } from './database.ts'
import type { Secrets } from './secrets.ts'
import { NotFoundError } from './store-errors.ts'

export type ConnectionView = z.infer<typeof connectionViewSchema>

interface ConnectionDocument {
  _id: string
  name: string
  kind: ConnectionView['kind']
  settings: Record<string, Json>
  /** Sealed, in a list so that a secret's name never becomes a field path. */
  secrets: Array<{ name: string; sealed: string }>
  updatedAt: Date
}

export interface ConnectionInput {
  name: string
  kind: ConnectionView['kind']
  settings: Record<string, Json>
  /** Only the ones to set or replace; an empty text takes one away. */
  secrets: Record<string, string>
}

const view = (found: ConnectionDocument): ConnectionView => ({
  id: found._id,
  name: found.name,
  kind: found.kind,
  settings: found.settings,
  secrets: found.secrets.map(({ name }) => name),
  updatedAt: found.updatedAt.toISOString(),
})

export function createConnectionStore(database: Database, secrets: Secrets) {
  const connections = database.collection<ConnectionDocument>('connections')
  const place = (id: string, name: string) => `connection:${id}:${name}`

  const need = async (id: string): Promise<ConnectionDocument> => {
    const found = await connections.findOne({ _id: id })
    if (!found) throw new NotFoundError('connection')
    return found
  }

  const seal = (id: string, given: Record<string, string>) =>
    Object.entries(given)
      .filter(([, secret]) => secret !== '')
      .map(([name, secret]) => ({ name, sealed: secrets.seal(secret, place(id, name)) }))

  return {
    async list(): Promise<ConnectionView[]> {
      return (await connections.find().sort({ name: 1, _id: 1 }).toArray()).map(view)
    },

    async create(input: ConnectionInput): Promise<ConnectionView> {
      const id = randomUUID()
      const { name, kind, settings } = input
      const made: ConnectionDocument = {
        _id: id,
        name,
        kind,
        settings,
        secrets: seal(id, input.secrets),
        updatedAt: new Date(),
      }
      await connections.insertOne(made)
      return view(made)
    },

    async update(id: string, input: ConnectionInput): Promise<ConnectionView> {
      const before = await need(id)
      const kept = before.secrets.filter(({ name }) => !Object.hasOwn(input.secrets, name))
      refuseNewRecipient(before, input, kept)
      const { name, kind, settings } = input
      const after = await connections.findOneAndUpdate(
        { _id: id },
        {
          $set: {
            name,
            kind,
            settings,
            secrets: [...kept, ...seal(id, input.secrets)],
            updatedAt: new Date(),
          },
        },
        { returnDocument: 'after' },
      )
      if (!after) throw new NotFoundError('connection')
      return view(after)
    },

    async remove(id: string): Promise<void> {
      const { deletedCount } = await connections.deleteOne({ _id: id })
      if (deletedCount === 0) throw new NotFoundError('connection')
    },

    exists: async (id: string): Promise<boolean> =>
      (await connections.countDocuments({ _id: id }, { limit: 1 })) > 0,

    /** For nodes that send: the only way secrets are opened. */
    async read(id: string): Promise<ConnectionSecrets> {
      const found = await connections.findOne({ _id: id })
      if (!found)
        throw new RejectedError(
          'connection_is_gone',
          'The connection this step sends through was deleted. Choose another one in the step.',
        )
      return {
        name: found.name,
        settings: found.settings,
        secrets: Object.fromEntries(
          found.secrets.map(({ name, sealed }) => [name, secrets.open(sealed, place(id, name))]),
        ),
      }
    },
  }
}

export type ConnectionStore = ReturnType<typeof createConnectionStore>

/** Secrets entered for one receiver must not follow the connection to another. */
function refuseNewRecipient(
  before: ConnectionDocument,
  input: ConnectionInput,
  kept: ConnectionDocument['secrets'],
): void {
  if (kept.length === 0 || receiver(before.settings) === receiver(input.settings)) return
  throw new RejectedError(
    'secrets_needed_again',
    `The address now leads to another receiver. Enter its secrets too: ${kept.map(({ name }) => name).join(', ')}.`,
  )
}

function receiver(settings: Record<string, Json>): string {
  const url = settings['url']
  return typeof url === 'string' && URL.canParse(url) ? new URL(url).origin : ''
}
