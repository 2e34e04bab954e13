/** A small flow made through the API for a journey: people of a file, sent to those who allow it. */
import type { FileView } from '../../../engine/contract/api/files.ts'
import type { FlowView } from '../../../engine/contract/api/flows.ts'
import type { FlowGraph } from '../../../engine/contract/flow.ts'
import type { Json } from '../../../engine/contract/json.ts'
import { FINAL_STATES, type RunView } from '../../../engine/contract/run.ts'
import { chain } from '../../support/chain.ts'
import { until } from '../../support/until.ts'
import { api } from './api.ts'

/** Two of three in GB; all but Bob allow email. */
export const peopleCsv = (tag: string): string => `email,first_name,country,opt_in,at
ann@${tag}.example,Ann,GB,granted,2026-01-05T10:00:00Z
bob@${tag}.example,Bob,GB,denied,2026-01-05T10:00:00Z
cee@${tag}.example,Cee,DE,granted,2026-01-05T10:00:00Z
`

export const PURPOSE = 'email_marketing'

/** What its steps are called, by id. */
const NAMES: Record<string, string> = {
  people: 'People',
  countries: 'Countries',
  who: 'Who is who',
  keep: 'Keep',
  ledger: 'Ledger',
  may: 'May receive',
  send: 'Send',
}

interface PeopleFlow {
  name: string
  /** Makes its people nobody else's. */
  tag: string
  /** Port the webhook sends to. */
  port: number
}

const columnsOf = (file: FileView): Json =>
  file.detected.columns.map(({ samples: _, ...column }) => column) as unknown as Json

async function graphOf({ tag, port }: PeopleFlow): Promise<FlowGraph> {
  const file = await api<FileView>('POST', `/api/files?name=${tag}.csv`, peopleCsv(tag))
  const origin = { kind: 'upload', file: { id: file.id, name: file.name } }
  const inGb = { kind: 'rule', field: 'country', operator: 'is_one_of', value: ['GB', 'DE'] }
  const graph = chain([
    ['people', 'csv_file', { origin, columns: columnsOf(file) }],
    ['countries', 'filter', { condition: { kind: 'group', match: 'all', rules: [inGb] } }],
    ['who', 'identity_match', { identifiers: [{ type: 'email', field: 'email' }] }],
    [
      'keep',
      'write_profile',
      {
        traits: [
          { field: 'first_name', trait: 'firstName' },
          { field: 'country', trait: 'country' },
        ],
        timeField: 'at',
      },
    ],
    ['ledger', 'record_consent', { stateField: 'opt_in', timeField: 'at' }],
    ['may', 'consent_filter', { purposes: [PURPOSE] }],
    [
      'send',
      'webhook',
      { target: { kind: 'url', url: `http://127.0.0.1:${port}/hook` }, purposes: [PURPOSE] },
    ],
  ])
  // Two rows, so that all of it can be seen and read at once.
  const nodes = graph.nodes.map((node, i) => ({
    ...node,
    name: NAMES[node.id] ?? node.id,
    position: { x: (i % 4) * 280, y: Math.floor(i / 4) * 180 },
  }))
  return { ...graph, nodes }
}

export async function makePeopleFlow(input: PeopleFlow): Promise<FlowView> {
  return api<FlowView>('POST', '/api/flows', { name: input.name, graph: await graphOf(input) })
}

export async function publishFlow(id: string): Promise<void> {
  const { draftVersion } = await api<FlowView>('GET', `/api/flows/${id}`)
  await api('POST', `/api/flows/${id}/publish`, { base: draftVersion })
}

/** Runs what is published to its end. */
export async function runFlow(id: string): Promise<RunView> {
  const { id: run } = await api<RunView>('POST', `/api/flows/${id}/runs`, {})
  return until(
    () => api<RunView>('GET', `/api/runs/${run}`),
    ({ state }) => FINAL_STATES.has(state),
  )
}
