/** Log files of child processes: kept from growing for ever, and read when a child says why it failed. */
import { readFileSync, renameSync, statSync } from 'node:fs'

const keptBytes = 20 * 1024 * 1024

/** At a start: a large log becomes `.1`, and the one before it goes. */
export function rotateLog(path: string): void {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > keptBytes)
    renameSync(path, `${path}.1`)
}

export function lastLines(path: string, count: number): string {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-count).join('\n')
  } catch {
    return ''
  }
}
