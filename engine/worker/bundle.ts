/** The workflows' code, bundled once and kept beside the database files until it changes. */
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode } from '@temporalio/worker'

const folder = fileURLToPath(new URL('../../workflows', import.meta.url))

/** Path of a bundle made from exactly these sources. */
export async function workflowBundle(cacheFolder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ts')).sort()
  const hash = createHash('sha256')
  for (const name of names) hash.update(name).update(await readFile(path.join(folder, name)))
  const lock = fileURLToPath(new URL('../../package-lock.json', import.meta.url))
  hash.update(await readFile(lock))
  const file = path.join(cacheFolder, `workflows-${hash.digest('hex').slice(0, 16)}.js`)
  if (await readFile(file).catch(() => undefined)) return file
  const { code } = await bundleWorkflowCode({
    workflowsPath: path.join(folder, 'index.ts'),
    logger: { ...console, log: ignore, trace: ignore, debug: ignore, info: ignore },
  })
  await mkdir(cacheFolder, { recursive: true })
  await writeFile(`${file}.${process.pid}`, code)
  await rename(`${file}.${process.pid}`, file)
  return file
}

const ignore = (): void => undefined
