/** `heddle lint`: the same rules as in the editor, for flows kept as files. */
import { readFile } from 'node:fs/promises'
import { nodeTypes } from '../../../nodes/index.ts'
import { readFlowGraph } from '../../contract/flow.ts'
import { analyseFlow } from '../../flow/analyse-flow.ts'
import { hasErrors } from '../../flow/lint-flow.ts'
import { loadRegistry } from '../../run/registry.ts'
import { readExtensions } from '../settings.ts'

export async function lint(file: string): Promise<void> {
  const graph = readFlowGraph(JSON.parse(await readFile(file, 'utf8')))
  const registry = await loadRegistry(nodeTypes, await readExtensions())
  for (const { file: broken, line, reason } of registry.broken)
    console.error(`broken node type: ${broken}${line === undefined ? '' : `:${line}`}: ${reason}`)
  const { problems } = analyseFlow(graph, registry.types)
  for (const { severity, nodeId, path, message, fix } of problems) {
    const place = [nodeId, path].filter(Boolean).join('.')
    console.log(`${severity}: ${place ? `${place}: ` : ''}${message} ${fix}`)
  }
  if (problems.length === 0) console.log('No problems.')
  if (hasErrors(problems)) process.exitCode = 1
}
