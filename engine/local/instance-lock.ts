/** One running instance per home folder; a second one is told where the first is. */
import { open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { isSameProcess, processIdentity } from './process-identity.ts'
import { writePrivateFile } from './write-private-file.ts'

const holderSchema = z.object({
  pid: z.number(),
  identity: z.string(),
  startedAt: z.string(),
  /** Where it can be reached; empty while it is starting. */
  address: z.string(),
})

export type LockHolder = z.infer<typeof holderSchema>

export interface InstanceLock {
  /** Tells a second start where this one is. */
  setAddress: (address: string) => Promise<void>
  release: () => Promise<void>
}

export class AlreadyRunningError extends Error {
  override name = 'AlreadyRunningError'
  constructor(
    readonly holder: LockHolder,
    home: string,
  ) {
    const where = holder.address ? `at ${holder.address}` : 'and is still starting'
    super(
      `Heddle already runs with this home folder ${where} (process ${holder.pid}, ${home}). ` +
        'Open it there, stop it first, or start with another folder: --home DIR.',
    )
  }
}

/** A lock file without content: its writer has created it and not yet filled it. */
const beingWrittenMs = 1000

export async function takeInstanceLock(home: string): Promise<InstanceLock> {
  const path = lockPath(home)
  const holder: LockHolder = {
    pid: process.pid,
    identity: (await processIdentity(process.pid)) ?? '',
    startedAt: new Date().toISOString(),
    address: '',
  }
  while (!(await create(path, holder))) await clearStale(home)
  return {
    setAddress: (address) => writePrivateFile(path, JSON.stringify({ ...holder, address })),
    release: () => rm(path, { force: true }),
  }
}

/** The instance that runs with this home folder now, if any. */
export async function runningInstance(home: string): Promise<LockHolder | undefined> {
  const holder = await readHolder(lockPath(home))
  if (!holder) return undefined
  return (await isSameProcess(holder.pid, holder.identity)) ? holder : undefined
}

async function create(path: string, holder: LockHolder): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600)
    await file.writeFile(JSON.stringify(holder))
    await file.close()
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/** Throws when the holder is alive, else takes its file out of the way. */
async function clearStale(home: string): Promise<void> {
  const running = await runningInstance(home)
  if (running) throw new AlreadyRunningError(running, home)
  const path = lockPath(home)
  if (!(await readHolder(path))) await new Promise((resolve) => setTimeout(resolve, beingWrittenMs))
  // Moved, not deleted: if another start took the lock in this moment, its file is put back.
  const aside = `${path}.${process.pid}`
  await rename(path, aside).catch(() => undefined)
  const moved = await readHolder(aside)
  if (moved && (await isSameProcess(moved.pid, moved.identity))) {
    await rename(aside, path)
    throw new AlreadyRunningError(moved, home)
  }
  await rm(aside, { force: true })
}

async function readHolder(path: string): Promise<LockHolder | undefined> {
  try {
    return holderSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return undefined
  }
}

function lockPath(home: string): string {
  return join(home, 'instance.json')
}
