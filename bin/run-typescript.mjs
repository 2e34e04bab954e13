/** Runs one of the project's TypeScript files in a Node process of its own, from any working directory. */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createRequire } from 'node:module'
import { projectRoot } from './packages.mjs'

const forwarded = ['SIGTERM', 'SIGHUP', 'SIGINT']

/** Resolves with the exit code; 128 + signal number, as shells say it, when a signal ended it. */
export function runTypeScript(file, args) {
  const child = spawn(
    process.execPath,
    ['--enable-source-maps', '--import', tsxLoader(), join(projectRoot, file), ...args],
    {
      // The channel lets the child notice when this process is killed outright (stop-with-parent.ts).
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, TSX_TSCONFIG_PATH: join(projectRoot, 'tsconfig.json') },
    },
  )
  const handlers = forwarded.map((signal) => [signal, () => forward(child, signal)])
  for (const [signal, handler] of handlers) process.on(signal, handler)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      for (const [name, handler] of handlers) process.off(name, handler)
      resolve(code ?? 128 + (constants.signals[signal] ?? 0))
    })
  })
}

/** A terminal sends Ctrl-C to the child as well: sending it again would look like a second Ctrl-C. */
function forward(child, signal) {
  if (signal === 'SIGINT' && process.stdin.isTTY) return
  child.kill(signal)
}

function tsxLoader() {
  const require = createRequire(import.meta.url)
  return pathToFileURL(require.resolve('tsx')).href
}
