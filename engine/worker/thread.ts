/** One thread of the pool: decodes and runs the pure steps of a page. */
import { workerData } from 'node:worker_threads'
import { nodeTypes } from '../../nodes/index.ts'
import { packResult, type PackedResult } from '../run/pack-result.ts'
import type { HopInput } from '../run/run-hop.ts'
import { runHop } from '../run/run-hop.ts'
import { createTools, type RunScope } from '../run/node-context.ts'
import { createRegistry, loadVersion, type NodeRegistry } from '../run/registry.ts'

export interface ThreadTask {
  scope: RunScope
  /** The node types to run: those the run began with. */
  registryVersion: string
  input: HopInput
}

const { nodeTypesFolder } = workerData as { nodeTypesFolder: string }
const kept = new Map<string, NodeRegistry>()

async function registryFor(version: string): Promise<NodeRegistry> {
  const known = kept.get(version) ?? (await loadVersion(nodeTypes, version, nodeTypesFolder))
  if (!known) return createRegistry(nodeTypes)
  kept.set(version, known)
  return known
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
