/** Imports a file as it is now, though an earlier state of it was imported before. */
import { bundleNodeFile } from './bundle-node-file.ts'

/** Throws an error with file and line when the file cannot be read. */
export async function importFresh(file: string): Promise<Record<string, unknown>> {
  const bundle = await bundleNodeFile(file)
  if ('reason' in bundle) throw new Error(`line ${bundle.line ?? 1}: ${bundle.reason}`)
  const url = `data:text/javascript;base64,${Buffer.from(bundle.code).toString('base64')}`
  return (await import(url)) as Record<string, unknown>
}
