/** How long a run of `times` activities takes when they do nothing, in seconds. */
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { Client, Connection } from '@temporalio/client'
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker'
import type { callOneAfterAnother } from './bare-workflow.ts'

const QUEUE = 'bench-bare'

export async function openBareRuns(temporalAddress: string) {
  Runtime.install({ logger: new DefaultLogger('WARN'), shutdownSignals: [] })
  const connection = await NativeConnection.connect({ address: temporalAddress })
  const worker = await Worker.create({
    connection,
    taskQueue: QUEUE,
    workflowsPath: fileURLToPath(new URL('./bare-workflow.ts', import.meta.url)),
    activities: { nothing: async () => undefined },
  })
  const done = worker.run()
  const client = new Client({ connection: await Connection.connect({ address: temporalAddress }) })
  return {
    async run(times: number): Promise<number> {
      const started = performance.now()
      await client.workflow.execute<typeof callOneAfterAnother>('callOneAfterAnother', {
        taskQueue: QUEUE,
        workflowId: `bench-${randomUUID()}`,
        args: [times],
      })
      return (performance.now() - started) / 1_000
    },
    async stop() {
      worker.shutdown()
      await done
      await client.connection.close()
      await connection.close()
    },
  }
}
