/** What the server needs of the rest of the product, handed in as one object by `main.ts`. */
import type { Readable } from 'node:stream'
import type { RequestHandler } from 'express'
import type { Logger } from 'pino'
import type { z } from 'zod'
import type { routes } from '../contract/api.ts'
import type { FileView } from '../contract/api/files.ts'
import type { Analysis } from '../contract/api/flows.ts'
import type {
  audienceViewSchema,
  profileSummarySchema,
  ProfileView,
} from '../contract/api/profiles.ts'
import type { DeadLetterView, outputFileSchema } from '../contract/api/runs.ts'
import type { CatalogEntry } from '../contract/catalog.ts'
import type { FlowGraph, Schedule } from '../contract/flow.ts'
import type { RunState, RunView } from '../contract/run.ts'
import type { PropagationView } from '../store/propagations.ts'
import type { LintPolicy } from '../flow/lint-flow.ts'
import type { Collect } from './collect/create-collect.ts'
import type { Database } from '../store/database.ts'
import type { DryRuns } from './dry-runs.ts'
import type { RequestsPart } from './requests-part.ts'

export interface List<Item> {
  items: Item[]
  next?: string
}

export interface PageQuery {
  limit: number
  cursor?: string | undefined
}

export interface OutputStream {
  name: string
  mediaType: string
  bytes: number
  stream: Readable
}

export type OutputFileView = z.infer<typeof outputFileSchema>
export type AudienceView = z.infer<typeof audienceViewSchema>
export type ProfileSummary = z.infer<typeof profileSummarySchema>
export type SampleView = z.infer<typeof routes.sampleRead.answer>

export interface RunsPart {
  start(input: {
    flowId: string
    version: number
    startedBy: string
    trigger: RunView['trigger']
    /** Of a live flow that never ran: since when events are taken. Default: now. */
    liveFrom?: Date
  }): Promise<RunView>
  read(id: string): Promise<RunView | undefined>
  list(
    query: PageQuery & { flow?: string | undefined; state?: RunState | undefined },
  ): Promise<List<RunView>>
  /** The run as it is, then again after each change; ends when the run does or `signal` says so. */
  watch(id: string, signal: AbortSignal): AsyncIterable<RunView>
  pause(id: string): Promise<RunView>
  resume(id: string): Promise<RunView>
  cancel(id: string): Promise<RunView>
  retry(id: string, by: string): Promise<RunView>
  files(id: string): Promise<OutputFileView[]>
  openFile(runId: string, nodeId: string): Promise<OutputStream | undefined>
  graphOf(id: string): Promise<FlowGraph>
}

/** Values are handed over in the clear: masking is the server's. */
export interface ServerParts {
  database: Database
  /** One for all: its keys, limits and tally are those of the collect endpoints. */
  collect: Collect
  /** At least 32 bytes, kept outside the database. */
  secretsKey: Buffer
  registry: {
    catalog(): readonly CatalogEntry[]
    broken(): ReadonlyArray<{ file: string; line?: number | undefined; reason: string }>
    version(): string
    /** True while engineers work on node types, and they are read again when they change. */
    watches: boolean
    /** Gives back how to stop listening. */
    onChange(listener: () => void): () => void
  }
  analyse(graph: FlowGraph, policy?: LintPolicy): Analysis
  dryRuns: DryRuns
  runs: RunsPart
  schedules: {
    sync(flowId: string, version: number, schedule: Schedule | undefined): Promise<void>
    remove(flowId: string): Promise<void>
  }
  deadLetters: {
    list(
      query: PageQuery & {
        run?: string | undefined
        node?: string | undefined
        code?: string | undefined
      },
    ): Promise<List<DeadLetterView>>
    rerun(input: {
      run: string
      node?: string | undefined
      ids?: string[] | undefined
      by: string
    }): Promise<RunView>
    /** Returns how many were given up. */
    discard(ids: readonly string[]): Promise<number>
  }
  files: {
    store(input: { name: string; stream: Readable; by: string }): Promise<FileView>
    list(query: PageQuery): Promise<List<FileView>>
    read(id: string): Promise<FileView | undefined>
    /** False when there is no such file. */
    remove(id: string): Promise<boolean>
  }
  profiles: {
    search(query: PageQuery & { search?: string | undefined }): Promise<List<ProfileSummary>>
    read(id: string): Promise<ProfileView | undefined>
    /** The profile that owns an identifier, normalised here; undefined when nobody does. */
    idOf(type: string, value: string): Promise<string | undefined>
  }
  /** Telling recipients of withdrawals and objections. */
  propagations: {
    /** Makes sure that what is open is being worked on; does not wait. */
    start(): void
    ofProfile(profileId: string): Promise<PropagationView[]>
  }
  requests: RequestsPart
  audiences: { list(query: PageQuery): Promise<List<AudienceView>> }
  sample: { state(): Promise<SampleView>; load(): Promise<Pick<SampleView, 'state'>> }
  /** Sends a test message through a connection, by the egress client. */
  sendTest(connectionId: string): Promise<{ ok: boolean; message: string }>
  /** `parts` names what is up and what is not. */
  health(): Promise<{ ok: boolean; parts: Record<string, 'up' | 'down'> }>
}

export interface ServerOptions {
  version: string
  /** Where people reach it, as `http://localhost:7300`: for links, cookies, and the host check. */
  publicUrl: string
  /** Folder of the built editor. */
  editorFolder: string
  /** Serves the editor from its source instead, while engineers work on it. */
  editorFromSource?: RequestHandler
  log: Logger
  /** Most bytes of one upload. Default 2 GiB. */
  uploadLimit?: number
  /** Proxies in front whose `X-Forwarded-For` is believed, as Express takes it. Default none. */
  trustProxy?: string
}
