/** The most memory a process has held so far, in MiB. */
import { readFile } from 'node:fs/promises'

export async function peakMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => {
    throw new Error('Peak memory is read from /proc, so this bench needs Linux.')
  })
  const kib = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]
  return Number(kib ?? 0) / 1_024
}
