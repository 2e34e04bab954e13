/** The steps of a chain that only look: an address, a named file, PATH, the cache. */
import { access, constants, readdir, readFile, stat } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { z } from 'zod'
import { compareVersions } from './compare-versions.ts'
import type { FindStep, NotFound, StepResult } from './find-step.ts'

/** A program the chain looks for, and how to judge one. */
export interface Tool {
  /** File name without extension: `mongod`. */
  name: string
  addressVariable: string
  pathVariable: string
  /** Runs the program and returns its version, or throws with the reason it cannot be used. */
  inspect: (path: string) => Promise<Inspection>
}

export interface Inspection {
  version: string
  warning?: string
}

/** What the cache says about a binary in it; written when the binary was put there. */
export const aboutBinarySchema = z.object({
  version: z.string(),
  source: z.string(),
  bytes: z.number(),
  sha256: z.string(),
})

export const aboutBinaryFile = 'about.json'

export function addressGiven({ addressVariable }: Tool): FindStep {
  return {
    name: addressVariable,
    fetches: false,
    find: async ({ env }) => {
      const address = env[addressVariable]
      if (!address) return none('not set')
      return { kind: 'address', address, source: addressVariable }
    },
  }
}

export function fileNamed(tool: Tool): FindStep {
  return {
    name: tool.pathVariable,
    fetches: false,
    find: async ({ env }) => {
      const path = env[tool.pathVariable]
      if (!path) return none('not set')
      const result = await inspected(tool, path, tool.pathVariable)
      return result.kind === 'none' ? { ...result, final: true } : result
    },
  }
}

export function onPath(tool: Tool): FindStep {
  return {
    name: `${tool.name} on PATH`,
    fetches: false,
    find: async ({ env }) => {
      const path = await whichOf([tool.name], env)
      return path ? inspected(tool, path, 'PATH') : none('not on PATH')
    },
  }
}

export function inCache(tool: Tool): FindStep {
  return {
    name: 'cache',
    fetches: false,
    find: async ({ cache }) => {
      const folder = join(cache, tool.name)
      const versions = (await readdir(folder).catch(() => [])).sort(compareVersions).reverse()
      let reason = `nothing in ${folder}`
      for (const version of versions) {
        const result = await cached(tool, join(folder, version))
        if (result.kind !== 'none') return result
        reason = result.reason
      }
      return none(reason)
    },
  }
}

/** The first of these programs on PATH. */
export async function whichOf(
  names: string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  const folders = (env['PATH'] ?? '').split(delimiter).filter(Boolean)
  const endings = process.platform === 'win32' ? ['.exe', ''] : ['']
  for (const name of names)
    for (const folder of folders)
      for (const ending of endings) {
        const path = join(folder, name + ending)
        if (await isProgram(path)) return path
      }
  return undefined
}

export function binaryFile(tool: string): string {
  return process.platform === 'win32' ? `${tool}.exe` : tool
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}

async function cached(tool: Tool, folder: string): Promise<StepResult> {
  const path = join(folder, binaryFile(tool.name))
  const about = await readAbout(folder)
  const size = await stat(path).then(
    (file) => file.size,
    () => 0,
  )
  if (!about) return none(`${folder} has no record of what it holds; delete it`)
  if (size !== about.bytes)
    return none(`${path} has ${size} bytes instead of ${about.bytes}; delete its folder`)
  return inspected(tool, path, `cache (${about.source})`)
}

async function readAbout(folder: string) {
  try {
    const text = await readFile(join(folder, aboutBinaryFile), 'utf8')
    return aboutBinarySchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

async function inspected(tool: Tool, path: string, source: string): Promise<StepResult> {
  try {
    return { kind: 'binary', path, source, ...(await tool.inspect(path)) }
  } catch (error) {
    return none(`${path}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function none(reason: string): NotFound {
  return { kind: 'none', reason }
}
