/** Runs one of the vendors' download scripts as a process, with progress, and ends it when it stands still. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Report } from './find-step.ts'
import { runCommand } from './run-command.ts'
import { sayProgress } from './say-progress.ts'

export interface FetchScript {
  /** File name beside this one; it prints the path of what it fetched as its last line. */
  script: string
  folder: string
  label: string
  stallMs: number
  env: NodeJS.ProcessEnv
  report: Report
}

const timeoutMs = 30 * 60 * 1000
const here = dirname(fileURLToPath(import.meta.url))

export async function runFetchScript(options: FetchScript): Promise<string> {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  const result = await runCommand({
    command: process.execPath,
    args: ['--import', tsx, join(here, options.script), options.folder],
    env: options.env,
    timeoutMs,
    stallMs: options.stallMs,
    grows: options.folder,
    onProgress: sayProgress(options.label, options.report),
  })
  const path = result.output.trim().split('\n').at(-1)?.trim()
  if (!result.ok || !path) throw new Error(result.reason)
  return path
}
