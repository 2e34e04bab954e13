/** Turns progress into a line a person can judge: how long, and how much so far. */
import type { Report } from './find-step.ts'
import type { Progress } from './run-command.ts'

const megabyte = 1024 * 1024

export function sayProgress(label: string, report: Report): (progress: Progress) => void {
  return ({ seconds, bytes }) => {
    const size = bytes >= megabyte ? `, ${Math.round(bytes / megabyte)} MB` : ''
    report(`  ${label}: ${seconds} s${size} …`)
  }
}
