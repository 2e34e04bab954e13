/** The engine's pieces in the shape the server asks for. */
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import type { ProfileView } from '../contract/api/profiles.ts'
import type { DeadLetterView } from '../contract/api/runs.ts'
import type { NodeType } from '../contract/node.ts'
import { FINAL_STATES, type RunView } from '../contract/run.ts'
import { projectRoot } from '../local/home.ts'
import { analyseFlow } from '../flow/analyse-flow.ts'
import { readIdentifier } from '../identity/normalise-identifier.ts'
import { startPropagation } from '../run/start-propagation.ts'
import { createTools } from '../run/node-context.ts'
import { catalogOf, type BrokenNodeFile } from '../run/registry.ts'
import type { LiveRegistry } from '../run/live-registry.ts'
import { createRunner } from '../run/start-run.ts'
import { createSchedules } from '../run/schedules.ts'
import type { Database } from '../store/database.ts'
import { createFlowStore } from '../store/flows.ts'
import type { DeadLetter } from '../store/parked.ts'
import type { ProfileDocument } from '../store/profiles.ts'
import { scopeOf, type RunDocument } from '../store/runs.ts'
import type { DataPlane } from '../worker/data-plane.ts'
import { createJudge } from '../worker/judge-apart.ts'
import { createDryRuns } from './dry-runs.ts'
import type { ThreadPool } from '../worker/thread-pool.ts'
import type { RunsPart, ServerParts } from './parts.ts'
import { createRequestsPart } from './requests-part.ts'
import { createCollect } from './collect/create-collect.ts'
import { withNext } from './with-next.ts'
import { createSampleLoader } from './load-sample.ts'

export interface BuildPartsInput {
  database: Database
  dataPlane: DataPlane
  registry: LiveRegistry
  /** For dry runs: what people wrote never runs where calls are answered. */
  threads: Pick<ThreadPool, 'judge'>
  client: Client
  taskQueue: string
  secretsKey: Buffer
  sendTest: ServerParts['sendTest']
}

/** How often a watched run is looked at. */
const WATCH_MS = 100
const TIMELINE = 100

export function buildParts(input: BuildPartsInput): ServerParts {
  const { database, dataPlane, registry, threads, client, taskQueue, secretsKey } = input
  const { runs, parked, outputs, uploads, profiles, deliveries } = dataPlane
  const types = (): ReadonlyMap<string, NodeType> => registry.current().types
  const flows = createFlowStore(database)
  const runner = createRunner({
    runs,
    parked,
    livePages: dataPlane.livePages,
    client,
    taskQueue,
    registry: registry.current,
    now: () => new Date(),
  })
  const startVersion: RunsPart['start'] = async ({ flowId, version, ...how }) => {
    const { graph, name } = await flows.readVersion(flowId, version)
    return runner.start({
      flowId,
      flowName: name,
      flowVersion: version,
      graph,
      ...how,
    })
  }
  const find = async (id: string): Promise<RunDocument | undefined> =>
    (await runs.find(id)) ?? undefined

  const read = async (id: string): Promise<RunView | undefined> => {
    const run = await find(id)
    return run && runs.view(run)
  }

  return {
    database,
    collect: createCollect({ database, suppressions: dataPlane.suppressions }),
    secretsKey,
    registry: {
      catalog: () => catalogOf(registry.current()),
      broken: () => registry.current().broken.map(fromProject),
      version: () => registry.current().version,
      watches: registry.watches,
      onChange: registry.onChange,
    },
    analyse: (graph, policy) => analyseFlow(graph, types(), policy),
    dryRuns: createDryRuns({
      dataPlane,
      types,
      analyse: (graph) => analyseFlow(graph, types()),
      judgeApart: createJudge({ threads, registry: registry.current }),
    }),
    runs: {
      start: startVersion,
      read,
      async list({ flow, state, limit, cursor }) {
        const found = await runs.list({
          limit: limit + 1,
          ...(flow === undefined ? {} : { flow }),
          ...(state === undefined ? {} : { state }),
          ...(cursor === undefined ? {} : { before: new Date(cursor) }),
        })
        const items = await Promise.all(found.slice(0, limit).map(runs.view))
        return withNext(items, found.length > limit, (last) => last.startedAt)
      },
      async *watch(id, signal) {
        let shown = ''
        while (!signal.aborted) {
          const view = await read(id)
          if (!view) return
          const text = JSON.stringify(view)
          if (text !== shown) yield view
          shown = text
          if (FINAL_STATES.has(view.state)) return
          await sleep(WATCH_MS, undefined, { signal }).catch(() => undefined)
        }
      },
      pause: runner.pause,
      resume: runner.resume,
      cancel: runner.cancel,
      retry: (id) => runner.retry(id),
      async files(id) {
        const run = await find(id)
        const sizes = run ? await outputs.sizes(id) : []
        return sizes.flatMap(({ nodeId, bytes, rows }) => {
          const file = run && fileOf(run, nodeId, types())
          if (!file) return []
          const { name, mediaType, header = '' } = file
          const total = bytes + Buffer.byteLength(header)
          return [{ id: `${id}:${nodeId}`, runId: id, nodeId, name, mediaType, bytes: total, rows }]
        })
      },
      async openFile(runId, nodeId) {
        const run = await find(runId)
        const file = run && fileOf(run, nodeId, types())
        const size = (await outputs.sizes(runId)).find((entry) => entry.nodeId === nodeId)
        if (!file || !size) return undefined
        const { name, mediaType, header = '' } = file
        const bytes = size.bytes + Buffer.byteLength(header)
        return { name, mediaType, bytes, stream: outputs.open(runId, nodeId, header) }
      },
      async graphOf(id) {
        return (await find(id))?.graph ?? { schemaVersion: 1, nodes: [], wires: [], settings: {} }
      },
    },
    schedules: createSchedules({ client, taskQueue }),
    deadLetters: {
      async list({ run, node, code, limit, cursor }) {
        const found = await parked.listLetters({
          limit: limit + 1,
          ...(run === undefined ? {} : { run }),
          ...(node === undefined ? {} : { node }),
          ...(code === undefined ? {} : { code }),
          ...(cursor === undefined ? {} : { after: cursor }),
        })
        return withNext(found.slice(0, limit).map(letterView), found.length > limit, (l) => l.id)
      },
      rerun: ({ run, node, ids, by }) =>
        runner.rerunLetters({
          run,
          by,
          ...(node === undefined ? {} : { node }),
          ...(ids === undefined ? {} : { ids }),
        }),
      discard: (ids) => parked.setLetterState(ids, 'discarded'),
    },
    files: {
      store: uploads.store,
      async list({ limit, cursor }) {
        const before = cursor === undefined ? undefined : new Date(cursor)
        const found = await uploads.list(limit + 1, before)
        return withNext(found.slice(0, limit), found.length > limit, (file) => file.uploadedAt)
      },
      read: uploads.find,
      remove: uploads.remove,
    },
    profiles: {
      async search({ search, limit, cursor }) {
        const found = await profiles.search(search, limit + 1, cursor)
        const items = found.slice(0, limit).map(summaryOf)
        return withNext(items, found.length > limit, (profile) => profile.id)
      },
      async idOf(type, value) {
        const [identifier] = readIdentifier(type, value)
        if (!identifier) return undefined
        const digest = dataPlane.identities.digest(identifier)
        return (await dataPlane.identities.ownersOf([digest])).get(digest)
      },
      async read(id) {
        const document = (await profiles.readDocuments([id])).get(id)
        if (!document) return undefined
        const [events, disclosures] = await Promise.all([
          profiles.timeline(document._id, TIMELINE),
          deliveries.ofProfile(document._id, TIMELINE),
        ])
        return {
          ...summaryOf(document),
          masked: false,
          createdAt: document.createdAt.toISOString(),
          traits: document.traits,
          consent: document.consent,
          audiences: Object.entries(document.audiences).map(([key, { since }]) => ({ key, since })),
          events: events.map(({ time, name, source, properties }) => ({
            time: time.toISOString(),
            name,
            source,
            properties,
          })),
          disclosures: disclosures.map(({ at, recipient, flowId, fields, purposes }) => ({
            at: at.toISOString(),
            recipient,
            flowName: flowId,
            fields,
            purposes,
          })),
        }
      },
    },
    propagations: {
      start: () => void startPropagation(client, taskQueue).catch(() => undefined),
      ofProfile: dataPlane.propagations.ofProfile,
    },
    requests: createRequestsPart({ database, dataPlane, client, taskQueue }),
    audiences: { list: async () => ({ items: await dataPlane.audiences.list() }) },
    sample: createSampleLoader({
      database,
      flows,
      uploads,
      analyse: (g) => analyseFlow(g, types()),
      start: startVersion,
    }),
    sendTest: input.sendTest,
    async health() {
      const up = async (work: Promise<unknown>): Promise<'up' | 'down'> =>
        work.then(
          () => 'up' as const,
          () => 'down' as const,
        )
      const [mongodb, temporal, worker] = await Promise.all([
        up(database.db.command({ ping: 1 })),
        up(client.workflowService.getSystemInfo({})),
        up(pollers(client, taskQueue)),
      ])
      const parts = { server: 'up' as const, mongodb, temporal, worker }
      return { ok: Object.values(parts).every((part) => part === 'up'), parts }
    },
  }
}

/** Files within the project are named from there: where the project lies is nobody's business. */
const fromProject = (broken: BrokenNodeFile): BrokenNodeFile => ({
  ...broken,
  file: broken.file.startsWith(projectRoot) ? path.relative(projectRoot, broken.file) : broken.file,
})

/** Throws when no worker asks for work. */
async function pollers(client: Client, taskQueue: string): Promise<void> {
  const answer = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: 2,
  })
  if ((answer.pollers ?? []).length === 0) throw new Error('No worker asks for work.')
}

function fileOf(run: RunDocument, nodeId: string, types: ReadonlyMap<string, NodeType>) {
  const scope = scopeOf(run)
  return createTools({ scope, types, signal: new AbortController().signal }).parse(nodeId).file()
}

const letterView = (letter: DeadLetter): DeadLetterView => ({
  id: letter._id,
  runId: letter.runId,
  flowId: letter.flowId,
  nodeId: letter.nodeId,
  code: letter.code,
  ...(letter.detail === undefined ? {} : { detail: letter.detail }),
  attempts: letter.attempts,
  firstAt: letter.firstAt.toISOString(),
  lastAt: letter.lastAt.toISOString(),
  state: letter.state,
  fields: letter.item.fields,
})

const summaryOf = (
  document: ProfileDocument,
): Pick<ProfileView, 'id' | 'label' | 'identifiers' | 'updatedAt'> => ({
  id: document._id,
  label: labelOf(document),
  identifiers: document.identifiers.map(({ type, value }) => ({ type, value })),
  updatedAt: document.updatedAt.toISOString(),
})

function labelOf({ traits, identifiers }: ProfileDocument): string {
  const names = ['firstName', 'lastName'].flatMap((trait) => {
    const value = traits[trait]?.value
    return typeof value === 'string' ? [value] : []
  })
  return names.length > 0 ? names.join(' ') : (identifiers[0]?.value ?? 'Unknown person')
}
