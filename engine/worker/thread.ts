/** One thread of the pool: decodes and runs the pure steps of a page. */
import { workerData, type MessagePort } from 'node:worker_threads'
import { nodeTypes } from '../../nodes/index.ts'
import type { FlowNode } from '../contract/flow.ts'
import type { Item } from '../contract/item.ts'
import { packResult } from '../run/pack-result.ts'
import type { HopInput } from '../run/run-hop.ts'
import { runHop } from '../run/run-hop.ts'
import { createTools, type RunScope } from '../run/node-context.ts'
import { createRegistry, loadVersion, type NodeRegistry } from '../run/registry.ts'
import { createSendGate } from '../run/send-gate.ts'
import { askConsent } from './consent-port.ts'
import { reportItems, type EndedItem, type Shared } from './item-watch.ts'
import { toAnswer, type ThreadAnswer } from './thread-answer.ts'

interface Task {
  scope: RunScope
  /** The node types to run: those the run began with. */
  registryVersion: string
}

/** A page through the steps of a hop. */
export interface ThreadTask extends Task {
  input: HopInput
}

/** What one step makes of some items, as a dry run shows it. */
export interface JudgeTask extends Task {
  node: FlowNode
  items: Item[]
}

/** What the pool adds: where to tell which item is in hand, and those not to take in hand again. */
export interface Watched {
  shared: Shared
  ended: readonly EndedItem[]
  /** Where to ask how consent stands. */
  consent?: MessagePort
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

export async function runTask(task: (ThreadTask | JudgeTask) & Watched): Promise<ThreadAnswer> {
  const { scope, registryVersion, shared, ended, consent } = task
  const { types } = await registryFor(registryVersion)
  const nodeIds = 'input' in task ? task.input.nodes.map(({ node }) => node.id) : [task.node.id]
  const items = reportItems(shared, nodeIds, ended)
  const gate = consent && createSendGate({ ...askConsent(consent), now: Date.now })
  const tools = createTools({ scope, types, signal: NEVER, items, ...(gate ? { gate } : {}) })
  return toAnswer(async () => {
    if ('input' in task) return packResult(await runHop(task.input, tools), task.input)
    const ctx = tools.context(task.node.id, () => undefined)
    return { verdicts: (await tools.parse(task.node.id).run?.(task.items, ctx)) ?? [] }
  })
}

// piscina takes the default export of the file as the task.
// eslint-disable-next-line no-restricted-exports
export default runTask
