/** The folder that holds everything one instance writes: databases, keys, logs, ports. */
import { chmod, mkdir } from 'node:fs/promises'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Home {
  root: string
  mongoData: string
  temporalData: string
  logs: string
  /** Passwords and keys; files in it are readable by their owner only. */
  secrets: string
}

export interface HomeChoice {
  /** `--home`, as typed. */
  option?: string | undefined
  env?: NodeJS.ProcessEnv
  cwd?: string
}

export const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** `--home`, else HEDDLE_HOME, else `.heddle` in the project. */
export function resolveHome({
  option,
  env = process.env,
  cwd = process.cwd(),
}: HomeChoice): string {
  const named = option ?? env['HEDDLE_HOME']
  if (!named) return join(projectRoot, '.heddle')
  return isAbsolute(named) ? named : resolve(cwd, named)
}

/** Makes the folders, closed to other users of the machine: customers' data is in them. */
export async function openHome(root: string): Promise<Home> {
  const home: Home = {
    root,
    mongoData: join(root, 'mongo'),
    temporalData: join(root, 'temporal'),
    logs: join(root, 'logs'),
    secrets: join(root, 'secrets'),
  }
  for (const folder of Object.values(home) as string[]) {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await chmod(folder, 0o700)
  }
  return home
}
