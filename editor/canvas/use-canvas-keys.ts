/** Keys of the canvas: arrows walk the graph, others act on the step that has the focus. */
import { useReactFlow } from '@xyflow/react'
import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { currentGraph, useFlow } from '../document/flow-store.ts'
import { foldedOver } from '../document/group-box.ts'
import { nextFocus, type Direction } from '../document/walk-focus.ts'
import { actionOf } from '../shortcuts/shortcuts.ts'
import { announce } from '../ui/notices.tsx'
import { useCanvasActions } from './canvas-actions.ts'
import { fitAll, middleOf } from './canvas-bars.tsx'
import type { CanvasEvents } from './canvas.tsx'
import { useFocus } from './focus-store.ts'
import { toggled } from '../ui/toggled.ts'

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
  const element = elementOf(id)
  // At once where it can be: the focus must not move away under somebody who types on quickly.
  if (element) element.focus()
  else requestAnimationFrame(() => elementOf(id)?.focus())
}

/** A step in a folded group is met at the group's card. */
function elementOf(id: string): HTMLElement | null {
  const group = foldedOver(currentGraph()).get(id)
  return document.getElementById(group ? `fold-${group.id}` : `step-${id}`)
}

/** The step a focused element stands for, and whether it is a folded group. */
function stepOf(target: HTMLElement): { id: string; folded: boolean } | undefined {
  if (target.id.startsWith('step-')) return { id: target.id.slice(5), folded: false }
  if (!target.id.startsWith('fold-')) return undefined
  const group = currentGraph().groups?.find(({ id }) => `fold-${id}` === target.id)
  const { current } = useFocus.getState()
  const id = group?.nodes.find((member) => member === current) ?? group?.nodes[0]
  return id === undefined ? undefined : { id, folded: true }
}

/** Walks on until a folded group is left behind. */
function walk(id: string, direction: Direction): string | undefined {
  const graph = currentGraph()
  const folded = foldedOver(graph)
  const group = folded.get(id)
  let next = nextFocus(graph, id, direction)
  for (let i = 0; group && next && i < group.nodes.length; i++) {
    if (folded.get(next) !== group) return next
    next = nextFocus(graph, next, direction)
  }
  return next
}

export function useCanvasKeys(events: CanvasEvents | undefined) {
  const { t } = useTranslation()
  const actions = useCanvasActions()
  const flow = useReactFlow()

  return (event: KeyboardEvent) => {
    const target = event.target as HTMLElement
    const action = actionOf(event.nativeEvent)
    const wire = useFlow.getState().selectedWire
    if (action === 'remove' && wire !== undefined) return actions?.cutWire(wire)
    const here = stepOf(target)
    const direction = DIRECTIONS[event.key]
    if (here && direction) {
      event.preventDefault()
      return event.altKey ? move(here.id, direction) : focusStep(walk(here.id, direction))
    }
    const act =
      (here && !here.folded ? stepActions(here.id)[action ?? ''] : undefined) ??
      (here && event.key === 'Escape' ? () => useFlow.getState().select([]) : undefined) ??
      viewActions()[action ?? '']
    if (!act) return
    event.preventDefault()
    act()
  }

  function stepActions(id: string): Record<string, (() => unknown) | undefined> {
    return {
      open: () => useFlow.getState().openStep(id, ''),
      select: () => toggle(id),
      connect: () => actions?.connectFrom(id),
      add: () => addAfterStep(id),
      why: () => showWhy(id),
      remove: () => actions?.remove(chosen(id)),
    }
  }

  function viewActions(): Record<string, (() => unknown) | undefined> {
    return {
      tidy: events?.onTidy,
      note: () => actions?.addNote(middleOf(flow)),
      zoomIn: () => flow.zoomIn(),
      zoomOut: () => flow.zoomOut(),
      fit: () => fitAll(flow),
      remove: () => {
        const { selected } = useFlow.getState()
        if (selected.size > 0) actions?.remove([...selected])
      },
    }
  }

  function move(id: string, direction: Direction) {
    if (!events) return
    const [dx, dy] = MOVES[direction]
    const group = foldedOver(currentGraph()).get(id)
    const ids = new Set(group ? group.nodes : chosen(id))
    const { nodes, notes = [] } = currentGraph()
    const positions = Object.fromEntries(
      [...nodes, ...notes]
        .filter((card) => ids.has(card.id))
        .map((card) => [card.id, { x: card.position.x + dx, y: card.position.y + dy }]),
    )
    useFlow
      .getState()
      .edit({ kind: 'move_nodes', positions }, { key: 'move', values: { count: ids.size } }, 'keys')
    announce(t(`canvas.moved.${direction}`))
  }

  /** What a press on the numbers of the step shows. */
  function showWhy(id: string) {
    const numbers = elementOf(id)?.closest('.card')?.querySelector<HTMLElement>('.count-badge')
    if (numbers) numbers.click()
    else announce(t('counts.allWentOn'))
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
  const { selected, select } = useFlow.getState()
  select(toggled(selected, id))
}
