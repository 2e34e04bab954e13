/** The node types there are: the built-in list, and engineers' own from `heddle.config.ts`. */
import { SourceMap, type SourceMapPayload } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { readFile } from 'node:fs/promises'
import { toCatalogEntry, type CatalogEntry } from '../contract/catalog.ts'
import type { NodeType } from '../contract/node.ts'
import { shareContract } from './bundle-node-file.ts'
import { cacheFolder as userCache } from '../local/cache-folder.ts'
import {
  BUILT_IN,
  readManifest,
  writeManifest,
  type BrokenNodeFile,
  type ExtensionSettings,
  type NodeManifest,
} from './node-manifest.ts'

export type { BrokenNodeFile, ExtensionSettings } from './node-manifest.ts'

export interface NodeRegistry {
  /** Another one as soon as any file of engineers' own types is another one. */
  version: string
  types: ReadonlyMap<string, NodeType>
  broken: readonly BrokenNodeFile[]
}

export const catalogOf = (registry: NodeRegistry): CatalogEntry[] =>
  [...registry.types.values()].map(toCatalogEntry)

export function createRegistry(nodeTypes: readonly NodeType[]): NodeRegistry {
  return { version: BUILT_IN, types: byType(nodeTypes), broken: [] }
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

/** Where versions are kept by commands that have no instance. */
export const defaultNodeCache = (): string => path.join(userCache(), 'node-types')

/** Adds engineers' own types; a file that cannot be used is named and harms nothing else. */
export async function loadRegistry(
  builtIn: readonly NodeType[],
  settings: ExtensionSettings,
  cacheFolder = defaultNodeCache(),
): Promise<NodeRegistry & { inputs: string[] }> {
  const { version, manifest, inputs } = await writeManifest(settings, cacheFolder)
  return { ...(await fromManifest({ builtIn, version, manifest, cacheFolder })), inputs }
}

/** A version that was loaded here before, by this process or another; undefined when it is gone. */
export async function loadVersion(
  builtIn: readonly NodeType[],
  version: string,
  cacheFolder: string,
): Promise<NodeRegistry | undefined> {
  const manifest = await readManifest(version, cacheFolder)
  return manifest && fromManifest({ builtIn, version, manifest, cacheFolder })
}

interface ManifestInput {
  builtIn: readonly NodeType[]
  version: string
  manifest: NodeManifest
  cacheFolder: string
}

async function fromManifest(input: ManifestInput): Promise<NodeRegistry> {
  const { builtIn, version, manifest, cacheFolder } = input
  const types = byType(builtIn)
  const broken = [...manifest.broken]
  for (const { label, module } of manifest.entries) {
    const file = path.join(cacheFolder, module)
    try {
      addTypes(await importTypes(file), types)
    } catch (error) {
      broken.push({ file: label, ...(await describeBroken(label, file, error)) })
    }
  }
  return { version, types, broken: broken.filter((entry) => !isHelper(entry, manifest)) }
}

/** A top-level `await` that never ends must not keep the others waiting. */
const LOAD_MS = 10_000

async function importTypes(file: string): Promise<NodeType[]> {
  shareContract()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`It was not loaded after ${LOAD_MS / 1_000} s.`)),
      LOAD_MS,
    )
  })
  try {
    const loaded = (await Promise.race([import(pathToFileURL(file).href), late])) as object
    const found = Object.values(loaded).flat(2).filter(isNodeType)
    if (found.length === 0) throw new Error(NO_TYPE)
    return [...new Set(found)]
  } finally {
    clearTimeout(timer)
  }
}

const NO_TYPE = 'It exports no node type made with defineNode.'

/** All of a file's types or none: half a file would be a surprise. */
function addTypes(found: readonly NodeType[], types: Map<string, NodeType>): void {
  for (const nodeType of found) {
    if (types.has(nodeType.type))
      throw new Error(`Its type "${nodeType.type}" is taken already; choose another name.`)
    try {
      toCatalogEntry(nodeType)
    } catch (error) {
      throw new Error(
        `The form of "${nodeType.type}" cannot be made from its settings: ${firstLine(error)}`,
        { cause: error },
      )
    }
  }
  for (const nodeType of found) types.set(nodeType.type, nodeType)
}

const isNodeType = (value: unknown): value is NodeType =>
  typeof value === 'object' &&
  value !== null &&
  'type' in value &&
  'parse' in value &&
  typeof value.parse === 'function'

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''

/** A file others are made of need not hold a node type; who imports what, a broken file does not tell. */
const isHelper = ({ file, reason }: BrokenNodeFile, { helpers, broken }: NodeManifest): boolean =>
  reason === NO_TYPE && (helpers.includes(file) || broken.length > 0)

async function describeBroken(
  label: string,
  module: string,
  error: unknown,
): Promise<{ line?: number; reason: string }> {
  const reason = firstLine(error)
  if (!path.isAbsolute(label)) return { reason }
  return { line: (await lineOf(label, module, error)) ?? 1, reason }
}

/** From the stack: a place in the source, or one in the bundle that its source map leads back. */
async function lineOf(label: string, module: string, error: unknown): Promise<number | undefined> {
  const text = error instanceof Error ? `${error.stack ?? ''}` : ''
  const named = placeIn(text, path.basename(label))
  if (named) return named.line
  const code = await readFile(module, 'utf8')
  const quoted = /type "([^"]+)"/.exec(text)?.[1]
  const place = placeIn(text, path.basename(module)) ?? placeOfType(code, quoted)
  return place && originalLine(code, place)
}

interface Place {
  line: number
  column: number
}

function placeIn(stack: string, file: string): Place | undefined {
  const name = file.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const found = new RegExp(`[/\\\\]${name}(?:\\?[^:\\s]*)?:(\\d+)(?::(\\d+))?`).exec(stack)
  return found ? { line: Number(found[1]), column: Number(found[2] ?? 1) } : undefined
}

function placeOfType(code: string, type: string | undefined): Place | undefined {
  if (type === undefined) return undefined
  const line = code.split('\n').findIndex((text) => text.includes(`type: "${type}"`))
  return line < 0 ? undefined : { line: line + 1, column: 3 }
}

function originalLine(code: string, { line, column }: Place): number | undefined {
  const map = /\/\/# sourceMappingURL=data:application\/json;base64,(\S+)\s*$/.exec(code)?.[1]
  if (map === undefined) return undefined
  const payload = JSON.parse(Buffer.from(map, 'base64').toString('utf8')) as SourceMapPayload
  const found = new SourceMap(payload).findEntry(line - 1, column - 1)
  return 'originalLine' in found ? found.originalLine + 1 : undefined
}
