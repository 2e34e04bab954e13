/**
 * `npm run histories:record`: plays every scenario on a real Temporal and keeps the histories beside
 * this file. Recorded ones are never replaced: they stand for runs that were in flight when the
 * workflows' code changed. `--again NAME` records one anew.
 */
import { access, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { Client, Connection } from '@temporalio/client'
import { startTestServices } from '../../engine/local/test-services.ts'
import { workflowBundle } from '../../engine/worker/bundle.ts'
import { pack, play } from './play.ts'
import { listScenarios } from './scenarios.ts'

const services = await startTestServices()
const connection = await Connection.connect({ address: services.temporalAddress })
const client = new Client({ connection })
const bundle = await workflowBundle(await mkdtemp(path.join(tmpdir(), 'heddle-histories-')))
const again = process.argv[process.argv.indexOf('--again') + 1]

for (const scenario of listScenarios()) {
  const file = path.join(import.meta.dirname, `${scenario.name}.json.gz`)
  if (scenario.name !== again && (await exists(file))) continue
  const { workflowId, histories } = await play(scenario, {
    client,
    temporalAddress: services.temporalAddress,
    bundle,
  })
  const kept = pack(workflowId, histories)
  await writeFile(file, await promisify(gzip)(JSON.stringify(kept)))
  console.log(`${scenario.name}: ${histories.length} in the chain`)
}
await connection.close()
await services.stop()

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
