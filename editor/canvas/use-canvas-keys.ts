/** Keys of the canvas: arrows walk the graph, letters act on the step that has the focus. */
import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { currentGraph, useFlow } from '../document/flow-store.ts'
import { nextFocus, type Direction } from '../document/walk-focus.ts'
import { announce } from '../ui/notices.tsx'
import { useCanvasActions } from './canvas-actions.ts'
import type { CanvasEvents } from './canvas.tsx'
import { useFocus } from './focus-store.ts'

const DIRECTIONS: Record<string, Direction> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
}
const STEP = 20
const MOVES: Record<Direction, readonly [number, number]> = {
  left: [-STEP, 0],
  right: [STEP, 0],
  up: [0, -STEP],
  down: [0, STEP],
}

export const focusStep = (id: string | undefined): void => {
  if (id === undefined) return
  useFocus.setState({ current: id })
  requestAnimationFrame(() => document.getElementById(`step-${id}`)?.focus())
}

export function useCanvasKeys(events: CanvasEvents | undefined) {
  const { t } = useTranslation()
  const actions = useCanvasActions()

  return (event: KeyboardEvent) => {
    const target = event.target as HTMLElement
    const wire = useFlow.getState().selectedWire
    if ((event.key === 'Delete' || event.key === 'Backspace') && wire !== undefined)
      return actions?.cutWire(wire)
    const id = target.id.startsWith('step-') ? target.id.slice(5) : undefined
    if (id === undefined) return
    const direction = DIRECTIONS[event.key]
    if (direction) {
      event.preventDefault()
      if (event.altKey) return move(id, direction)
      return focusStep(nextFocus(currentGraph(), id, direction))
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const act = {
      Enter: () => useFlow.getState().openStep(id, ''),
      ' ': () => toggle(id),
      c: () => actions?.connectFrom(id),
      a: () => addAfterStep(id),
      t: () => events?.onTidy(),
      Delete: () => actions?.remove(chosen(id)),
      Backspace: () => actions?.remove(chosen(id)),
      Escape: () => useFlow.getState().select([]),
    }[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }

  function move(id: string, direction: Direction) {
    if (!events) return
    const [dx, dy] = MOVES[direction]
    const ids = new Set(chosen(id))
    const positions = Object.fromEntries(
      currentGraph()
        .nodes.filter((node) => ids.has(node.id))
        .map((node) => [node.id, { x: node.position.x + dx, y: node.position.y + dy }]),
    )
    useFlow
      .getState()
      .edit({ kind: 'move_nodes', positions }, { key: 'move', values: { count: ids.size } }, 'keys')
    announce(t(`canvas.moved.${direction}`))
  }

  function addAfterStep(id: string) {
    const button = document.getElementById(`step-${id}`)?.closest('.card')
    const plus = button?.querySelector<HTMLButtonElement>('.port-plus')
    if (plus) plus.click()
    else {
      const wire = currentGraph().wires.find((known) => known.from.node === id)
      if (wire) actions?.addInto(wire)
    }
  }
}

/** The selection when the step is in it, else the step alone. */
function chosen(id: string): string[] {
  const { selected } = useFlow.getState()
  return selected.has(id) ? [...selected] : [id]
}

function toggle(id: string): void {
  const next = new Set(useFlow.getState().selected)
  if (!next.delete(id)) next.add(id)
  useFlow.getState().select(next)
}
