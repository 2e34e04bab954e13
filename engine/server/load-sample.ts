/** Loads the made-up retailer: uploads its files, makes *Welcome back*, publishes and runs it. */
import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { generateSample, sampleDefaults } from '../../sample/generate.ts'
import { welcomeBack, type SampleUploads } from '../../sample/welcome-back.ts'
import type { Analysis } from '../contract/api/flows.ts'
import type { FlowGraph } from '../contract/flow.ts'
import type { Database } from '../store/database.ts'
import type { FlowStore } from '../store/flows.ts'
import type { UploadStore } from '../store/uploads.ts'
import type { RunsPart, SampleView } from './parts.ts'

export interface SampleDeps {
  database: Database
  flows: FlowStore
  uploads: UploadStore
  analyse(graph: FlowGraph): Analysis
  start: RunsPart['start']
}

type SampleDocument = SampleView & { _id: 'sample' }

const BY = 'Sample'

export function createSampleLoader(deps: SampleDeps) {
  const settings = deps.database.collection<SampleDocument>('settings')
  const tell = async (view: SampleView): Promise<void> => {
    await settings.replaceOne({ _id: 'sample' }, view, { upsert: true })
  }
  const state = async (): Promise<SampleView> => {
    const stored = await settings.findOne({ _id: 'sample' })
    if (!stored) return { state: 'absent' }
    const { _id, ...view } = stored
    return view
  }
  return {
    state,
    /** Answers at once; `state` tells how far it is. */
    async load(): Promise<SampleView> {
      const before = await state()
      if (before.state === 'loading' || before.state === 'loaded') return before
      await tell({ state: 'loading', progress: 'Making the files of the shop' })
      loadAll(deps, tell).catch(() => tell({ state: 'failed' }))
      return { state: 'loading' }
    },
  }
}

async function loadAll(deps: SampleDeps, tell: (view: SampleView) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'heddle-sample-'))
  try {
    const today = new Date().toISOString().slice(0, 10)
    const sample = await generateSample({ ...sampleDefaults, today, folder })
    const files: Partial<SampleUploads> = {}
    for (const { kind, name, path: file } of sample.files) {
      await tell({ state: 'loading', progress: `Uploading ${name}` })
      files[kind] = await deps.uploads.store({ name, stream: createReadStream(file), by: BY })
    }
    const graph = welcomeBack(files as SampleUploads)
    const flow = await deps.flows.create({ name: 'Welcome back', graph, by: BY })
    const { version } = await deps.flows.publish(flow.id, {
      base: flow.draftVersion,
      by: BY,
      analyse: deps.analyse,
    })
    await deps.start({ flowId: flow.id, version, startedBy: BY, trigger: 'person' })
    await tell({ state: 'loaded', flowId: flow.id })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
