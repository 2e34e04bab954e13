/** A flow of ten records, from the click to the end as the editor sees it, on the running product. */
import type { FlowGraph, FlowNode } from '../../engine/contract/flow.ts'
import type { RunView } from '../../engine/contract/run.ts'
import { anyFreePort } from '../../engine/local/free-port.ts'
import { alternate, type Bench } from './bench.ts'
import { openApi } from './support/api.ts'
import { openBareRuns } from './support/bare-run.ts'
import { openRunner, startPart, withServices } from './support/product.ts'

const ITEMS = 10
/** At least so many runs: one of them is too short to tell. */
const RUNS = 7

export const tenItems: Bench = {
  name: 'ten-items',
  run: (options) =>
    withServices(async (services) => {
      const port = await anyFreePort()
      const runner = await openRunner(services)
      const worker = await startPart(services, ['worker'])
      const server = await startPart(services, ['server', '--port', String(port)])
      const bare = await openBareRuns(services.temporalAddress)
      try {
        const api = await openApi(`http://127.0.0.1:${port}`, runner)
        const flowId = await publishFlow(api)
        const click = async (): Promise<{ seconds: number; runId: string }> => {
          const started = performance.now()
          const { id } = await api.post<RunView>(`/api/flows/${flowId}/runs`, {})
          const view = await api.follow<RunView>(id)
          const seconds = (performance.now() - started) / 1_000
          if (view.state !== 'completed' || view.counts['file']?.out['delivered'] !== ITEMS)
            throw new Error(`The run ended as ${view.state}: ${view.failure?.message ?? ''}`)
          return { seconds, runId: id }
        }
        const activities = await runner.activitiesOf((await click()).runId)
        await bare.run(activities)
        const rounds = Math.max(RUNS, options.rounds)
        const { limit, product } = await alternate(
          { ...options, rounds },
          () => bare.run(activities),
          async () => (await click()).seconds,
        )
        return { value: product, unit: 's', limit, compares: 'value', bar: 1.5, better: 'less' }
      } finally {
        await bare.stop()
        await server.stop()
        await worker.stop()
        await runner.stop()
      }
    }),
}

async function publishFlow(api: Awaited<ReturnType<typeof openApi>>): Promise<string> {
  const records = Array.from({ length: ITEMS }, (_, i) => ({
    email: ` Customer.${i}@Example.com `,
    consent: 'yes',
    city: 'Ghent',
  }))
  const text = records.map((record) => `${JSON.stringify(record)}\n`).join('')
  const file = await api.upload('ten.ndjson', text)
  const flow = await api.post<{ id: string; draftVersion: number }>('/api/flows', {
    name: 'Ten',
    graph: tenFlow(file.id),
  })
  await api.post(`/api/flows/${flow.id}/publish`, { base: flow.draftVersion })
  return flow.id
}

const node = (id: string, type: string, config: FlowNode['config']): FlowNode => ({
  ...{ id, type, version: 1, name: '', config },
  position: { x: 0, y: 0 },
})

/** All kinds of steps in a row: three stages, one of them over all records. */
function tenFlow(fileId: string): FlowGraph {
  const field = (name: string) => ({ name, type: 'text' })
  const nodes = [
    node('events', 'ndjson_file', {
      origin: { kind: 'upload', file: { id: fileId, name: 'ten.ndjson' } },
      columns: ['email', 'consent', 'city'].map(field),
    }),
    node('clean', 'normalise', { rows: [{ field: 'email', as: 'email' }] }),
    node('match', 'identity_match', { identifiers: [{ type: 'email', field: 'email' }] }),
    node('profile', 'write_profile', { traits: [{ field: 'city', trait: 'city' }] }),
    node('choices', 'record_consent', { stateField: 'consent', purpose: 'email_marketing' }),
    node('allowed', 'consent_filter', { purposes: ['email_marketing'] }),
    node('file', 'file_export', {
      format: 'ndjson',
      name: 'ten',
      purposes: ['email_marketing'],
    }),
  ]
  const wires = nodes.slice(1).map(({ id }, i) => ({
    id: `w${i}`,
    from: { node: nodes[i]?.id ?? '', port: 'out' },
    to: { node: id, port: 'in' },
  }))
  return { schemaVersion: 1, nodes, wires, settings: {} }
}
