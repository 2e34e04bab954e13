/** Turns gestures on the canvas into edits. The functions keep their identity: the library compares
 *  them for every card on every frame of a drag. */
import { useReactFlow, type Connection, type Edge, type Node, type OnNodeDrag } from '@xyflow/react'
import { useMemo, useState, type DragEvent, type MouseEvent } from 'react'
import { currentGraph, useFlow } from '../document/flow-store.ts'
import { useCanvasActions } from './canvas-actions.ts'
import type { CanvasEvents } from './canvas.tsx'
import { clearGuides } from './guides.tsx'

/** Carries the type of a step dragged from the palette. */
export const DRAG_TYPE = 'application/x-heddle-step'

type Flow = ReturnType<typeof useReactFlow>

export function useGestures(events: CanvasEvents | undefined) {
  const flow = useReactFlow()
  const actions = useCanvasActions()
  const [dragging, setDragging] = useState(false)
  const gestures = useMemo(
    () => ({
      onNodeDragStart: () => setDragging(true),
      onNodeDragStop: ((event, _card, moved) => {
        clearGuides()
        setDragging(false)
        moveCards(flow, moved)
        const point = 'clientX' in event ? event : event.changedTouches[0]
        const wire = moved.length === 1 && point ? wireAt(point.clientX, point.clientY) : undefined
        if (wire && moved[0]) events?.onDropOnWire(moved[0].id, wire)
      }) satisfies OnNodeDrag,
      onNodeClick(event: MouseEvent, card: Node) {
        if (card.type !== 'step' || event.shiftKey || event.ctrlKey || event.metaKey) return
        actions?.openStep(card.id)
      },
      onEdgeClick: (_event: MouseEvent, wire: Edge) => useFlow.getState().selectWire(wire.id),
      onPaneClick() {
        useFlow.getState().selectWire(undefined)
        useFlow.getState().openStep(undefined)
      },
      onConnect: ({ source, sourceHandle, target, targetHandle }: Connection) =>
        void events?.onConnect(
          { node: source, port: sourceHandle ?? '' },
          { node: target, port: targetHandle ?? '' },
        ),
    }),
    [flow, events, actions],
  )
  return { gestures, dragging }
}

/** A frame takes its steps along; what lines up keeps the place it came to rest on. */
function moveCards(flow: Flow, moved: readonly Node[]): void {
  const { groups = [] } = currentGraph()
  const ids = moved.flatMap(({ id }) => groups.find((group) => group.id === id)?.nodes ?? [id])
  const positions = Object.fromEntries(
    ids.flatMap((id) => {
      const card = flow.getNode(id)
      return card ? [[id, card.position]] : []
    }),
  )
  const values = { count: ids.length }
  useFlow.getState().edit({ kind: 'move_nodes', positions }, { key: 'move', values })
}

/** A step from the palette falls on the canvas, or on a wire. */
export function dropStep(event: DragEvent, flow: Flow, events: CanvasEvents | undefined): void {
  const entry = useFlow.getState().catalog.get(event.dataTransfer.getData(DRAG_TYPE))
  if (!entry || !events) return
  event.preventDefault()
  const at = flow.screenToFlowPosition({ x: event.clientX - 100, y: event.clientY - 30 })
  events.onPlace(entry, at, wireAt(event.clientX, event.clientY))
}

/** The topmost wire under a point of the screen, even beneath a card. */
function wireAt(x: number, y: number): string | undefined {
  const hit = document
    .elementsFromPoint(x, y)
    .find((element) => element.classList.contains('react-flow__edge-interaction'))
  return hit?.closest('.react-flow__edge')?.getAttribute('data-id') ?? undefined
}
