/** Seconds of processor time spent so far, to tell what a figure costs on a machine with other work. */
import { readFile } from 'node:fs/promises'
import type { Database } from '../../../engine/store/database.ts'

const TICKS_PER_SECOND = 100

/** Of a process with its threads; 0 where there is no /proc. */
export async function cpuOfProcess(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_PER_SECOND
}

/** Of the MongoDB server. */
export async function cpuOfMongo({ db }: Database): Promise<number> {
  const status = await db.admin().serverStatus()
  const { user_time_us = 0, system_time_us = 0 } = (status['extra_info'] ?? {}) as {
    user_time_us?: number
    system_time_us?: number
  }
  return (Number(user_time_us) + Number(system_time_us)) / 1_000_000
}
