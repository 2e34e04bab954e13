/** `npm run docs`: writes docs/nodes anew from the declarations. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { nodeTypes } from '../../nodes/index.ts'
import { projectRoot } from '../local/home.ts'
import { nodePages } from './node-pages.ts'

const folder = path.join(projectRoot, 'docs/nodes')
await rm(folder, { recursive: true, force: true })
await mkdir(folder, { recursive: true })
const pages = nodePages(nodeTypes)
for (const [name, text] of pages) await writeFile(path.join(folder, name), text)
console.log(`Wrote ${pages.size} pages to docs/nodes.`)
