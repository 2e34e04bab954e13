/** One thread of the pool: decodes and runs the pure steps of a page. */
import { workerData } from 'node:worker_threads'
import { nodeTypes } from '../../nodes/index.ts'
import { packResult, type PackedResult } from '../run/pack-result.ts'
import type { HopInput } from '../run/run-hop.ts'
import { runHop } from '../run/run-hop.ts'
import { createTools, type RunScope } from '../run/node-context.ts'
import { loadRegistry, type ExtensionSettings, type NodeRegistry } from '../run/registry.ts'

export interface ThreadTask {
  scope: RunScope
  /** Changes when engineers' types were reloaded: this thread then reads them again. */
  registryVersion: string
  input: HopInput
}

const settings = workerData as { extensions: ExtensionSettings } | undefined
let loaded: { version: string; registry: NodeRegistry } | undefined

async function registryFor(version: string): Promise<NodeRegistry> {
  if (loaded?.version !== version) {
    const extensions = settings?.extensions ?? { folders: [], packages: [] }
    loaded = { version, registry: await loadRegistry(nodeTypes, extensions) }
  }
  return loaded.registry
}

const NEVER = new AbortController().signal

export async function runTask({
  scope,
  registryVersion,
  input,
}: ThreadTask): Promise<PackedResult> {
  const { types } = await registryFor(registryVersion)
  return packResult(await runHop(input, createTools({ scope, types, signal: NEVER })), input)
}

// piscina takes the default export of the file as the task.
// eslint-disable-next-line no-restricted-exports
export default runTask
