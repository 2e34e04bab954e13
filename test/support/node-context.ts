/** What a step is given in a test of its own: only the services the test names. */
import type { Fields } from '../../engine/contract/json.ts'
import type { Item } from '../../engine/contract/item.ts'
import type {
  DatasetInput,
  DatasetOutput,
  NodeContext,
  NodeType,
} from '../../engine/contract/node.ts'
import type { FilesService, Services } from '../../engine/contract/services.ts'

export function testContext(
  services: Partial<Services> = {},
  changes: Partial<NodeContext> = {},
): NodeContext {
  return {
    runId: 'run',
    flowId: 'flow',
    flowVersion: 1,
    nodeId: 'step',
    nodeName: 'The step',
    mode: 'run',
    now: '2026-01-15T00:00:00.000Z',
    signal: new AbortController().signal,
    write: () => undefined,
    refusals: async () => new Map(),
    begins: () => true,
    rests: () => undefined,
    service: (name) => services[name] ?? unknownService(name),
    ...changes,
  }
}

function unknownService(name: string): never {
  throw new Error(`The step asked for "${name}", which this test does not give.`)
}

/** Items with ids by their place. */
export const itemsOf = (rows: ReadonlyArray<Fields & { profileId?: string }>): Item[] =>
  rows.map(({ profileId, ...fields }, i) => ({
    id: `item:${i}`,
    source: 'Test',
    fields,
    ...(profileId === undefined ? {} : { profileId }),
  }))

/** Files of bytes, as a source reads them. */
export function filesOf(files: Record<string, Uint8Array>): FilesService {
  return {
    list: async () =>
      Object.entries(files).map(([id, bytes]) => ({ id, name: id, bytes: bytes.length })),
    read: async (id, start, end) => files[id]?.subarray(start, end) ?? new Uint8Array(),
  }
}

/** Reads all of a source, each part through its own JSON, as a run stores it. */
export async function readSource(
  nodeType: NodeType,
  config: Parameters<NodeType['parse']>[0],
  files: Record<string, Uint8Array>,
) {
  const { source } = nodeType.parse({
    origin: { kind: 'upload', file: { id: 'file' } },
    ...config,
  })
  if (!source) throw new Error('The node type is no source.')
  const ctx = testContext({ files: filesOf(files) })
  const splits = await source.open(ctx)
  const records = []
  for (const split of JSON.parse(JSON.stringify(splits)) as typeof splits)
    records.push(...source.decode(await source.fetch(split, ctx), split, ctx))
  return { splits, records }
}

/** Runs a dataset step on pages by port, and gathers what it gives back. */
export async function runDataset(
  nodeType: NodeType,
  config: Parameters<NodeType['parse']>[0],
  pages: Record<string, Item[][]>,
): Promise<DatasetOutput[]> {
  const input: DatasetInput = {
    async *pages(port) {
      yield* pages[port] ?? []
    },
  }
  const outputs: DatasetOutput[] = []
  for await (const output of nodeType.parse(config).runDataset?.(input, testContext()) ?? [])
    outputs.push(output)
  return outputs
}
