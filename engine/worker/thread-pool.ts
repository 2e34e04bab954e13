/** Threads for pure steps: the main thread stays free for heartbeats, and a runaway page is ended. */
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { pathToFileURL } from 'node:url'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { Piscina } from 'piscina'
import type { FlowNode } from '../contract/flow.ts'
import { InterruptedError, RejectedError } from '../contract/error.ts'
import type { Verdict } from '../contract/item.ts'
import type { PackedResult } from '../run/pack-result.ts'
import type { ConsentFacts } from '../run/send-gate.ts'
import { answerConsent } from './consent-port.ts'
import { createShared, ITEM_MS, watchItems, type EndedItem } from './item-watch.ts'
import { readAnswer, type ThreadAnswer, type Verdicts } from './thread-answer.ts'
import type { JudgeTask, ThreadTask, Watched } from './thread.ts'

/** A page of 5,000 items takes well under a second; this much means an expression runs away. */
const PAGE_DEADLINE_MS = 30_000

/** Room for what a few pages make: a smaller one has the collector copy records that live on. */
const YOUNG_MB = 64
/** A page is 4 MiB before it is read: what needs so much more is no honest work. */
const OLD_MB = 1_024

/** Threads read TypeScript themselves, whoever started this process. */
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

export interface ThreadPool {
  run(task: ThreadTask, signal: AbortSignal): Promise<PackedResult>
  judge(task: JudgeTask): Promise<Verdict[]>
  close(): Promise<void>
}

export interface ThreadPoolOptions {
  /** Where the versions of engineers' own node types are kept. */
  nodeTypesFolder: string
  deadlineMs?: number
  /** Most threads; as many as the machine has cores unless told. */
  threads?: number
  /** Of one thread, in megabytes. */
  memoryMb?: number
  /** Without them, no step may send in a thread. */
  consent?: ConsentFacts
}

export function createThreadPool({
  nodeTypesFolder,
  deadlineMs = PAGE_DEADLINE_MS,
  threads = Math.max(2, availableParallelism()),
  memoryMb = OLD_MB,
  consent,
}: ThreadPoolOptions) {
  const pool = new Piscina<AnyTask & Watched, ThreadAnswer>({
    filename: new URL('./thread.ts', import.meta.url).href,
    minThreads: 1,
    maxThreads: threads,
    idleTimeout: 60_000,
    workerData: { nodeTypesFolder },
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB, maxOldGenerationSizeMb: memoryMb },
    execArgv: ['--import', TSX],
  })

  /** One try of a page: its result, or the item that the thread was ended for. */
  async function attempt(task: AnyTask, ended: readonly EndedItem[], signal: AbortSignal) {
    const stop = new AbortController()
    const shared = createShared()
    const nodeIds = nodesOf(task).map(({ id }) => id)
    let stuck: EndedItem | undefined
    const stopWatching = watchItems(shared, nodeIds, (item) => {
      stuck = item
      stop.abort()
    })
    const line = consent && openConsentLine(consent)
    try {
      const watched = { ...task, shared, ended, ...(line ? { consent: line.thread } : {}) }
      const options = {
        signal: AbortSignal.any([signal, stop.signal]),
        ...(line ? { transferList: [line.thread] } : {}),
      }
      return readAnswer(await pool.run(watched, options))
    } catch (error) {
      if (stuck && !signal.aborted) return stuck
      throw error
    } finally {
      stopWatching()
      line?.close()
    }
  }

  async function complete(task: AnyTask, signal: AbortSignal): Promise<PackedResult | Verdicts> {
    const deadline = AbortSignal.timeout(deadlineMs)
    const ended: EndedItem[] = []
    try {
      for (;;) {
        const outcome = await attempt(task, ended, AbortSignal.any([signal, deadline]))
        if (!('nth' in outcome)) return outcome
        ended.push(outcome)
        if (ended.length >= mostEnded(task)) throw itemsTooSlow(task, outcome)
      }
    } catch (error) {
      if (signal.aborted) throw new InterruptedError()
      if (deadline.aborted) throw tooSlow(task, deadlineMs)
      throw isOutOfMemory(error) ? tooLarge(task, memoryMb) : error
    }
  }

  return {
    run: async (task: ThreadTask, signal: AbortSignal): Promise<PackedResult> =>
      (await complete(task, signal)) as PackedResult,
    judge: async (task: JudgeTask): Promise<Verdict[]> =>
      ((await complete(task, NEVER)) as Verdicts).verdicts,
    close: () => pool.destroy(),
  } satisfies ThreadPool
}

type AnyTask = ThreadTask | JudgeTask

/** A page's own line to the main thread. */
function openConsentLine(facts: ConsentFacts): { thread: MessagePort; close(): void } {
  const { port1, port2 } = new MessageChannel()
  answerConsent(port1, facts)
  return { thread: port2, close: () => port1.close() }
}

const nodesOf = (task: AnyTask): FlowNode[] =>
  'input' in task ? task.input.nodes.map(({ node }) => node) : [task.node]
const NEVER = new AbortController().signal

/** A thread must start again after each; a dry run says at once what is wrong. */
const mostEnded = ({ scope }: AnyTask): number => (scope.mode === 'preview' ? 1 : 5)

const nameOf = ({ scope }: AnyTask, nodeId: string): string => {
  const node = scope.graph.nodes.find(({ id }) => id === nodeId)
  return node?.name || node?.type || nodeId
}

const itemsTooSlow = (task: AnyTask, { nodeId }: EndedItem): RejectedError =>
  new RejectedError(
    'too_slow',
    `"${nameOf(task, nodeId)}" takes longer than ${ITEM_MS / 1_000} s for a record. Simplify it, then try again.`,
    { nodeId },
  )

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'

const tooLarge = (task: AnyTask, memoryMb: number): RejectedError =>
  new RejectedError(
    'page_too_large',
    `A page needs more than ${memoryMb} MB of memory. A step makes too much of it: look at its formulas.`,
    suspectOf(task),
  )

function tooSlow(task: AnyTask, deadlineMs: number): RejectedError {
  return new RejectedError(
    'page_deadline',
    `A page was not finished after ${deadlineMs / 1_000} s. A formula may run without end: simplify it, then retry.`,
    suspectOf(task),
  )
}

/** The step that is most likely the reason. */
function suspectOf(task: AnyTask): { nodeId?: string } {
  const nodes = nodesOf(task)
  const suspect = nodes.find(({ type }) => type === 'formula') ?? nodes[0]
  return suspect ? { nodeId: suspect.id } : {}
}
