/**
 * Which processes this home's instance has running, on disk: the second net after the watchdog. A start
 * ends what an earlier one left behind, after checking that it is the same process and not a later one
 * with its number.
 */
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import type { ChildEvent } from './child-process.ts'
import { isSameProcess, processIdentity } from './process-identity.ts'
import { writePrivateFile } from './write-private-file.ts'

const recordSchema = z.array(z.object({ name: z.string(), pid: z.number(), identity: z.string() }))

type Recorded = z.infer<typeof recordSchema>[number]

export interface RunRecord {
  note: (event: ChildEvent) => void
  close: () => Promise<void>
}

const graceMs = 12_000

export function openRunRecord(home: string): RunRecord {
  const running = new Map<number, Recorded>()
  // One write after the other: the file always holds the latest state.
  let writing: Promise<void> = Promise.resolve()

  const write = (change: () => Promise<void>) => {
    writing = writing
      .then(change)
      .then(() => writePrivateFile(recordPath(home), JSON.stringify([...running.values()])))
      // The record is a second net: without it the watchdog still holds.
      .catch(() => undefined)
  }
  return {
    note: ({ kind, name, pid }) => {
      if (kind === 'started')
        write(async () => {
          const identity = await processIdentity(pid)
          if (identity) running.set(pid, { name, pid, identity })
        })
      if (kind === 'exited') write(async () => void running.delete(pid))
    },
    close: async () => {
      await writing
      await rm(recordPath(home), { force: true })
    },
  }
}

/** Ends what an instance that was killed left behind; returns the names. */
export async function stopLeftovers(home: string): Promise<string[]> {
  const left: Recorded[] = []
  for (const recorded of await readRecord(home))
    if (await isSameProcess(recorded.pid, recorded.identity)) left.push(recorded)
  await Promise.all(left.map(stopProcess))
  await rm(recordPath(home), { force: true })
  return left.map(({ name }) => name)
}

async function stopProcess({ pid, identity }: Recorded): Promise<void> {
  signalProcess(pid, 'SIGTERM')
  const deadline = Date.now() + graceMs
  while (await isSameProcess(pid, identity)) {
    if (Date.now() > deadline) signalProcess(pid, 'SIGKILL')
    await wait(50)
  }
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It ended by itself in the meantime.
  }
}

async function readRecord(home: string): Promise<Recorded[]> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(recordPath(home), 'utf8')))
  } catch {
    return []
  }
}

function recordPath(home: string): string {
  return join(home, 'run.json')
}
