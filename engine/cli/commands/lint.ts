/** `heddle lint`: the same rules as in the editor, for flows kept as files. */
import { nodeTypes } from '../../../nodes/index.ts'
import { analyseFlow } from '../../flow/analyse-flow.ts'
import { hasErrors } from '../../flow/lint-flow.ts'
import { loadRegistry } from '../../run/registry.ts'
import { readFlowFile } from '../read-flow-file.ts'
import { sayBroken } from '../say-broken.ts'
import { readExtensions } from '../settings.ts'

export async function lint(file: string): Promise<void> {
  const graph = await readFlowFile(file)
  const registry = await loadRegistry(nodeTypes, await readExtensions())
  sayBroken(registry.broken)
  const { problems } = analyseFlow(graph, registry.types)
  for (const { severity, message, fix } of problems) console.log(`${severity}: ${message} ${fix}`)
  if (problems.length === 0) console.log('No problems.')
  if (hasErrors(problems)) process.exitCode = 1
}
