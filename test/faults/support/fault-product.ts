/** A running product whose parts are killed, and a flow that sends numbered records to a sink. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { RunView } from '../../../engine/contract/run.ts'
import { FINAL_STATES } from '../../../engine/contract/run.ts'
import { createApi, type Api } from '../../support/api.ts'
import { chain } from '../../support/chain.ts'
import { claim } from '../../support/owner.ts'
import { freePort, makeHome, startProduct } from '../../support/product.ts'
import { until } from '../../support/until.ts'
import { openCountingSink, type CountingSink } from './counting-sink.ts'

/** As the product calls its processes. */
export type Part = 'worker' | 'MongoDB' | 'Temporal'

export interface FaultProduct {
  sink: CountingSink
  /** Starts a run over `records` numbered records from `first` on; returns its id. */
  startRun(first: number, records: number): Promise<string>
  ended(runId: string): Promise<RunView>
  /** Kills the part outright. Resolves with the moment it was back, milliseconds since 1970. */
  kill(part: Part): Promise<number>
  stop(): Promise<void>
}

const BACK_MS = 60_000
const ENDED_MS = 600_000

export async function openFaultProduct(): Promise<FaultProduct> {
  const sink = await openCountingSink()
  const { home, remove } = await makeHome()
  const product = await startProduct({ home, port: await freePort(), receivers: [sink.port] })
  const api = createApi(product.url, await claim(product.url, product.ownerLink ?? ''))
  return {
    sink,
    startRun: (first, records) => startRun(api, sink.url, { first, records }),
    ended: (runId) => ended(api, runId),
    async kill(part) {
      const told = `${part} is back.`
      const before = product.said().split(told).length
      process.kill(await pidOf(home, part), 'SIGKILL')
      await until(() => product.said().split(told).length > before, Boolean, BACK_MS)
      return Date.now()
    },
    async stop() {
      await product.stop()
      await sink.close()
      await remove()
    },
  }
}

async function startRun(
  api: Api,
  url: string,
  { first, records }: { first: number; records: number },
): Promise<string> {
  const lines = Array.from({ length: records }, (_, k) => `{"i":${first + k},"ok":"yes"}\n`)
  const file = await api<{ id: string; name: string }>(
    'POST',
    '/api/files?name=numbers.ndjson',
    lines.join(''),
  )
  const graph = chain([
    ['read', 'ndjson_file', { origin: { kind: 'upload', file: { id: file.id, name: file.name } } }],
    [
      'agreed',
      'consent_filter',
      {
        purposes: ['email_marketing'],
        lookAt: 'record',
        fields: [{ purpose: 'email_marketing', field: 'ok', granted: 'yes' }],
      },
    ],
    [
      'send',
      'webhook',
      {
        target: { kind: 'url', url },
        ratePerSecond: 0,
        concurrency: 20,
        purposes: ['email_marketing'],
        readable: true,
      },
    ],
  ])
  const name = `Numbers from ${first}`
  const flow = await api<{ id: string; draftVersion: number }>('POST', '/api/flows', {
    name,
    graph,
  })
  await api('POST', `/api/flows/${flow.id}/publish`, { base: flow.draftVersion })
  const run = await api<RunView>('POST', `/api/flows/${flow.id}/runs`, {})
  return run.id
}

/** The server answers with errors while a database is away: asked again until the run is over. */
async function ended(api: Api, runId: string): Promise<RunView> {
  const run = await until(
    () => api<RunView>('GET', `/api/runs/${runId}`).catch(() => undefined),
    (found) => found !== undefined && FINAL_STATES.has(found.state),
    ENDED_MS,
  )
  if (!run) throw new Error('The run cannot be read.')
  return run
}

async function pidOf(home: string, part: Part): Promise<number> {
  const running = await until(
    async () => {
      const text = await readFile(path.join(home, 'run.json'), 'utf8').catch(() => '[]')
      const parts = JSON.parse(text) as Array<{ name: string; pid: number }>
      return parts.find(({ name }) => name === part)
    },
    (found) => found !== undefined,
    BACK_MS,
  )
  return running?.pid ?? 0
}
