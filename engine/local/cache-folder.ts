/** Where downloaded binaries are kept, shared by every checkout of one user. */
import { homedir } from 'node:os'
import { join } from 'node:path'

export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env['HEDDLE_CACHE']) return env['HEDDLE_CACHE']
  if (env['XDG_CACHE_HOME']) return join(env['XDG_CACHE_HOME'], 'heddle')
  return join(homedir(), '.cache', 'heddle')
}
