/** The product as it runs: real MongoDB and Temporal, parts in processes of their own. */
import { fork, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { Client, Connection } from '@temporalio/client'
import type { FlowGraph } from '../../../engine/contract/flow.ts'
import type { RunView } from '../../../engine/contract/run.ts'
import { projectRoot } from '../../../engine/local/home.ts'
import { startTestServices } from '../../../engine/local/test-services.ts'
import { createRunner } from '../../../engine/run/start-run.ts'
import { openDataPlane, TASK_QUEUE } from '../../../engine/worker/main.ts'

const STOP_MS = 60_000

/** A folder for input files and all services write; `work` may use what `startParts` gives. */
export async function withServices<Result>(
  work: (services: BenchServices) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(path.join(tmpdir(), 'heddle-bench-'))
  const { stop, ...addresses } = await startTestServices()
  try {
    return await work({ ...addresses, folder })
  } finally {
    await stop()
    await rm(folder, { recursive: true, force: true })
  }
}

export interface BenchServices {
  mongoUri: string
  temporalAddress: string
  folder: string
}

export interface Part {
  pid: number
  stop(): Promise<void>
}

/** Starts `heddle <args>` and waits until it is ready. */
export async function startPart(services: BenchServices, args: readonly string[]): Promise<Part> {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  const child = fork(
    path.join(projectRoot, 'engine/cli/main.ts'),
    [...args, '--home', services.folder],
    {
      execArgv: ['--enable-source-maps', '--import', tsx, ...profiling(args[0] ?? '')],
      env: {
        ...process.env,
        MONGODB_URI: services.mongoUri,
        TEMPORAL_ADDRESS: services.temporalAddress,
        HEDDLE_IMPORT_FOLDERS: services.folder,
        TSX_TSCONFIG_PATH: path.join(projectRoot, 'tsconfig.json'),
      },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  )
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve())
    child.once('exit', (code) => reject(new Error(`heddle ${args[0] ?? ''} ended (${code}).`)))
  })
  return { pid: child.pid ?? 0, stop: () => end(child) }
}

/** `BENCH_CPU_PROF=folder` writes a CPU profile of each part there. */
function profiling(part: string): string[] {
  const folder = process.env['BENCH_CPU_PROF']
  return folder ? ['--cpu-prof', `--cpu-prof-dir=${folder}/${part}`] : []
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  child.kill('SIGTERM')
  await ended
  clearTimeout(late)
}

/** Starts flows as the server does, on the services' own database. */
export async function openRunner({ folder, ...addresses }: BenchServices) {
  const plane = await openDataPlane({ home: folder, mongoUri: addresses.mongoUri })
  const connection = await Connection.connect({ address: addresses.temporalAddress })
  const client = new Client({ connection })
  const runner = createRunner({
    runs: plane.dataPlane.runs,
    parked: plane.dataPlane.parked,
    livePages: plane.dataPlane.livePages,
    client,
    taskQueue: TASK_QUEUE,
    registry: plane.registry.current,
    now: () => new Date(),
  })
  return {
    ...plane,
    /** Runs a flow to its end. */
    async run(graph: FlowGraph): Promise<{ view: RunView; seconds: number }> {
      const started = performance.now()
      const { id } = await runner.start({
        flowId: 'bench',
        flowName: 'Bench',
        flowVersion: 1,
        graph,
        startedBy: 'bench',
        trigger: 'api',
      })
      await client.workflow.getHandle(`run-${id}`).result()
      const seconds = (performance.now() - started) / 1_000
      const view = await runner.viewOf(id)
      if (view.state !== 'completed')
        throw new Error(`The run ended as ${view.state}: ${view.failure?.message ?? 'no reason'}`)
      return { view, seconds }
    },
    /** The run that goes on for good, such as that of the flow Collect. */
    async liveRun(): Promise<string> {
      const [open] = await plane.dataPlane.runs.list({ state: 'running', limit: 1 })
      if (!open?.live) throw new Error('No flow is live.')
      return open._id
    },
    pause: runner.pause,
    resume: runner.resume,
    /** How many activities a run took. */
    async activitiesOf(runId: string): Promise<number> {
      const { events = [] } = await client.workflow.getHandle(`run-${runId}`).fetchHistory()
      return (events ?? []).filter((event) => event.activityTaskScheduledEventAttributes).length
    },
    async stop() {
      await connection.close()
      await plane.close()
    },
  }
}

export type BenchRunner = Awaited<ReturnType<typeof openRunner>>
