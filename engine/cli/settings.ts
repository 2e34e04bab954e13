/** What the environment and the home folder say: addresses, keys, folders. Read once at start. */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { EgressOptions } from '../egress/create-egress.ts'
import { projectRoot } from '../local/home.ts'
import { writePrivateFile } from '../local/write-private-file.ts'
import { importFresh } from '../run/import-fresh.ts'
import type { ExtensionSettings } from '../run/registry.ts'

/** A key that lives outside the database: from the environment, else a private file in the home. */
export async function readKey(home: string, variable: string, name: string): Promise<Buffer> {
  const given = process.env[variable]
  if (given !== undefined && given !== '') {
    const key = Buffer.from(given, 'base64')
    if (key.length < 32) throw new Error(`${variable} must hold at least 32 bytes in base64.`)
    return key
  }
  const folder = path.join(home, 'secrets')
  const file = path.join(folder, `${name}.key`)
  const stored = await readFile(file, 'utf8').catch(() => undefined)
  if (stored !== undefined) return Buffer.from(stored.trim(), 'base64')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const fresh = randomBytes(32)
  await writePrivateFile(file, fresh.toString('base64'))
  return fresh
}

/** Private file in the home's secrets that tells other commands where the running MongoDB is. */
export const MONGO_ADDRESS_FILE = 'mongodb-uri'

const configSchema = z.strictObject({
  nodes: z
    .strictObject({
      folders: z.array(z.string()).default([]),
      packages: z.array(z.string()).default([]),
    })
    .default({ folders: [], packages: [] }),
})

const CONFIG_SHAPE =
  "Write it as: export const config = { nodes: { folders: ['heddle-nodes'], packages: [] } }"

/** `heddle.config.ts` beside package.json, or the file HEDDLE_CONFIG names; folders are taken from there. */
export async function readExtensions(): Promise<ExtensionSettings> {
  const file = configFile()
  const text = await readFile(file).catch(() => undefined)
  if (!text) return { folders: [], packages: [], watched: [file] }
  const loaded = await importFresh(file).catch((error: unknown) => {
    throw new Error(`${file} cannot be read: ${reasonOf(error)} ${CONFIG_SHAPE}`, { cause: error })
  })
  const parsed = configSchema.safeParse(loaded['config'] ?? loaded['default'] ?? {})
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}\n${CONFIG_SHAPE}`)
  const { folders, packages } = parsed.data.nodes
  const here = path.dirname(file)
  return {
    folders: folders.map((folder) => path.resolve(here, folder)),
    packages,
    from: here,
    watched: [file],
  }
}

/** Names engineers' own node types; beside package.json unless HEDDLE_CONFIG names another. */
export const configFile = (): string =>
  path.resolve(process.env['HEDDLE_CONFIG'] ?? path.join(projectRoot, 'heddle.config.ts'))

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

/** Folders that flows may read files from; none unless named. */
export const importFolders = (): string[] =>
  (process.env['HEDDLE_IMPORT_FOLDERS'] ?? '').split(path.delimiter).filter((name) => name !== '')

/** The addresses a part needs that is started alone. */
export function neededServices(part: string): { mongoUri: string; temporalAddress: string } {
  const mongoUri = process.env['MONGODB_URI']
  const temporalAddress = process.env['TEMPORAL_ADDRESS']
  if (!mongoUri || !temporalAddress)
    throw new Error(
      `A ${part} alone needs MONGODB_URI and TEMPORAL_ADDRESS. For all parts on this machine: heddle start.`,
    )
  return { mongoUri, temporalAddress }
}

/**
 * Networks and ports that flows may call besides public web servers: none unless named, as
 * `HEDDLE_EGRESS_ALLOW=10.1.0.0/16,loopback` and `HEDDLE_EGRESS_PORTS=443,9000`.
 */
export function egressSettings(): Pick<EgressOptions, 'allowAddresses' | 'allowPorts'> {
  const list = (name: string): string[] =>
    (process.env[name] ?? '')
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '')
  const ports = list('HEDDLE_EGRESS_PORTS').map(Number)
  if (ports.some((port) => !Number.isInteger(port) || port < 1 || port > 65_535))
    throw new Error('HEDDLE_EGRESS_PORTS must list ports, as 443,9000.')
  return {
    allowAddresses: list('HEDDLE_EGRESS_ALLOW'),
    ...(ports.length === 0 ? {} : { allowPorts: ports }),
  }
}
