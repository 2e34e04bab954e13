/** Steps on their way between flows, as text: parsed like any other outside value. */
import { z } from 'zod'
import { flowNodeSchema, wireSchema, type FlowGraph } from '../../engine/contract/flow.ts'
import { newId } from './make-node.ts'

const clippingSchema = z.strictObject({
  heddle: z.literal('steps'),
  nodes: z.array(flowNodeSchema).min(1).max(500),
  wires: z.array(wireSchema).max(2_000),
})
export type Clipping = z.infer<typeof clippingSchema>

/** Selected steps with the wires between them. */
export function copySteps(graph: FlowGraph, ids: ReadonlySet<string>): Clipping {
  return {
    heddle: 'steps',
    nodes: graph.nodes.filter((node) => ids.has(node.id)),
    wires: graph.wires.filter((wire) => ids.has(wire.from.node) && ids.has(wire.to.node)),
  }
}

/** Undefined when the text is something else. */
export function readClipping(text: string): Clipping | undefined {
  try {
    return clippingSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/** The same steps under new ids, a little aside of the old ones. */
export function freshCopy({ nodes, wires }: Clipping, offset = 40): Omit<Clipping, 'heddle'> {
  const ids = new Map(nodes.map((node) => [node.id, `${node.type.slice(0, 40)}_${newId()}`]))
  const renamed = (id: string): string => ids.get(id) ?? id
  return {
    nodes: nodes.map((node) => ({
      ...node,
      id: renamed(node.id),
      position: { x: node.position.x + offset, y: node.position.y + offset },
    })),
    wires: wires
      .filter((wire) => ids.has(wire.from.node) && ids.has(wire.to.node))
      .map((wire) => ({
        id: newId(),
        from: { ...wire.from, node: renamed(wire.from.node) },
        to: { ...wire.to, node: renamed(wire.to.node) },
      })),
  }
}
