/** The node types there are: the built-in list, and engineers' own from `heddle.config.ts`. */
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { toCatalogEntry, type CatalogEntry } from '../contract/catalog.ts'
import type { NodeType } from '../contract/node.ts'

export interface BrokenNodeFile {
  file: string
  line?: number
  reason: string
}

export interface NodeRegistry {
  /** Changes when engineers' own types were read again. */
  version: string
  types: ReadonlyMap<string, NodeType>
  broken: readonly BrokenNodeFile[]
}

export const catalogOf = (registry: NodeRegistry): CatalogEntry[] =>
  [...registry.types.values()].map(toCatalogEntry)

export function createRegistry(nodeTypes: readonly NodeType[]): NodeRegistry {
  return { version: 'built-in', types: byType(nodeTypes), broken: [] }
}

function byType(nodeTypes: readonly NodeType[]): Map<string, NodeType> {
  const types = new Map<string, NodeType>()
  for (const nodeType of nodeTypes) {
    if (types.has(nodeType.type))
      throw new Error(`Two node types are called "${nodeType.type}". Rename one of them.`)
    types.set(nodeType.type, nodeType)
  }
  return types
}

/** Folders and packages of `heddle.config.ts`; folders are taken from the config's own place. */
export interface ExtensionSettings {
  folders: readonly string[]
  packages: readonly string[]
}

/** Adds engineers' own types; a file that cannot be used is named and harms nothing else. */
export async function loadRegistry(
  builtIn: readonly NodeType[],
  settings: ExtensionSettings,
): Promise<NodeRegistry> {
  const types = byType(builtIn)
  const broken: BrokenNodeFile[] = []
  const files = (await Promise.all(settings.folders.map(nodeFiles))).flat()
  const versions: string[] = []
  for (const file of files) {
    const changed = (await stat(file)).mtimeMs
    versions.push(`${file}@${changed}`)
    await addFrom(file, `${pathToFileURL(file).href}?v=${changed}`, types, broken)
  }
  for (const name of settings.packages) {
    versions.push(name)
    await addFrom(name, name, types, broken)
  }
  return { version: versions.join('|') || 'built-in', types, broken }
}

async function nodeFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  return names
    .filter((name) => /\.(ts|mts|js|mjs)$/.test(name) && !/\.(test|d)\./.test(name))
    .sort()
    .map((name) => path.join(folder, name))
}

async function addFrom(
  label: string,
  specifier: string,
  types: Map<string, NodeType>,
  broken: BrokenNodeFile[],
): Promise<void> {
  try {
    const exports = Object.values((await import(specifier)) as Record<string, unknown>)
    const found = exports.flat().filter(isNodeType)
    if (found.length === 0) throw new Error('It exports no node type made with defineNode.')
    for (const nodeType of found) {
      if (types.has(nodeType.type))
        throw new Error(`Its type "${nodeType.type}" is taken already; choose another name.`)
    }
    for (const nodeType of found) types.set(nodeType.type, nodeType)
  } catch (error) {
    broken.push(describeBroken(label, error))
  }
}

const isNodeType = (value: unknown): value is NodeType =>
  typeof value === 'object' &&
  value !== null &&
  'type' in value &&
  'parse' in value &&
  typeof value.parse === 'function'

function describeBroken(file: string, error: unknown): BrokenNodeFile {
  const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
  const text = error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : ''
  const name = path.basename(file).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const line = new RegExp(`${name}(?:\\?v=[\\d.]+)?:(\\d+)`).exec(text)?.[1]
  return line === undefined ? { file, reason } : { file, line: Number(line), reason }
}
