/**
 * Brings a started `mongod` to the point where it takes writes: on its first start the replica set and
 * the one user are made; after a move to another port the set's own address is corrected.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { type Db, MongoClient, MongoServerError } from 'mongodb'

export interface MongoAccess {
  /** host:port */
  host: string
  replicaSet: string
  user: string
  password: string
}

const authenticationFailed = 18
const alreadyInitialised = 23
const pollMs = 25

export async function openReplicaSet(access: MongoAccess): Promise<void> {
  if (await isKnown(access)) return correctAddress(access)
  // Until the first user exists, mongod lets a connection from this machine do exactly these steps.
  await withAdmin(directUri(access.host), async (admin) => {
    await initiate(admin, access)
    await untilPrimary(admin)
    await admin.command({ createUser: access.user, pwd: access.password, roles: ['root'] })
  })
}

async function isKnown(access: MongoAccess): Promise<boolean> {
  try {
    await withAdmin(signedInUri(access), (admin) => admin.command({ ping: 1 }))
    return true
  } catch (error) {
    if (error instanceof MongoServerError && error.code === authenticationFailed) return false
    throw error
  }
}

async function initiate(admin: Db, { replicaSet, host }: MongoAccess): Promise<void> {
  try {
    await admin.command({ replSetInitiate: { _id: replicaSet, members: [{ _id: 0, host }] } })
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== alreadyInitialised) throw error
  }
}

async function untilPrimary(admin: Db): Promise<void> {
  while ((await admin.command({ hello: 1 }))['isWritablePrimary'] !== true) await wait(pollMs)
}

/** A member that does not find its own address in the set's configuration stays out of it. */
async function correctAddress(access: MongoAccess): Promise<void> {
  await withAdmin(signedInUri(access), async (admin) => {
    const answer = await admin.command({ replSetGetConfig: 1 })
    const config = answer['config'] as { version: number; members: { host: string }[] }
    if (config.members.length === 1 && config.members[0]?.host === access.host) return
    const members = [{ ...config.members[0], host: access.host }]
    const corrected = { ...config, version: config.version + 1, members }
    await admin.command({ replSetReconfig: corrected, force: true })
  })
}

async function withAdmin<T>(uri: string, act: (admin: Db) => Promise<T>): Promise<T> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 1000, connectTimeoutMS: 1000 })
  try {
    return await act(client.db('admin'))
  } finally {
    await client.close()
  }
}

function directUri(host: string): string {
  return `mongodb://${host}/?directConnection=true`
}

function signedInUri({ host, user, password }: MongoAccess): string {
  return `mongodb://${user}:${password}@${host}/?directConnection=true&authSource=admin`
}
