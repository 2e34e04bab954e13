/** Threads for pure steps: the main thread stays free for heartbeats, and a runaway page is ended. */
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { pathToFileURL } from 'node:url'
import { Piscina } from 'piscina'
import { InterruptedError, RejectedError } from '../contract/error.ts'
import type { PackedResult } from '../run/pack-result.ts'
import type { HopInput } from '../run/run-hop.ts'
import type { ThreadTask } from './thread.ts'

/** A page of 5,000 items takes well under a second; this much means an expression runs away. */
const PAGE_DEADLINE_MS = 30_000

/** Room for what a few pages make: a smaller one has the collector copy records that live on. */
const YOUNG_MB = 64

/** Threads read TypeScript themselves, whoever started this process. */
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

export interface ThreadPool {
  run(task: ThreadTask, signal: AbortSignal): Promise<PackedResult>
  close(): Promise<void>
}

export interface ThreadPoolOptions {
  /** Where the versions of engineers' own node types are kept. */
  nodeTypesFolder: string
  deadlineMs?: number
}

export function createThreadPool({
  nodeTypesFolder,
  deadlineMs = PAGE_DEADLINE_MS,
}: ThreadPoolOptions) {
  const pool = new Piscina<ThreadTask, PackedResult>({
    filename: new URL('./thread.ts', import.meta.url).href,
    minThreads: 1,
    maxThreads: Math.max(2, availableParallelism()),
    idleTimeout: 60_000,
    workerData: { nodeTypesFolder },
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    execArgv: ['--import', TSX],
  })
  return {
    async run(task: ThreadTask, signal: AbortSignal): Promise<PackedResult> {
      const deadline = AbortSignal.timeout(deadlineMs)
      try {
        return await pool.run(task, { signal: AbortSignal.any([signal, deadline]) })
      } catch (error) {
        if (signal.aborted) throw new InterruptedError()
        if (deadline.aborted) throw tooSlow(task.input, deadlineMs)
        throw error
      }
    },
    close: () => pool.destroy(),
  } satisfies ThreadPool
}

function tooSlow(input: HopInput, deadlineMs: number): RejectedError {
  const suspect = input.nodes.find(({ node }) => node.type === 'formula') ?? input.nodes[0]
  return new RejectedError(
    'page_deadline',
    `A page was not finished after ${deadlineMs / 1_000} s. A formula may run without end: simplify it, then retry.`,
    suspect ? { nodeId: suspect.node.id } : {},
  )
}
