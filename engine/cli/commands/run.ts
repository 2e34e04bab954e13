/** `heddle run`: a saved flow on a local file, without Temporal or a database, as a dry run. */
import { open, stat } from 'node:fs/promises'
import path from 'node:path'
import { nodeTypes } from '../../../nodes/index.ts'
import { droppedTotal, failedTotal, outTotal } from '../../contract/counts.ts'
import type { Preview } from '../../contract/api/dry-runs.ts'
import type { FlowGraph } from '../../contract/flow.ts'
import type { NodeType } from '../../contract/node.ts'
import type { FilesService } from '../../contract/services.ts'
import { previewFlow } from '../../run/preview.ts'
import { loadRegistry } from '../../run/registry.ts'
import { readFlowFile } from '../read-flow-file.ts'
import { sayBroken } from '../say-broken.ts'
import { readExtensions } from '../settings.ts'

export interface RunOptions {
  input: string
  rows: string
}

export async function run(flow: string, { input, rows: given }: RunOptions): Promise<void> {
  const graph = await readFlowFile(flow)
  const rows = Number(given)
  if (!Number.isInteger(rows) || rows < 1)
    throw new Error(`--rows must be a whole number above zero, as in --rows 100; it is "${given}".`)
  if (!(await stat(input).catch(() => undefined))?.isFile())
    throw new Error(`There is no file ${input} to read. Name one: --input customers.csv`)
  const { types, broken } = await loadRegistry(nodeTypes, await readExtensions())
  sayBroken(broken)
  const services = { files: oneFile(input) }
  const preview = await previewFlow({ graph, types, services, rows, now: new Date().toISOString() })
  for (const line of table(graph, preview, types)) console.log(line)
  for (const [nodeId, payloads] of Object.entries(preview.payloads)) {
    console.log(`\n${nameOf(graph, nodeId, types)} would get:`)
    for (const payload of payloads) console.log(payload.trimEnd())
  }
}

type Types = ReadonlyMap<string, NodeType>

const nameOf = (graph: FlowGraph, nodeId: string, types: Types): string => {
  const node = graph.nodes.find(({ id }) => id === nodeId)
  return node?.name || types.get(node?.type ?? '')?.title || nodeId
}

/** Counts of every step, and under it why records ended there. */
function table(graph: FlowGraph, { counts }: Preview, types: Types): string[] {
  const names = Object.keys(counts).map((id) => nameOf(graph, id, types))
  const width = Math.max(4, ...names.map((name) => name.length))
  const row = (name: string, cells: Array<string | number>) =>
    name.padEnd(width) + cells.map((cell) => String(cell).padStart(9)).join('')
  const lines = Object.entries(counts).flatMap(([id, step]) => [
    row(nameOf(graph, id, types), [step.in, outTotal(step), droppedTotal(step), failedTotal(step)]),
    ...Object.entries({ ...step.dropped, ...step.failed }).map(
      ([code, count]) => `  ${count} × ${reasonOf(graph, id, { code, types })}`,
    ),
  ])
  return [row('Step', ['in', 'out', 'dropped', 'failed']), ...lines]
}

function reasonOf(
  graph: FlowGraph,
  nodeId: string,
  { code, types }: { code: string; types: Types },
): string {
  const node = graph.nodes.find(({ id }) => id === nodeId)
  const nodeType = types.get(node?.type ?? '')
  const [about, key = about] = code.split(':')
  const text = nodeType?.drops[key ?? code] ?? nodeType?.fails[key ?? code]
  if (text === undefined) return code
  return key === about ? text : `${about}: ${text}`
}

/** The same local file for every source, whatever its settings say. */
const oneFile = (file: string): FilesService => ({
  list: async () => [{ id: file, name: path.basename(file), bytes: (await stat(file)).size }],
  read: async (_id, start, end) => {
    const handle = await open(file)
    try {
      const buffer = Buffer.alloc(Math.max(0, end - start))
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, start)
      return buffer.subarray(0, bytesRead)
    } finally {
      await handle.close()
    }
  },
})
