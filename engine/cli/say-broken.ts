/** Own node types that could not be loaded, one a line, as compilers write it. */
import type { BrokenNodeFile } from '../run/registry.ts'

export function sayBroken(broken: readonly BrokenNodeFile[]): void {
  for (const { file, line, reason } of broken)
    console.error(`${file}${line === undefined ? '' : `:${line}`}: node type not loaded: ${reason}`)
}
