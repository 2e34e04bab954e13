/** `heddle start`: all parts on this machine, under one supervisor, until Ctrl-C. */
import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { Client, Connection } from '@temporalio/client'
import { generateSample, sampleDefaults } from '../../../sample/generate.ts'
import { welcomeBack, type SampleUploads } from '../../../sample/welcome-back.ts'
import { droppedTotal, failedTotal, outTotal } from '../../contract/counts.ts'
import { projectRoot, resolveHome } from '../../local/home.ts'
import { startLocal, type LocalServices } from '../../local/supervise.ts'
import { createRunner } from '../../run/start-run.ts'
import { openDataPlane, TASK_QUEUE } from '../../worker/main.ts'

export async function start(options: { home?: string; sample?: boolean }): Promise<void> {
  const home = resolveHome({ option: options.home })
  const local = await startLocal({ home, report: (line) => console.log(line) })
  const stopped = untilStopped(local)
  try {
    await startWorkerProcess(local, home)
    await local.setAddress(local.temporalUiUrl ?? local.temporalAddress)
    console.log(`Heddle's worker is ready. Temporal's own pages: ${local.temporalUiUrl ?? 'none'}`)
    if (options.sample) await runSample(local, home)
    console.log('Press Ctrl-C to stop.')
    await stopped
  } finally {
    await local.stop()
  }
}

async function untilStopped(_local: LocalServices): Promise<void> {
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
    if (process.channel) process.once('disconnect', resolve)
  })
}

async function startWorkerProcess(local: LocalServices, home: string): Promise<void> {
  let ready = false
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  const child = local.supervise({
    name: 'worker',
    command: process.execPath,
    args: ['--import', tsx, path.join(projectRoot, 'engine/cli/main.ts'), 'worker', '--home', home],
    env: {
      ...process.env,
      MONGODB_URI: local.mongoUri,
      TEMPORAL_ADDRESS: local.temporalAddress,
      TSX_TSCONFIG_PATH: path.join(projectRoot, 'tsconfig.json'),
    },
    logFile: path.join(home, 'logs', 'worker.log'),
    onMessage: () => (ready = true),
    isReady: async () => ready,
  })
  await child.ready
}

/** Loads the made-up retailer and runs its flow, with the counts of each step. */
async function runSample(local: LocalServices, home: string): Promise<void> {
  const { database, registry, dataPlane } = await openDataPlane({ home, mongoUri: local.mongoUri })
  const connection = await Connection.connect({ address: local.temporalAddress })
  const folder = await mkdtemp(path.join(tmpdir(), 'heddle-sample-'))
  try {
    const today = new Date().toISOString().slice(0, 10)
    const sample = await generateSample({ ...sampleDefaults, today, folder })
    const uploads: Partial<SampleUploads> = {}
    for (const { kind, name, path: file } of sample.files)
      uploads[kind] = await dataPlane.uploads.store({
        name,
        stream: createReadStream(file),
        by: 'sample',
      })
    const client = new Client({ connection })
    const runner = createRunner({
      runs: dataPlane.runs,
      parked: dataPlane.parked,
      client,
      taskQueue: TASK_QUEUE,
      types: () => registry.types,
      now: () => new Date(),
    })
    const graph = welcomeBack(uploads as SampleUploads)
    const started = await runner.start({
      flowId: 'welcome-back',
      flowName: 'Welcome back',
      flowVersion: 1,
      graph,
      startedBy: 'sample',
      trigger: 'api',
    })
    await client.workflow.getHandle(`run-${started.id}`).result()
    const run = await runner.viewOf(started.id)
    console.log(`\nThe sample flow "Welcome back" has run: ${run.state.replaceAll('_', ' ')}.`)
    for (const node of graph.nodes) {
      const counts = run.counts[node.id]
      if (counts)
        console.log(
          `  ${node.name.padEnd(32)} in ${String(counts.in).padStart(6)}  out ${String(outTotal(counts)).padStart(6)}` +
            `  held back or dropped ${String(droppedTotal(counts)).padStart(6)}  failed ${String(failedTotal(counts)).padStart(4)}`,
        )
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
    await connection.close()
    await database.close()
  }
}
