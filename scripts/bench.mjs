/** `npm run bench [-- name …] [-- --events N]`: measures the product beside what the machine can do. */
import { requireNode } from '../bin/node-version.mjs'

requireNode()

const { ensurePackages } = await import('../bin/packages.mjs')
const { runTypeScript } = await import('../bin/run-typescript.mjs')

await ensurePackages()
process.exitCode = await runTypeScript('test/bench/main.ts', process.argv.slice(2))
