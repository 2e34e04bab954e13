/** One version of engineers' own node types, written down: which modules it is made of, and what could
 *  not be used. Kept on disk, so that threads load what the process loaded, and a run goes on with the
 *  version it began with. */
import { mkdir, readdir, readFile, rename, stat, utimes, unlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { bundleNodeFile, digest } from './bundle-node-file.ts'

/** What `heddle.config.ts` names; folders are whole paths. */
export interface ExtensionSettings {
  folders: readonly string[]
  packages: readonly string[]
  /** Where packages are looked for. Default: the project. */
  from?: string | undefined
  /** Other files that say what is loaded: the settings themselves. */
  watched?: readonly string[]
}

const brokenSchema = z.object({
  file: z.string(),
  line: z.int().optional(),
  reason: z.string(),
})
export type BrokenNodeFile = z.infer<typeof brokenSchema>

const manifestSchema = z.object({
  entries: z.array(z.object({ label: z.string(), module: z.string() })),
  broken: z.array(brokenSchema),
  /** Files that others import. */
  helpers: z.array(z.string()),
})
export type NodeManifest = z.infer<typeof manifestSchema>

/** The version when there are no own node types. */
export const BUILT_IN = 'built-in'

export interface WrittenManifest {
  version: string
  manifest: NodeManifest
  /** Files the version is made of. */
  inputs: string[]
}

/** Reads folders and packages as they are now. */
export async function writeManifest(
  { folders, packages, from }: ExtensionSettings,
  cacheFolder: string,
): Promise<WrittenManifest> {
  const manifest: NodeManifest = { entries: [], broken: [], helpers: [] }
  const inputs = new Set<string>()
  const files = (await Promise.all(folders.map((folder) => nodeFiles(folder, manifest)))).flat()
  const own = new Set(files)
  const bundles = await Promise.all(
    [...files, ...packages].map(async (label) => ({
      label,
      bundle: await bundleNodeFile(label, from),
    })),
  )
  for (const { label, bundle } of bundles) {
    inputs.add(label)
    if ('reason' in bundle) {
      manifest.broken.push({ file: label, ...bundle })
      continue
    }
    for (const input of bundle.inputs) inputs.add(input)
    manifest.helpers.push(...bundle.inputs.filter((input) => input !== label && own.has(input)))
    const module = `${bundle.hash}.mjs`
    await writeOnce(path.join(cacheFolder, module), bundle.code)
    manifest.entries.push({ label, module })
  }
  const text = JSON.stringify(manifest)
  if (manifest.entries.length === 0 && manifest.broken.length === 0)
    return { version: BUILT_IN, manifest, inputs: [...inputs] }
  const version = digest(text)
  await writeOnce(path.join(cacheFolder, `${version}.json`), text)
  return { version, manifest, inputs: [...inputs] }
}

/** Undefined when the version is not kept here (any more). */
export async function readManifest(
  version: string,
  cacheFolder: string,
): Promise<NodeManifest | undefined> {
  if (version === BUILT_IN) return { entries: [], broken: [], helpers: [] }
  if (!/^[0-9a-f]+$/.test(version)) return undefined
  const text = await readFile(path.join(cacheFolder, `${version}.json`), 'utf8').catch(() => '')
  if (text === '') return undefined
  const manifest = manifestSchema.parse(JSON.parse(text))
  const kept = await Promise.all(
    manifest.entries.map(({ module }) => touch(path.join(cacheFolder, module))),
  )
  return kept.every(Boolean) ? manifest : undefined
}

/** Versions that nobody loaded for this long are deleted. */
const KEPT_MS = 90 * 86_400_000

export async function dropOldVersions(cacheFolder: string): Promise<void> {
  for (const name of await readdir(cacheFolder).catch(() => [])) {
    const file = path.join(cacheFolder, name)
    const { mtimeMs } = await stat(file)
    if (Date.now() - mtimeMs > KEPT_MS) await unlink(file)
  }
}

async function nodeFiles(folder: string, { broken }: NodeManifest): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => undefined)
  if (!names)
    broken.push({ file: folder, reason: 'The folder named in heddle.config.ts is not there.' })
  return (names ?? [])
    .filter((name) => /\.(ts|mts|js|mjs)$/.test(name) && !/\.(test|d|config)\.\w+$/.test(name))
    .filter((name) => !name.split(path.sep).some((part) => /^(\.|node_modules$)/.test(part)))
    .sort()
    .map((name) => path.join(folder, name))
}

/** A file named by its content never changes: whoever comes first writes it, whole or not at all. */
async function writeOnce(file: string, text: string): Promise<void> {
  if (await touch(file)) return
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${process.pid}-${Math.random().toString(36).slice(2)}`
  await writeFile(draft, text, { mode: 0o600 })
  await rename(draft, file)
}

/** Marks the file as used; false when it is not there. */
async function touch(file: string): Promise<boolean> {
  const now = new Date()
  return utimes(file, now, now).then(
    () => true,
    () => false,
  )
}
