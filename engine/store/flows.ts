/** Flows: one draft each, written with its base version, and immutable published versions. */
import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import type { FlowSummary, FlowView, flowVersionSchema } from '../contract/api/flows.ts'
import { FLOW_SCHEMA_VERSION, readFlowGraph, type FlowGraph } from '../contract/flow.ts'
import type { Problem } from '../contract/problem.ts'
import { contentDigest } from './canonical-json.ts'
import type { Database } from './database.ts'
import { ConflictError, NotFoundError, ProblemsError } from './store-errors.ts'

interface FlowDocument {
  _id: string
  name: string
  draft: FlowGraph
  /** Raised with each change of the draft. */
  draftVersion: number
  /** Of name and draft. */
  digest: string
  /** Last published version, with the digest of what it froze. */
  published?: number
  publishedDigest?: string
  /** Whether the published version runs by itself. */
  scheduled: boolean
  createdAt: Date
  updatedAt: Date
  updatedBy: string
}

interface FlowVersionDocument {
  _id: string
  flowId: string
  version: number
  name: string
  note?: string
  graph: FlowGraph
  publishedAt: Date
  publishedBy: string
}

export type FlowVersionView = z.infer<typeof flowVersionSchema>
export type FlowVersionGraph = FlowVersionView & { graph: FlowGraph }
/** What the list is read by: the last flow of the page before. */
export interface FlowPosition {
  updatedAt: Date
  id: string
}

export interface CreateFlowInput {
  name: string
  graph?: FlowGraph | undefined
  by: string
}

export interface WriteDraftInput {
  base: number
  name: string
  graph: FlowGraph
  by: string
}

export interface PublishInput {
  base: number
  note?: string | undefined
  by: string
  /** Finds what is wrong with the draft; errors refuse it. */
  analyse: (graph: FlowGraph) => { problems: readonly Problem[] }
}

const EMPTY: FlowGraph = {
  schemaVersion: FLOW_SCHEMA_VERSION,
  nodes: [],
  wires: [],
  settings: {},
}

const digestOf = (name: string, graph: FlowGraph): string => contentDigest({ name, graph })

type Listed = Omit<FlowDocument, 'draft'> & { steps: number }

const summarise = (flow: Listed): FlowSummary => ({
  id: flow._id,
  name: flow.name,
  ...(flow.published === undefined ? {} : { published: flow.published }),
  draftAhead: flow.digest !== flow.publishedDigest,
  scheduled: flow.scheduled,
  updatedAt: flow.updatedAt.toISOString(),
  updatedBy: flow.updatedBy,
  steps: flow.steps,
})

const view = (flow: FlowDocument): FlowView => ({
  ...summarise({ ...flow, steps: flow.draft.nodes.length }),
  draft: readFlowGraph(flow.draft),
  draftVersion: flow.draftVersion,
})

const versionView = (found: FlowVersionDocument): FlowVersionGraph => ({
  flowId: found.flowId,
  version: found.version,
  name: found.name,
  ...(found.note === undefined ? {} : { note: found.note }),
  publishedAt: found.publishedAt.toISOString(),
  publishedBy: found.publishedBy,
  graph: readFlowGraph(found.graph),
})

export function createFlowStore(database: Database) {
  const flows = database.collection<FlowDocument>('flows')
  const versions = database.collection<FlowVersionDocument>('flow_versions')

  const need = async (id: string): Promise<FlowDocument> => {
    const flow = await flows.findOne({ _id: id })
    if (!flow) throw new NotFoundError('flow')
    return flow
  }

  const stale = (current: FlowDocument): ConflictError =>
    new ConflictError(
      'draft_is_stale',
      `The flow was changed by ${current.updatedBy} in the meantime. Load it again before you save.`,
      view(current),
    )

  return {
    async create({ name, graph = EMPTY, by }: CreateFlowInput): Promise<FlowView> {
      const now = new Date()
      const flow: FlowDocument = {
        _id: randomUUID(),
        name,
        draft: graph,
        draftVersion: 1,
        digest: digestOf(name, graph),
        scheduled: false,
        createdAt: now,
        updatedAt: now,
        updatedBy: by,
      }
      await flows.insertOne(flow)
      return view(flow)
    },

    async read(id: string): Promise<FlowView> {
      return view(await need(id))
    },

    /** Last changed first. */
    async list(limit: number, after?: FlowPosition): Promise<FlowSummary[]> {
      const found = await flows
        .aggregate<Listed>([
          ...(after
            ? [
                {
                  $match: {
                    $or: [
                      { updatedAt: { $lt: after.updatedAt } },
                      { updatedAt: after.updatedAt, _id: { $gt: after.id } },
                    ],
                  },
                },
              ]
            : []),
          { $sort: { updatedAt: -1, _id: 1 } },
          { $limit: limit },
          { $set: { steps: { $size: '$draft.nodes' } } },
          { $unset: 'draft' },
        ])
        .toArray()
      return found.map(summarise)
    },

    /** Compare and set. A write that changes nothing raises no version. */
    async writeDraft(id: string, input: WriteDraftInput): Promise<FlowView> {
      const digest = digestOf(input.name, input.graph)
      const before = await need(id)
      if (before.digest === digest) return view(before)
      const after = await flows.findOneAndUpdate(
        { _id: id, draftVersion: input.base },
        {
          $set: {
            name: input.name,
            draft: input.graph,
            digest,
            updatedAt: new Date(),
            updatedBy: input.by,
          },
          $inc: { draftVersion: 1 },
        },
        { returnDocument: 'after' },
      )
      if (!after) throw stale(await need(id))
      return view(after)
    },

    /** Freezes the draft. Publishing what is published already gives that version again. */
    async publish(id: string, input: PublishInput): Promise<FlowVersionGraph> {
      const flow = await need(id)
      if (flow.draftVersion !== input.base) throw stale(flow)
      const { problems } = input.analyse(flow.draft)
      if (problems.some(({ severity }) => severity === 'error')) throw new ProblemsError(problems)
      const frozen = await database.client.withSession((session) =>
        session.withTransaction(async () => {
          const current = await flows.findOne({ _id: id }, { session })
          if (!current) throw new NotFoundError('flow')
          if (current.draftVersion !== input.base) throw stale(current)
          if (current.publishedDigest === current.digest && current.published !== undefined)
            return versions.findOne({ flowId: id, version: current.published }, { session })
          const version: FlowVersionDocument = {
            _id: `${id}:${(current.published ?? 0) + 1}`,
            flowId: id,
            version: (current.published ?? 0) + 1,
            name: current.name,
            ...(input.note === undefined ? {} : { note: input.note }),
            graph: current.draft,
            publishedAt: new Date(),
            publishedBy: input.by,
          }
          await versions.insertOne(version, { session })
          await flows.updateOne(
            { _id: id },
            {
              $set: {
                published: version.version,
                publishedDigest: current.digest,
                scheduled: current.draft.settings.schedule?.enabled ?? false,
              },
            },
            { session },
          )
          return version
        }),
      )
      if (!frozen) throw new NotFoundError('version of the flow')
      return versionView(frozen)
    },

    /** Newest first, from the one before `before`. */
    async listVersions(id: string, limit: number, before?: number): Promise<FlowVersionView[]> {
      await need(id)
      const found = await versions
        .find({ flowId: id, ...(before === undefined ? {} : { version: { $lt: before } }) })
        .sort({ version: -1 })
        .limit(limit)
        .toArray()
      return found.map(versionView)
    },

    async readVersion(id: string, version: number): Promise<FlowVersionGraph> {
      const found = await versions.findOne({ flowId: id, version })
      if (!found) throw new NotFoundError('version of the flow')
      return versionView(found)
    },

    async remove(id: string): Promise<void> {
      const { deletedCount } = await flows.deleteOne({ _id: id })
      if (deletedCount === 0) throw new NotFoundError('flow')
      await versions.deleteMany({ flowId: id })
    },
  }
}

export type FlowStore = ReturnType<typeof createFlowStore>
