/** The whole product as its user starts it, in a home folder of its own, for browser tests. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { anyFreePort } from '../../engine/local/free-port.ts'
import { projectRoot } from '../../engine/local/home.ts'

export interface Product {
  url: string
  /** The one-time link of the owner; none when the home has an owner. */
  ownerLink: string | undefined
  home: string
  /** Everything it has said so far. */
  said(): string
  stop(): Promise<void>
}

export interface StartProductInput {
  home: string
  port: number
  sample?: boolean
  /** Ports on this machine that webhooks may call: receivers of the tests listen there. */
  receivers?: readonly number[]
  /** `dev` reads node types again when they change. Default `start`. */
  command?: 'start' | 'dev'
  env?: Record<string, string>
}

const READY_MS = 240_000

/** A fresh home folder and what removes it. */
export async function makeHome(): Promise<{ home: string; remove(): Promise<void> }> {
  const home = await mkdtemp(path.join(tmpdir(), 'heddle-e2e-'))
  return { home, remove: () => rm(home, { recursive: true, force: true }) }
}

/** `heddle start` in a process of its own; resolves when it says that it is ready. */
export async function startProduct(input: StartProductInput): Promise<Product> {
  const { home, port, sample = false, receivers = [], command = 'start', env = {} } = input
  const bootstrap = path.join(projectRoot, 'bin/heddle.mjs')
  const args = [command, '--home', home, '--port', String(port), '--no-open']
  const child = spawn(process.execPath, [bootstrap, ...args, ...(sample ? ['--sample'] : [])], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      HEDDLE_EGRESS_ALLOW: 'loopback',
      HEDDLE_EGRESS_PORTS: [443, ...receivers].join(','),
      ...env,
    },
  })
  let said = ''
  const listen = (chunk: Buffer): void => {
    said += chunk.toString()
  }
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  const link = await readyLine(child, () => said)
  const ownerLink = link.includes('/claim') ? link : undefined
  return { url: new URL(link).origin, ownerLink, home, said: () => said, stop: () => stop(child) }
}

export const freePort = anyFreePort

function readyLine(child: ChildProcess, said: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const failure = (what: string): Error => new Error(`The product ${what}. It said:\n${said()}`)
    const late = setTimeout(() => reject(failure('was not ready in time')), READY_MS)
    child.stdout?.on('data', () => {
      const ready = /Heddle is ready: (\S+)/.exec(said())?.[1]
      if (ready === undefined) return
      clearTimeout(late)
      resolve(ready)
    })
    child.once('exit', (code) => reject(failure(`ended with ${code}`)))
  })
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}
