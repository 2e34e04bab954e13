/** Builds the server from its parts and runs it until it is told to stop. */
import { createServer } from 'node:http'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { pino } from 'pino'
import { projectRoot } from '../local/home.ts'
import { stopWithParent } from '../local/stop-with-parent.ts'
import { nodeTypesFolder, openDataPlane, TASK_QUEUE, type WorkerMainInput } from '../worker/main.ts'
import { createThreadPool } from '../worker/thread-pool.ts'
import { VERSION } from '../version.ts'
import { createApp } from './app.ts'
import { scheduleRetention } from '../run/schedule-retention.ts'
import { createFlowStore } from '../store/flows.ts'
import { ensureCollectFlow } from './collect-flow.ts'
import { createOwnerLink } from './auth/links.ts'
import { buildParts } from './build-parts.ts'
import { createTestSender } from './send-test.ts'
import { editorFromSource } from './editor-from-source.ts'

export interface ServerMainInput extends WorkerMainInput {
  port: number
  /** Address to listen on: loopback unless told otherwise. */
  host: string
}

export async function runServer(input: ServerMainInput): Promise<void> {
  const { port, host } = input
  const { database, registry, dataPlane, secretsKey, connections, egress, close } =
    await openDataPlane(input)
  const connection = await Connection.connect({ address: input.temporalAddress })
  const namespace = process.env['TEMPORAL_NAMESPACE'] ?? 'default'
  const client = new Client({ connection, namespace })
  const publicUrl = process.env['HEDDLE_PUBLIC_URL'] ?? `http://127.0.0.1:${port}`
  const threads = createThreadPool({
    nodeTypesFolder: nodeTypesFolder(input.home),
    // One core stays free for answering calls.
    threads: Math.max(1, availableParallelism() - 1),
  })
  const parts = buildParts({
    threads,
    database,
    dataPlane,
    registry,
    client,
    taskQueue: TASK_QUEUE,
    secretsKey,
    sendTest: createTestSender({ connections, http: egress }),
  })
  const server = createServer()
  const editor = input.dev ? await editorFromSource(server) : undefined
  const log = pino({ level: process.env['HEDDLE_LOG_LEVEL'] ?? 'warn' })
  const app = createApp(parts, {
    version: VERSION,
    publicUrl,
    editorFolder: path.join(projectRoot, 'dist', 'editor'),
    ...(editor ? { editorFromSource: editor.handler } : {}),
    log,
  })
  server.on('request', (req, res) => {
    if (!parts.collect.handle(req, res)) void app(req, res)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const flows = createFlowStore(database)
  const { analyse, runs } = parts
  await ensureCollectFlow({ database, flows, analyse, start: runs.start }).catch((error: unknown) =>
    log.error(error, 'The flow "Collect" was not made.'),
  )
  await scheduleRetention(client, TASK_QUEUE).catch((error: unknown) =>
    log.error(
      error,
      'The sweep of old data was not scheduled. It is tried again at the next start.',
    ),
  )
  const ownerLink = await createOwnerLink(database, publicUrl)
  process.send?.({ ready: true, publicUrl, ownerLink })
  if (!process.send) console.log(ownerLink ? `First sign-in: ${ownerLink}` : `Open ${publicUrl}`)
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
    stopWithParent(resolve)
  })
  await editor?.close()
  server.close()
  server.closeAllConnections()
  await threads.close()
  await connection.close()
  await close()
}
