/** Changes of cards on their way to the picture: a frame takes its steps along, cards line up. Pure. */
import { applyNodeChanges, type Node, type NodeChange } from '@xyflow/react'
import type { FlowGraph } from '../../engine/contract/flow.ts'
import { alignTo, type Alignment, type Box } from '../document/align.ts'
import { CARD } from '../document/tidy-flow.ts'
import { placeGroups } from './to-drawing.ts'

type Moved = Extract<NodeChange, { type: 'position' }>

const isMove = (change: NodeChange): change is Moved =>
  change.type === 'position' && change.position !== undefined

export function applyChanges(
  cards: Node[],
  changes: readonly NodeChange[],
  graph: FlowGraph,
): Node[] {
  const moves = changes.filter(isMove)
  const next = applyNodeChanges(
    [...changes, ...moves.flatMap(membersOf(cards, graph, moves))],
    cards,
  )
  return moves.length > 0 ? placeGroups(next, graph) : next
}

const membersOf =
  (cards: readonly Node[], { groups = [] }: FlowGraph, moves: readonly Moved[]) =>
  ({ id, position }: Moved): Moved[] => {
    const group = groups.find((known) => known.id === id)
    const frame = group && cards.find((card) => card.id === id)
    if (!frame || !position) return []
    const [dx, dy] = [position.x - frame.position.x, position.y - frame.position.y]
    return group.nodes.flatMap((member): Moved[] => {
      const card = cards.find((known) => known.id === member)
      if (!card || moves.some((move) => move.id === member)) return []
      const to = { x: card.position.x + dx, y: card.position.y + dy }
      return [{ id: member, type: 'position', position: to, dragging: true }]
    })
  }

const boxOf = (card: Node): Box => ({
  ...card.position,
  width: card.measured?.width ?? CARD.width,
  height: card.measured?.height ?? CARD.height,
})

/** The change of one dragged card, put to rest on the lines of the others; undefined for any other. */
export function alignChange(
  cards: readonly Node[],
  changes: readonly NodeChange[],
  tolerance: number,
): { change: Moved; alignment: Alignment } | undefined {
  const [change] = changes
  if (changes.length !== 1 || !change || !isMove(change) || !change.dragging) return undefined
  const card = cards.find((known) => known.id === change.id)
  if (!card || card.type === 'group_frame' || !change.position) return undefined
  const others = cards.filter(
    (known) => known.id !== card.id && known.type !== 'group_frame' && !known.hidden,
  )
  const alignment = alignTo({ ...boxOf(card), ...change.position }, others.map(boxOf), tolerance)
  return { change: { ...change, position: { x: alignment.x, y: alignment.y } }, alignment }
}
