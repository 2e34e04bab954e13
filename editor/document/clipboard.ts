/** Steps on their way between flows, as text: parsed like any other outside value. */
import { z } from 'zod'
import {
  flowNodeSchema,
  groupSchema,
  noteSchema,
  wireSchema,
  type FlowGraph,
} from '../../engine/contract/flow.ts'
import { newId } from './make-node.ts'

const clippingSchema = z.strictObject({
  heddle: z.literal('steps'),
  nodes: z.array(flowNodeSchema).max(500),
  wires: z.array(wireSchema).max(2_000),
  notes: z.array(noteSchema).max(200).optional(),
  groups: z.array(groupSchema).max(200).optional(),
})
export type Clipping = z.infer<typeof clippingSchema>

/** Selected steps and notes, with the wires between them and the groups that are whole among them. */
export function copySteps(graph: FlowGraph, ids: ReadonlySet<string>): Clipping {
  const notes = (graph.notes ?? []).filter((note) => ids.has(note.id))
  const groups = (graph.groups ?? []).filter(({ nodes }) => nodes.every((id) => ids.has(id)))
  return {
    heddle: 'steps',
    nodes: graph.nodes.filter((node) => ids.has(node.id)),
    wires: graph.wires.filter((wire) => ids.has(wire.from.node) && ids.has(wire.to.node)),
    ...(notes.length > 0 ? { notes } : {}),
    ...(groups.length > 0 ? { groups } : {}),
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

type Copied = { [Key in Exclude<keyof Clipping, 'heddle'>]: NonNullable<Clipping[Key]> }

/** The same steps under new ids, a little aside of the old ones. */
export function freshCopy(
  { nodes, wires, notes = [], groups = [] }: Clipping,
  offset = 40,
): Copied {
  const ids = new Map(nodes.map((node) => [node.id, `${node.type.slice(0, 40)}_${newId()}`]))
  const renamed = (id: string): string => ids.get(id) ?? id
  const aside = <Placed extends { position: { x: number; y: number } }>(
    placed: Placed,
  ): Placed => ({
    ...placed,
    position: { x: placed.position.x + offset, y: placed.position.y + offset },
  })
  return {
    nodes: nodes.map((node) => aside({ ...node, id: renamed(node.id) })),
    wires: wires
      .filter((wire) => ids.has(wire.from.node) && ids.has(wire.to.node))
      .map((wire) => ({
        id: newId(),
        from: { ...wire.from, node: renamed(wire.from.node) },
        to: { ...wire.to, node: renamed(wire.to.node) },
      })),
    notes: notes.map((note) => aside({ ...note, id: `note_${newId()}` })),
    groups: groups.map((group) => ({
      ...group,
      id: `group_${newId()}`,
      nodes: group.nodes.filter((id) => ids.has(id)).map(renamed),
    })),
  }
}
