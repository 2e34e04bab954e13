/** `npm run docs`: makes docs/nodes from the declarations of the node types. */
import { runTypeScript } from '../bin/run-typescript.mjs'

process.exitCode = await runTypeScript('engine/docs/main.ts', process.argv.slice(2))
