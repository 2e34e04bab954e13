/** The document as the canvas library draws it. Objects are kept where nothing changed. */
import type { Edge, Node } from '@xyflow/react'
import type { FlowGraph, FlowNode, Note, StepGroup, Wire } from '../../engine/contract/flow.ts'
import { boxAround, foldedOver } from '../document/group-box.ts'
import { CARD } from '../document/tidy-flow.ts'
import { readingOrder } from '../document/walk-focus.ts'

/** Frames and notes lie under the cards; cards in reading order, so that screen readers meet them so. */
export function toCards(
  graph: FlowGraph,
  before: readonly Node[],
  selected: ReadonlySet<string>,
): Node[] {
  const known = new Map(before.map((card) => [card.id, card]))
  const folded = foldedOver(graph)
  const steps = readingOrder(graph).map((node) =>
    toCard(node, known.get(node.id), {
      selected: selected.has(node.id),
      hidden: folded.has(node.id),
    }),
  )
  const notes = (graph.notes ?? []).map((note) =>
    toNote(note, known.get(note.id), selected.has(note.id)),
  )
  const groups = (graph.groups ?? []).map((group) => toGroup(group, known.get(group.id)))
  return placeGroups([...groups, ...notes, ...steps], graph)
}

interface Look {
  selected: boolean
  hidden: boolean
}

function toCard(node: FlowNode, before: Node | undefined, { selected, hidden }: Look): Node {
  const same =
    before &&
    before.position.x === node.position.x &&
    before.position.y === node.position.y &&
    (before.selected ?? false) === selected &&
    (before.hidden ?? false) === hidden
  if (same) return before
  return {
    ...(before ?? { initialWidth: CARD.width, initialHeight: CARD.height }),
    id: node.id,
    type: 'step',
    position: node.position,
    selected,
    hidden,
    data: before?.data ?? {},
  }
}

const toNote = (note: Note, before: Node | undefined, selected: boolean): Node => ({
  ...before,
  id: note.id,
  type: 'note',
  position: note.position,
  width: note.size.width,
  height: note.size.height,
  dragHandle: '.note-grip',
  zIndex: -1,
  selected,
  data: before?.data ?? {},
})

const toGroup = (group: StepGroup, before: Node | undefined): Node => ({
  ...before,
  id: group.id,
  type: 'group_frame',
  position: before?.position ?? { x: 0, y: 0 },
  dragHandle: '.group-grip',
  selectable: false,
  zIndex: group.folded ? 0 : -2,
  style: { pointerEvents: 'none' },
  data: before?.data ?? {},
})

/** Frames go where their steps are now, also while those are dragged. */
export function placeGroups(cards: readonly Node[], { groups = [] }: FlowGraph): Node[] {
  if (groups.length === 0) return [...cards]
  const places = new Map(cards.map((card) => [card.id, card.position]))
  const byId = new Map(groups.map((group) => [group.id, group]))
  return cards.map((card) => {
    const group = byId.get(card.id)
    const members = group?.nodes.flatMap((id) => places.get(id) ?? []) ?? []
    if (!group || members.length === 0) return card
    const box = boxAround(members)
    const size = group.folded ? { width: CARD.width, height: CARD.height } : box
    const same =
      card.position.x === box.x &&
      card.position.y === box.y &&
      card.width === size.width &&
      card.height === size.height
    if (same) return card
    const { width, height } = size
    return { ...card, position: { x: box.x, y: box.y }, width, height }
  })
}

export interface WireData extends Record<string, unknown> {
  /** The port whose count the wire shows; its drawn source may be a folded group. */
  from: Wire['from']
}

export function toWires(graph: FlowGraph, selectedWire: string | undefined): Edge[] {
  const folded = foldedOver(graph)
  return graph.wires.flatMap(({ id, from, to }) => {
    const [leaves, enters] = [folded.get(from.node), folded.get(to.node)]
    if (leaves && leaves === enters) return []
    return {
      id,
      type: 'counted',
      source: leaves?.id ?? from.node,
      sourceHandle: leaves ? FOLD_PORTS.out : from.port,
      target: enters?.id ?? to.node,
      targetHandle: enters ? FOLD_PORTS.in : to.port,
      selected: id === selectedWire,
      data: { from } satisfies WireData,
    }
  })
}

/** Where wires end at a folded group. */
export const FOLD_PORTS = { in: 'fold_in', out: 'fold_out' } as const
