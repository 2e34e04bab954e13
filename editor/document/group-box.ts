/** The frame around the steps of a group. Pure. */
import type { FlowGraph, StepGroup } from '../../engine/contract/flow.ts'
import type { Box } from './align.ts'
import type { Place } from './edit-graph.ts'
import { CARD } from './tidy-flow.ts'

const PADDING = 28
const TITLE = 38
/** Room for the numbers below a card. */
const BELOW = 22

export function boxAround(places: readonly Place[]): Box {
  const left = Math.min(...places.map(({ x }) => x))
  const top = Math.min(...places.map(({ y }) => y))
  const right = Math.max(...places.map(({ x }) => x)) + CARD.width
  const bottom = Math.max(...places.map(({ y }) => y)) + CARD.height
  return {
    x: left - PADDING,
    y: top - PADDING - TITLE,
    width: right - left + 2 * PADDING,
    height: bottom - top + 2 * PADDING + TITLE + BELOW,
  }
}

/** The folded group each hidden step is in. */
export function foldedOver({ groups = [] }: FlowGraph): ReadonlyMap<string, StepGroup> {
  return new Map(
    groups
      .filter(({ folded }) => folded)
      .flatMap((group) => group.nodes.map((id) => [id, group] as const)),
  )
}

export const groupOf = ({ groups = [] }: FlowGraph, id: string): StepGroup | undefined =>
  groups.find(({ nodes }) => nodes.includes(id))
