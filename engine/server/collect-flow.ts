/** The flow every workspace begins with: what sources send becomes profiles. A flow as any other. */
import type { Analysis } from '../contract/api/flows.ts'
import type { FlowGraph, FlowNode } from '../contract/flow.ts'
import type { Json } from '../contract/json.ts'
import type { Database } from '../store/database.ts'
import type { FlowStore } from '../store/flows.ts'
import type { RunsPart } from './parts.ts'

const BY = 'Heddle'
const COLUMN = 320

const STEPS: ReadonlyArray<[id: string, type: string, config: Record<string, Json>]> = [
  ['events', 'live_events', {}],
  [
    'match',
    'identity_match',
    {
      identifiers: [
        { type: 'user_id', field: 'userId' },
        { type: 'email', field: 'email' },
        { type: 'anonymous_id', field: 'anonymousId' },
        { type: 'phone', field: 'phone' },
      ],
      listField: 'identifiers',
    },
  ],
  [
    'write',
    'write_profile',
    {
      take: 'object',
      traitsField: 'traits',
      timeField: 'timestamp',
      events: true,
      eventField: 'name',
      typeField: 'type',
      propertiesField: 'properties',
      messageIdField: 'messageId',
    },
  ],
  ['signals', 'consent_signals', {}],
]

export function collectFlow(): FlowGraph {
  const nodes: FlowNode[] = STEPS.map(([id, type, config], i) => ({
    id,
    type,
    version: 1,
    name: '',
    config,
    position: { x: i * COLUMN, y: 0 },
  }))
  const wires = nodes.slice(1).map(({ id }, i) => {
    const before = nodes[i]?.id ?? ''
    return {
      id: `${before}-${id}`,
      from: { node: before, port: 'out' },
      to: { node: id, port: 'in' },
    }
  })
  return { schemaVersion: 1, nodes, wires, settings: {} }
}

export interface CollectFlowDeps {
  database: Database
  flows: FlowStore
  analyse(graph: FlowGraph): Analysis
  start: RunsPart['start']
}

/** Makes and starts it once in the life of a workspace: people may change, stop or delete it. */
export async function ensureCollectFlow(deps: CollectFlowDeps): Promise<void> {
  const settings = deps.database.collection<{ _id: string }>('settings')
  // Of several servers that start at once, one makes it.
  const { upsertedCount } = await settings.updateOne(
    { _id: 'collect_flow' },
    { $setOnInsert: { madeAt: new Date() } },
    { upsert: true },
  )
  if (upsertedCount === 0) return
  try {
    await makeCollectFlow(deps)
  } catch (error) {
    await settings.deleteOne({ _id: 'collect_flow' })
    throw error
  }
}

async function makeCollectFlow({ flows, analyse, start }: CollectFlowDeps): Promise<void> {
  const flow = await flows.create({ name: 'Collect', graph: collectFlow(), by: BY })
  const { version } = await flows.publish(flow.id, { base: flow.draftVersion, by: BY, analyse })
  await start({
    flowId: flow.id,
    version,
    startedBy: BY,
    trigger: 'person',
    // What came before the flow was made is nobody's loss: it is taken too.
    liveFrom: new Date(0),
  })
}
