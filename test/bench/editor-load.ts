/** Script the browser loads before the editor shows: what index.html names and all it imports. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { buildEditor } from '../../engine/cli/build-editor.ts'
import { projectRoot } from '../../engine/local/home.ts'
import type { Bench } from './bench.ts'

const BUILT = path.join(projectRoot, 'dist/editor')

export const editorLoad: Bench = {
  name: 'editor-load',
  async run({ say }) {
    await buildEditor(say)
    let bytes = 0
    for (const [file, size] of await firstLoad()) {
      say(`${path.relative(BUILT, file)} ${(size / 1_000).toFixed(1)} kB`)
      bytes += size
    }
    const limit = await librariesAlone()
    return {
      value: bytes / 1_000,
      unit: 'kB',
      limit: limit / 1_000,
      compares: 'value',
      bar: 350,
      better: 'less',
    }
  },
}

const gzipped = (bytes: Uint8Array): number => gzipSync(bytes, { level: 9 }).length

/** Compressed size of each script file of the first load. */
async function firstLoad(): Promise<Map<string, number>> {
  const html = await readFile(path.join(BUILT, 'index.html'), 'utf8')
  const named = [...html.matchAll(/<(?:script|link)\b[^>]*?(?:src|href)="([^"]+\.m?js)"/g)]
  const inline = [...html.matchAll(/<script\b[^>]*>([^<]+)<\/script>/g)]
  const entries = named.map(([, at = '']) => path.join(BUILT, at))
  if (entries.length === 0) throw new Error('The built index.html names no script.')
  const sizes = new Map<string, number>()
  for (const file of await importedBy(entries)) sizes.set(file, gzipped(await readFile(file)))
  for (const [i, [, code = '']] of inline.entries())
    sizes.set(path.join(BUILT, `index.html#${i}`), gzipped(Buffer.from(code)))
  return sizes
}

/** The files and all they import; what is imported by `import()` comes later, when a screen asks. */
async function importedBy(entries: string[]): Promise<Set<string>> {
  const { metafile } = await build({
    entryPoints: entries,
    bundle: true,
    format: 'esm',
    metafile: true,
    write: false,
    outdir: 'unused',
    absWorkingDir: BUILT,
    logLevel: 'silent',
  })
  const found = new Set<string>()
  const open = entries.map((file) => path.relative(BUILT, file))
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (found.has(path.join(BUILT, file))) continue
    found.add(path.join(BUILT, file))
    for (const { path: to, kind, external } of metafile.inputs[file]?.imports ?? [])
      if (kind !== 'dynamic-import' && !external) open.push(to)
  }
  return found
}

/** The least an editor of this kind can weigh: its view and canvas libraries, nothing of its own. */
async function librariesAlone(): Promise<number> {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        export { createRoot } from 'react-dom/client'
        export { createElement } from 'react'
        export { ReactFlow, Background, Controls, MiniMap, Handle } from '@xyflow/react'`,
      resolveDir: projectRoot,
    },
    bundle: true,
    minify: true,
    format: 'esm',
    define: { 'process.env.NODE_ENV': '"production"' },
    write: false,
  })
  return gzipped(outputFiles[0]?.contents ?? new Uint8Array())
}
