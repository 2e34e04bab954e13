/** The editor straight from its source, for `npm run dev`: a change shows in the browser at once. */
import type { Server } from 'node:http'
import path from 'node:path'
import type { RequestHandler } from 'express'
import { projectRoot } from '../local/home.ts'

/** What the page is made of. Not the whole project: the home folder with its keys may lie in it. */
const READABLE = ['editor', 'engine/contract', 'engine/flow', 'node_modules'].map((folder) =>
  path.join(projectRoot, folder),
)

export async function editorFromSource(
  server: Server,
): Promise<{ handler: RequestHandler; close(): Promise<void> }> {
  // Development packages: they are looked for only here.
  const { createServer } = await import('vite')
  const { default: react } = await import('@vitejs/plugin-react')
  const vite = await createServer({
    configFile: false,
    root: path.join(projectRoot, 'editor'),
    plugins: [react()],
    appType: 'spa',
    server: { middlewareMode: true, ws: { server }, fs: { strict: true, allow: READABLE } },
  })
  return { handler: vite.middlewares, close: () => vite.close() }
}
