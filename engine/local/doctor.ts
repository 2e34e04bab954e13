/** Says what was found where, and what to do about the rest. It looks only: nothing is fetched or started. */
import { execFile } from 'node:child_process'
import { readFile, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { cacheFolder } from './cache-folder.ts'
import { compareVersions } from './compare-versions.ts'
import { findChromium } from './find-chromium.ts'
import { mongodChain } from './find-mongod.ts'
import { type Chain, findFirst, lookOnly } from './find-step.ts'
import { temporalChain } from './find-temporal.ts'
import { isFreePort } from './free-port.ts'
import { projectRoot } from './home.ts'
import { type LockHolder, runningInstance } from './instance-lock.ts'
import { readPorts } from './saved-ports.ts'
import { usualPorts } from './supervise.ts'

export interface DoctorLine {
  state: 'ok' | 'warn' | 'fail'
  what: string
  found: string
  /** What to do; empty when all is well. */
  advice: string
}

export interface DoctorOptions {
  home: string
  env?: NodeJS.ProcessEnv
}

const oldestNode = '20.19'
const gigabyte = 1024 ** 3
const wantedDiskGB = 5

export async function runDoctor({ home, env = process.env }: DoctorOptions): Promise<DoctorLine[]> {
  const instance = await runningInstance(home)
  return [
    nodeLine(),
    await npmLine(),
    await packagesLine(),
    await chainLine(mongodChain, env),
    await chainLine(temporalChain, env),
    await chromiumLine(env),
    ...(await portLines(home, instance)),
    await diskLine(home),
    instanceLine(home, instance),
  ]
}

/** One line each, in columns: `ok    Node.js   20.20.2`. */
export function formatDoctor(lines: DoctorLine[]): string {
  const width = Math.max(...lines.map(({ what }) => what.length))
  return lines
    .flatMap(({ state, what, found, advice }) => [
      `${state.padEnd(5)} ${what.padEnd(width)}  ${found}`,
      ...(advice ? [`${' '.repeat(width + 8)}${advice}`] : []),
    ])
    .join('\n')
}

function nodeLine(): DoctorLine {
  const found = process.versions.node
  if (compareVersions(found, oldestNode) >= 0) return ok('Node.js', found)
  return fail('Node.js', found, `Install Node.js ${oldestNode} or newer.`)
}

async function npmLine(): Promise<DoctorLine> {
  try {
    const shell = process.platform === 'win32'
    const { stdout } = await promisify(execFile)('npm', ['--version'], { shell })
    return ok('npm', stdout.trim())
  } catch {
    return warn(
      'npm',
      'not found',
      'It comes with Node.js; packages cannot be installed without it.',
    )
  }
}

/** The hash bin/packages.mjs leaves after an installation. */
async function packagesLine(): Promise<DoctorLine> {
  const stamp = await readFile(join(projectRoot, 'node_modules/.heddle-lock'), 'utf8').catch(
    () => '',
  )
  return stamp
    ? ok('packages', 'as package-lock.json names them')
    : warn(
        'packages',
        'not checked',
        'Any heddle command installs them: node bin/heddle.mjs doctor',
      )
}

async function chainLine(chain: Chain, env: NodeJS.ProcessEnv): Promise<DoctorLine> {
  const { product } = chain
  try {
    const found = await findFirst(lookOnly(chain), {
      env,
      cache: cacheFolder(env),
      report: () => undefined,
    })
    // An address may hold a password, so only the variable that names it is shown.
    if (found.kind === 'address') return ok(product, `the address in ${found.source}`)
    const text = `${found.version}, ${found.path}, from ${found.source}`
    return found.warning ? warn(product, text, found.warning) : ok(product, text)
  } catch {
    return warn(product, 'not found', `The first start fetches it. By hand: ${chain.advice}`)
  }
}

async function chromiumLine(env: NodeJS.ProcessEnv): Promise<DoctorLine> {
  const found = await findChromium(env)
  if (found) return ok('Chromium', found)
  const advice = 'Only the browser tests need it: install Chromium or name one in HEDDLE_CHROMIUM.'
  return warn('Chromium', 'not found', advice)
}

async function portLines(home: string, instance: LockHolder | undefined): Promise<DoctorLine[]> {
  const ports = { ...usualPorts, ...(await readPorts(home)) }
  return Promise.all(
    Object.entries(ports).map(async ([name, port]) => {
      const what = `port ${name}`
      if (instance) return ok(what, `${port}, in use by the running instance`)
      if (await isFreePort(port)) return ok(what, `${port} is free`)
      return warn(what, `${port} is taken by another program`, 'The next free one will be used.')
    }),
  )
}

async function diskLine(home: string): Promise<DoctorLine> {
  const { bavail, bsize } = await statfs(await existingFolder(home))
  const free = (bavail * bsize) / gigabyte
  const found = `${free.toFixed(1)} GB free for ${home}`
  if (free >= wantedDiskGB) return ok('disk', found)
  return warn(
    'disk',
    found,
    `Have at least ${wantedDiskGB} GB, or name another folder with --home.`,
  )
}

async function existingFolder(path: string): Promise<string> {
  return statfs(path).then(
    () => path,
    () => existingFolder(dirname(path)),
  )
}

function instanceLine(home: string, instance: LockHolder | undefined): DoctorLine {
  if (!instance) return ok('instance', `none runs with ${home}`)
  const where = instance.address || 'still starting'
  return ok('instance', `${where}, process ${instance.pid}, since ${instance.startedAt}`)
}

function ok(what: string, found: string): DoctorLine {
  return { state: 'ok', what, found, advice: '' }
}

function warn(what: string, found: string, advice: string): DoctorLine {
  return { state: 'warn', what, found, advice }
}

function fail(what: string, found: string, advice: string): DoctorLine {
  return { state: 'fail', what, found, advice }
}
