/** The node types of one process: as they are now, as they were when a run began, and, while engineers
 *  work on them, read again whenever one of their files changes. */
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import type { NodeType } from '../contract/node.ts'
import { dropOldVersions, type ExtensionSettings } from './node-manifest.ts'
import { loadRegistry, loadVersion, type NodeRegistry } from './registry.ts'

export interface LiveRegistry {
  current(): NodeRegistry
  /** The types under this version; the current ones when it is not kept here any more. */
  of(version: string | undefined): Promise<NodeRegistry>
  /** Told after each change; gives back how to stop listening. */
  onChange(listener: () => void): () => void
  /** True while files are looked at. */
  readonly watches: boolean
  close(): void
}

export interface LiveRegistryInput {
  builtIn: readonly NodeType[]
  /** Read again with each change, so that another folder named there is noticed. */
  extensions: () => Promise<ExtensionSettings>
  /** Folder where versions are kept. */
  cacheFolder: string
  watch?: boolean
}

/** How often files are looked at. Looking works on every file system; its events do not. */
const LOOK_MS = 400

export async function openLiveRegistry(input: LiveRegistryInput): Promise<LiveRegistry> {
  const { builtIn, extensions, cacheFolder, watch = false } = input
  const listeners = new Set<() => void>()
  const kept = new Map<string, NodeRegistry>()
  const load = async () => {
    const settings = await extensions()
    const registry = await loadRegistry(builtIn, settings, cacheFolder)
    kept.set(registry.version, registry)
    return { settings, registry, inputs: registry.inputs }
  }
  let now = await load()
  let seen = await fingerprint(now)
  await dropOldVersions(cacheFolder)

  const look = async (): Promise<void> => {
    const print = await fingerprint(now)
    if (print === seen) return
    const before = now
    now = await load()
    // A file that changed while it was read is read once more by the next look.
    seen = (await fingerprint(before)) === print ? await fingerprint(now) : ''
    if (now.registry.version !== before.registry.version)
      for (const listener of listeners) listener()
  }
  const timer = watch ? repeat(look) : undefined

  return {
    watches: watch,
    current: () => now.registry,
    async of(version) {
      if (version === undefined) return now.registry
      const known = kept.get(version) ?? (await loadVersion(builtIn, version, cacheFolder))
      if (!known) return now.registry
      kept.set(version, known)
      return known
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => clearInterval(timer),
  }
}

/** Looks again only when the look before has ended; a file caught half written is read once more. */
function repeat(look: () => Promise<void>): NodeJS.Timeout {
  let looking = false
  return setInterval(() => {
    if (looking) return
    looking = true
    look()
      .catch((error: unknown) => console.error(error instanceof Error ? error.message : error))
      .finally(() => (looking = false))
  }, LOOK_MS).unref()
}

interface Watched {
  settings: ExtensionSettings
  inputs: readonly string[]
}

/** Names, sizes and times of all files that matter. */
async function fingerprint({ settings, inputs }: Watched): Promise<string> {
  const listed = await Promise.all(settings.folders.map(filesIn))
  const files = new Set([...(settings.watched ?? []), ...inputs, ...listed.flat()])
  const prints = await Promise.all([...files].sort().map(printOf))
  return prints.join('\n')
}

const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true }).catch(() => []))
    .filter((name) => !name.includes('node_modules'))
    .map((name) => path.join(folder, name))

const printOf = async (file: string): Promise<string> =>
  stat(file).then(
    (found) => (found.isFile() ? `${file} ${found.size} ${found.mtimeMs}` : file),
    () => `${file} absent`,
  )
