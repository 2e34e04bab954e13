/** What looking up consent at send time costs: the same flow with it and with answers from nowhere. */
import path from 'node:path'
import type { FlowGraph, FlowNode } from '../../engine/contract/flow.ts'
import { createSendGate, type SendGate } from '../../engine/run/send-gate.ts'
import type { ConsentStanding } from '../../engine/store/consents.ts'
import { nodeTypesFolder, TASK_QUEUE } from '../../engine/worker/main.ts'
import { startWorker } from '../../engine/worker/start-worker.ts'
import { alternate, type Bench } from './bench.ts'
import { cpuOfMongo, cpuOfProcess } from './support/cpu-time.ts'
import { IDENTIFIERS, writePersonEvents } from './support/person-events.ts'
import {
  openRunner,
  withServices,
  type BenchRunner,
  type BenchServices,
} from './support/product.ts'

const YES: ConsentStanding = {
  consent: {
    ads: { purpose: 'ads', state: 'granted', kind: 'explicit', at: new Date(0).toISOString() },
  },
}

/** Everybody says yes, and nobody is asked. */
const NO_LOOKUPS: SendGate = createSendGate({
  standing: async (ids) => new Map(ids.map((id) => [id, YES])),
  readEpoch: async () => 0,
  readPolicy: async () => ({
    rules: [{ purpose: 'ads', region: '*', basis: 'consent', validDays: 0 }],
  }),
  now: Date.now,
})

const node = (id: string, type: string, config: FlowNode['config']): FlowNode => ({
  ...{ id, type, version: 1, name: '', config },
  position: { x: 0, y: 0 },
})

const chain = (nodes: FlowNode[]): FlowGraph => ({
  schemaVersion: 1,
  nodes,
  wires: nodes.slice(1).map(({ id }, i) => ({
    id: `w${i}`,
    from: { node: nodes[i]?.id ?? '', port: 'out' },
    to: { node: id, port: 'in' },
  })),
  settings: {},
})

const people = (file: string): FlowNode[] => [
  node('events', 'ndjson_file', { origin: { kind: 'folder', path: file } }),
  node('match', 'identity_match', {
    identifiers: IDENTIFIERS.map(([type, field]) => ({ type, field })),
  }),
]

/** Everybody says yes: each record of theirs names a city. */
const consentFlow = (file: string): FlowGraph =>
  chain([
    ...people(file),
    node('record', 'record_consent', {
      purpose: 'ads',
      stateField: 'city',
      granted: 'lisbon,berlin,ghent,turin',
    }),
  ])

const sendFlow = (file: string): FlowGraph =>
  chain([
    ...people(file),
    node('filter', 'consent_filter', { purposes: ['ads'] }),
    node('file', 'file_export', { format: 'ndjson', purposes: ['ads'] }),
  ])

/** Of the worker, which is this process, and of MongoDB: other work on the machine does not count. */
const cpuUsed = async ({ database }: BenchRunner): Promise<number> =>
  (await cpuOfProcess(process.pid)) + (await cpuOfMongo(database))

/** A worker in this process, so that one part of it can be taken out. */
const openWorker = (services: BenchServices, runner: BenchRunner, gate?: SendGate) =>
  startWorker({
    temporalAddress: services.temporalAddress,
    namespace: 'default',
    taskQueue: TASK_QUEUE,
    cacheFolder: `${services.folder}/cache`,
    dataPlane: gate ? { ...runner.dataPlane, gate } : runner.dataPlane,
    nodeTypesFolder: nodeTypesFolder(services.folder),
    registryOf: runner.registry.of,
    createScheduledRun: async () => {
      throw new Error('This bench has no schedules.')
    },
  })

export const consentCost: Bench = {
  name: 'consent-cost',
  run: (options) =>
    withServices(async (services) => {
      const file = path.join(services.folder, 'people.ndjson')
      await writePersonEvents(file, options.events)
      process.env['HEDDLE_IMPORT_FOLDERS'] = services.folder
      const runner = await openRunner(services)
      const measure = async (flow: FlowGraph, gate?: SendGate): Promise<number> => {
        const worker = await openWorker(services, runner, gate)
        try {
          const before = await cpuUsed(runner)
          const { view } = await runner.run(flow)
          const seconds = (await cpuUsed(runner)) - before
          const delivered = view.counts['file']?.out['delivered'] ?? 0
          if (flow.nodes.length > 3 && delivered !== options.events)
            throw new Error(`Only ${delivered} of ${options.events} records were sent.`)
          return options.events / seconds
        } finally {
          await worker.stop()
        }
      }
      try {
        await measure(consentFlow(file))
        await measure(sendFlow(file))
        const { limit, product } = await alternate(
          options,
          () => measure(sendFlow(file), NO_LOOKUPS),
          () => measure(sendFlow(file)),
        )
        return {
          value: product,
          unit: 'events/CPU-s',
          limit,
          compares: 'ratio',
          bar: 0.95,
          better: 'more',
        }
      } finally {
        await runner.stop()
      }
    }),
}
