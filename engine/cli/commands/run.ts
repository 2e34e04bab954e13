/** `heddle run`: a saved flow on a local file, without Temporal or a database, as a dry run. */
import { open, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { nodeTypes } from '../../../nodes/index.ts'
import { droppedTotal, failedTotal, outTotal } from '../../contract/counts.ts'
import { readFlowGraph } from '../../contract/flow.ts'
import type { FilesService } from '../../contract/services.ts'
import { previewFlow } from '../../run/preview.ts'
import { loadRegistry } from '../../run/registry.ts'
import { readExtensions } from '../settings.ts'

export async function run(flow: string, options: { input: string; rows: string }): Promise<void> {
  const graph = readFlowGraph(JSON.parse(await readFile(flow, 'utf8')))
  const { types } = await loadRegistry(nodeTypes, await readExtensions())
  const preview = await previewFlow({
    graph,
    types,
    services: { files: oneFile(options.input) },
    rows: Math.max(1, Number.parseInt(options.rows, 10) || 1_000),
    now: new Date().toISOString(),
  })
  for (const [nodeId, counts] of Object.entries(preview.counts))
    console.log(
      `${nodeId}: in ${counts.in}, out ${outTotal(counts)}, dropped ${droppedTotal(counts)}, failed ${failedTotal(counts)}`,
    )
  for (const payloads of Object.values(preview.payloads))
    for (const payload of payloads) console.log(payload.trimEnd())
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
