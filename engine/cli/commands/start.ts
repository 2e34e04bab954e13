/** `heddle start`: all parts on this machine, under one supervisor, until Ctrl-C. */
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { createToken } from '../../server/auth/create-token.ts'
import { connectDatabase } from '../../store/database.ts'
import { nextFreePort } from '../../local/free-port.ts'
import { projectRoot, resolveHome } from '../../local/home.ts'
import { startLocal, type LocalServices } from '../../local/supervise.ts'
import { stopWithParent } from '../../local/stop-with-parent.ts'
import { writePrivateFile } from '../../local/write-private-file.ts'
import { buildEditor } from '../build-editor.ts'
import { MONGO_ADDRESS_FILE, readExtensions, readKey } from '../settings.ts'

export interface StartOptions {
  home?: string
  port: string
  sample?: boolean
  open: boolean
  /** Engineers' node types and the editor are read again as they change. */
  dev?: boolean
}

export async function start(options: StartOptions): Promise<void> {
  const home = resolveHome({ option: options.home })
  const stopped = untilStopped()
  const local = await startLocal({ home, report: (line) => console.log(line) })
  try {
    await writePrivateFile(path.join(home, 'secrets', MONGO_ADDRESS_FILE), local.mongoUri)
    if (!options.dev) await buildEditor((line) => console.log(line))
    const port = await nextFreePort(Number(options.port))
    if (port !== Number(options.port))
      console.log(`Port ${options.port} is taken by another program; using ${port}.`)
    const url = `http://127.0.0.1:${port}`
    const dev = options.dev ? ['--dev'] : []
    await startPart(local, home, ['worker', ...dev])
    const server = ['server', '--port', String(port), ...dev]
    const { ownerLink } = await startPart(local, home, server)
    await local.setAddress(url)
    if (options.sample) await loadSample(local, home, url)
    console.log(`\nHeddle is ready: ${ownerLink ?? url}`)
    if (ownerLink) console.log('The link works once; by it the owner sets a password.')
    console.log(`Runs as Temporal sees them: ${local.temporalUiUrl ?? 'not here'}`)
    if (options.dev) console.log(await devNotice())
    console.log('Press Ctrl-C to stop.')
    if (options.open && process.stdout.isTTY) openBrowser(ownerLink ?? url)
    await stopped
  } finally {
    await local.stop()
  }
}

async function devNotice(): Promise<string> {
  const { folders, packages } = await readExtensions()
  const named = [...folders, ...packages]
  return named.length === 0
    ? 'No folder of node types is named in heddle.config.ts. Make one with: npx heddle node new shout'
    : `Node types are read again when they change: ${named.join(', ')}`
}

const untilStopped = (): Promise<void> =>
  new Promise((resolve) => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
    stopWithParent(resolve)
  })

/** Starts the server or the worker in a process of its own; resolves when it is ready. */
async function startPart(
  local: LocalServices,
  home: string,
  args: string[],
): Promise<{ ownerLink?: string }> {
  let told: { ownerLink?: string } | undefined
  let ready = false
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  const main = path.join(projectRoot, 'engine/cli/main.ts')
  const name = args[0] ?? 'part'
  const child = local.supervise({
    name,
    command: process.execPath,
    args: ['--enable-source-maps', '--import', tsx, main, ...args, '--home', home],
    env: {
      ...process.env,
      MONGODB_URI: local.mongoUri,
      TEMPORAL_ADDRESS: local.temporalAddress,
      TSX_TSCONFIG_PATH: path.join(projectRoot, 'tsconfig.json'),
    },
    logFile: path.join(home, 'logs', `${name}.log`),
    onMessage: (message) => {
      told ??= message as { ownerLink?: string }
      ready = true
    },
    // After an unasked end, the part is back when the new process says so, not before.
    onEvent: ({ kind }) => {
      if (kind === 'exited') ready = false
    },
    isReady: async () => ready,
  })
  await child.ready
  return told ?? {}
}

async function loadSample(local: LocalServices, home: string, url: string): Promise<void> {
  const database = await connectDatabase({ uri: local.mongoUri })
  const secretsKey = await readKey(home, 'HEDDLE_SECRET_KEY', 'secrets')
  const token = await createToken(
    { database, secretsKey },
    { name: 'Sample at start', roles: ['owner'] },
  ).finally(() => database.close())
  const headers = { Authorization: `Bearer ${token}` }
  const call = async (method: string): Promise<{ state: string; progress?: string }> => {
    const answer = await fetch(`${url}/api/sample`, { method, headers })
    if (!answer.ok) throw new Error(`The sample could not be loaded (${answer.status}).`)
    return (await answer.json()) as { state: string; progress?: string }
  }
  let sample = await call('POST')
  let shown = ''
  while (sample.state === 'loading') {
    if (sample.progress && sample.progress !== shown) console.log((shown = sample.progress))
    await sleep(250)
    sample = await call('GET')
  }
  console.log(
    sample.state === 'loaded'
      ? 'The sample shop is loaded; its flow "Welcome back" runs.'
      : 'The sample could not be loaded; see logs/server.log in the home folder.',
  )
}

function openBrowser(url: string): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url]
  // Where no browser can be opened, the address on the screen is enough.
  spawn(command ?? '', args, { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref()
}
