/** Where the `temporal` program (command line with the development server) comes from: design §2's chain. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { compareVersions } from './compare-versions.ts'
import { fetchTemporalFromVendor } from './fetch-temporal-vendor.ts'
import { fetchTemporalWithGo } from './fetch-temporal-go.ts'
import { type Chain, type FindContext, findFirst } from './find-step.ts'
import { fetchedFrom } from './install-binary.ts'
import {
  addressGiven,
  fileNamed,
  inCache,
  type Inspection,
  onPath,
  type Tool,
} from './look-for-binary.ts'

/** The server inside Temporal CLI 1.1; a build from source does not know its own CLI version. */
const oldestServer = '1.25.0'
const versionTimeoutMs = 20_000

export const temporalTool: Tool = {
  name: 'temporal',
  addressVariable: 'TEMPORAL_ADDRESS',
  pathVariable: 'HEDDLE_TEMPORAL',
  inspect: inspectTemporal,
}

export const temporalChain: Chain = {
  product: 'Temporal',
  steps: [
    addressGiven(temporalTool),
    fileNamed(temporalTool),
    onPath(temporalTool),
    inCache(temporalTool),
    fetchedFrom(temporalTool, fetchTemporalFromVendor),
    fetchedFrom(temporalTool, fetchTemporalWithGo),
  ],
  advice:
    'Install the Temporal CLI (https://docs.temporal.io/cli) so that `temporal` is on PATH, or set ' +
    'HEDDLE_TEMPORAL to the program, or TEMPORAL_ADDRESS to a server that runs already; then run the ' +
    'command again.',
}

export async function findTemporal(context: FindContext) {
  return findFirst(temporalChain, context)
}

/** The version that counts, and is returned, is that of the server inside. */
async function inspectTemporal(path: string): Promise<Inspection> {
  const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: versionTimeoutMs })
  const version = /server\s+v?(\d+\.\d+\.\d+)/i.exec(stdout)?.[1]
  if (!version) throw new Error('it does not name its server version as the Temporal CLI does')
  if (compareVersions(version, oldestServer) < 0)
    throw new Error(`its server ${version} is older than ${oldestServer} (Temporal CLI 1.1)`)
  return { version }
}
