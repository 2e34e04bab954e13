/** Builds the editor when there is none, or when what it is made of is newer. */
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { projectRoot } from '../local/home.ts'

const BUILT = path.join(projectRoot, 'dist/editor/index.html')
/** Files and folders the editor is made of. */
const INPUTS = ['editor', 'engine/contract', 'engine/flow', 'vite.config.ts', 'package-lock.json']

/** Where it cannot be built, says so and goes on: the API works without it. */
export async function buildEditor(report: (line: string) => void): Promise<void> {
  if ((await newestChange()) <= (await changedAt(BUILT))) return
  report('Building the editor …')
  const { build } = await import('vite')
  const configFile = path.join(projectRoot, 'vite.config.ts')
  // What Vite makes follows this variable: whoever sets another one still gets the quick, quiet build.
  process.env['NODE_ENV'] = 'production'
  await build({ configFile, mode: 'production', logLevel: 'silent' }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error)
    report(`The editor could not be built (${reason}). The API works; try: npm run build`)
  })
}

async function newestChange(): Promise<number> {
  const files = await Promise.all(
    INPUTS.map(async (input) => {
      const at = path.join(projectRoot, input)
      const inside = await readdir(at, { recursive: true }).catch(() => [])
      return [at, ...inside.map((name) => path.join(at, name))]
    }),
  )
  return Math.max(...(await Promise.all(files.flat().map(changedAt))))
}

/** 0 when there is no such file, as where only the built editor is installed. */
const changedAt = (file: string): Promise<number> =>
  stat(file).then(
    (found) => found.mtimeMs,
    () => 0,
  )
