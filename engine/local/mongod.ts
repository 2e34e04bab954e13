/**
 * Starts a real `mongod`: a replica set of one, so that transactions and change streams work, on this
 * machine's own address, with authentication from the first start on.
 */
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { type ChildEvent, type ChildTiming, superviseChild } from './child-process.ts'
import { loopback, nextFreePort } from './free-port.ts'
import type { Home } from './home.ts'
import { type MongoAccess, openReplicaSet } from './open-replica-set.ts'
import type { Watchdog } from './watchdog.ts'
import { writePrivateFile } from './write-private-file.ts'

export interface MongodOptions {
  binary: string
  home: Home
  /** Used if free, else the next free one. */
  port: number
  cacheGB?: number
  /** Lets tests make commands fail. */
  testCommands?: boolean
  restart?: boolean
  watchdog?: Watchdog
  onEvent?: (event: ChildEvent) => void
  timing?: Partial<ChildTiming>
}

export interface LocalMongod {
  /** With the password in it: for child processes and drivers, never for a log. */
  uri: string
  port: number
  pid: () => number | undefined
  isUp: () => boolean
  stop: () => Promise<void>
}

const replicaSet = 'heddle'
const user = 'heddle'
const oplogMB = 2048
/** How often another port is tried when a foreign process takes the chosen one first. */
const portTries = 3

export async function startMongod(options: MongodOptions): Promise<LocalMongod> {
  for (let attempt = 1; ; attempt++) {
    const port = await nextFreePort(options.port)
    try {
      return await startOnPort(options, port)
    } catch (error) {
      const clash = error instanceof Error && /address already in use/i.test(error.message)
      if (!clash || attempt === portTries) throw error
    }
  }
}

async function startOnPort(options: MongodOptions, port: number): Promise<LocalMongod> {
  const { home, binary, restart, watchdog, onEvent, timing } = options
  const secrets = await mongoSecrets(home)
  const access: MongoAccess = { host: `${loopback}:${port}`, replicaSet, user, ...secrets }
  const probe = new MongoClient(`mongodb://${access.host}/?directConnection=true`, {
    serverSelectionTimeoutMS: 1000,
    connectTimeoutMS: 1000,
    socketTimeoutMS: 3000,
    maxPoolSize: 1,
  })
  let opened = false
  const child = superviseChild({
    name: 'MongoDB',
    command: binary,
    args: [
      ...['--dbpath', home.mongoData, '--bind_ip', loopback, '--port', String(port)],
      ...['--replSet', replicaSet, '--keyFile', secrets.keyFile, '--oplogSize', String(oplogMB)],
      ...['--wiredTigerCacheSizeGB', String(options.cacheGB ?? 1), '--nounixsocket', '--quiet'],
      // A slow query is logged with its values, and these are customers' data.
      ...['--slowms', '3600000'],
      ...['--setParameter', 'diagnosticDataCollectionEnabled=false'],
      ...(options.testCommands ? ['--setParameter', 'enableTestCommands=1'] : []),
    ],
    logFile: join(home.logs, 'mongod.log'),
    isReady: async () => {
      if (!opened) {
        await openReplicaSet(access)
        opened = true
      }
      return (await probe.db('admin').command({ hello: 1 }))['isWritablePrimary'] === true
    },
    ...(restart === undefined ? {} : { restart }),
    ...(watchdog ? { watchdog } : {}),
    ...(onEvent ? { onEvent } : {}),
    ...(timing ? { timing } : {}),
  })
  const stop = async () => {
    await child.stop()
    await probe.close()
  }
  try {
    await child.ready
  } catch (error) {
    await stop()
    throw error
  }
  const uri =
    `mongodb://${user}:${secrets.password}@${access.host}/` +
    `?replicaSet=${replicaSet}&authSource=admin`
  return { uri, port, pid: child.pid, isUp: child.isUp, stop }
}

/** Made on the first start, readable by their owner only. */
async function mongoSecrets(home: Home): Promise<{ keyFile: string; password: string }> {
  await mkdir(home.secrets, { recursive: true, mode: 0o700 })
  const keyFile = join(home.secrets, 'mongo.key')
  await readOrMake(keyFile, () => randomBytes(500).toString('base64'))
  // mongod refuses a key that others can read.
  await chmod(keyFile, 0o600)
  const password = await readOrMake(join(home.secrets, 'mongo.password'), () =>
    randomBytes(24).toString('base64url'),
  )
  return { keyFile, password }
}

async function readOrMake(path: string, make: () => string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    await writePrivateFile(path, make())
    return readFile(path, 'utf8')
  }
}
