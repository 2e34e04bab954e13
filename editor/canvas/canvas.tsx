/** The flow as a picture. The document is the truth; this draws it and turns gestures into edits. */
import {
  applyNodeChanges,
  Background,
  BackgroundVariant,
  MiniMap,
  Panel,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStoreApi,
  type Connection,
  type Node,
  type NodeChange,
  type ReactFlowInstance,
} from '@xyflow/react'
import '@xyflow/react/dist/style.css'
import './canvas.css'
import { useCallback, useEffect, useMemo, useState, type DragEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { CatalogEntry } from '../../engine/contract/catalog.ts'
import type { Wire } from '../../engine/contract/flow.ts'
import { currentGraph, useFlow, useGraph } from '../document/flow-store.ts'
import { readingOrder } from '../document/walk-focus.ts'
import { CARD } from '../document/tidy-flow.ts'
import type { Place } from '../document/edit-graph.ts'
import { IconButton } from '../ui/button.tsx'
import { useCanvasActions } from './canvas-actions.ts'
import { CountedWire } from './counted-wire.tsx'
import { useFocus } from './focus-store.ts'
import { StepCard } from './step-card.tsx'
import { toCards, toWires } from './to-drawing.ts'
import { useCanvasKeys } from './use-canvas-keys.ts'

const nodeTypes = { step: StepCard }
const edgeTypes = { counted: CountedWire }

/** Carries the type of a step dragged from the palette. */
export const DRAG_TYPE = 'application/x-heddle-step'

export interface CanvasEvents {
  /** A step of this type was put on the canvas, on a wire if it fell on one. */
  onPlace(entry: CatalogEntry, at: Place, wireId: string | undefined): void
  onDropOnWire(nodeId: string, wireId: string): void
  onConnect(from: Wire['from'], to: Wire['to']): void
  onTidy(): void
}

export function Canvas({ events, label }: { events?: CanvasEvents; label: string }) {
  return (
    <ReactFlowProvider>
      <Drawing {...(events ? { events } : {})} label={label} />
    </ReactFlowProvider>
  )
}

function Drawing({ events, label }: { events?: CanvasEvents; label: string }) {
  const { t } = useTranslation()
  const graph = useGraph()
  const actions = useCanvasActions()
  const selected = useFlow((state) => state.selected)
  const selectedWire = useFlow((state) => state.selectedWire)
  const catalog = useFlow((state) => state.catalog)
  const [cards, setCards] = useState<Node[]>(() => toCards(graph, [], selected))
  const wires = useMemo(() => toWires(graph, selectedWire), [graph, selectedWire])
  const flow = useReactFlow()
  useShownFocus()
  const onKeyDown = useCanvasKeys(events)

  useEffect(() => {
    setCards((before) => toCards(graph, before, selected))
    const order = new Map(readingOrder(graph).map((node, i) => [node.id, i + 1]))
    const { current } = useFocus.getState()
    useFocus.setState({
      order,
      current: current !== undefined && order.has(current) ? current : [...order.keys()][0],
    })
  }, [graph, selected])

  const onNodesChange = useCallback((changes: NodeChange[]) => {
    setCards((before) => applyNodeChanges(changes, before))
    const picks = changes.filter((change) => change.type === 'select')
    if (picks.length === 0) return
    const next = new Set(useFlow.getState().selected)
    for (const { id, selected: on } of picks)
      if (on) next.add(id)
      else next.delete(id)
    useFlow.getState().select(next)
  }, [])

  const onDragStop = (event: globalThis.MouseEvent | globalThis.TouchEvent, moved: Node[]) => {
    const positions = Object.fromEntries(moved.map((card) => [card.id, card.position]))
    useFlow
      .getState()
      .edit({ kind: 'move_nodes', positions }, { key: 'move', values: { count: moved.length } })
    const point = 'clientX' in event ? event : event.changedTouches[0]
    const wire = moved.length === 1 && point ? wireAt(point.clientX, point.clientY) : undefined
    if (wire && moved[0]) events?.onDropOnWire(moved[0].id, wire)
  }
  const onDrop = (event: DragEvent) => {
    const entry = catalog.get(event.dataTransfer.getData(DRAG_TYPE))
    if (!entry || !events) return
    event.preventDefault()
    const at = flow.screenToFlowPosition({ x: event.clientX - 100, y: event.clientY - 30 })
    events.onPlace(entry, at, wireAt(event.clientX, event.clientY))
  }
  const onConnect = ({ source, sourceHandle, target, targetHandle }: Connection) =>
    events?.onConnect(
      { node: source, port: sourceHandle ?? '' },
      { node: target, port: targetHandle ?? '' },
    )
  return (
    <div
      className="canvas"
      role="region"
      aria-label={label}
      onKeyDown={onKeyDown}
      onDrop={onDrop}
      onDragOver={(event) => {
        if (events) event.preventDefault()
      }}
    >
      <ReactFlow
        nodes={cards}
        edges={wires}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={onNodesChange}
        onNodeDragStop={(event, _card, moved) => onDragStop(event, moved)}
        onNodeClick={(event, card) => {
          if (!event.shiftKey && !event.ctrlKey && !event.metaKey) actions?.openStep(card.id)
        }}
        onEdgeClick={(_event, wire) => useFlow.getState().selectWire(wire.id)}
        onPaneClick={() => {
          useFlow.getState().selectWire(undefined)
          useFlow.getState().openStep(undefined)
        }}
        onConnect={onConnect}
        nodesDraggable={events !== undefined}
        nodesConnectable={events !== undefined}
        edgesFocusable={false}
        nodesFocusable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        multiSelectionKeyCode={['Shift', 'Control', 'Meta']}
        selectionKeyCode="Shift"
        connectionRadius={32}
        minZoom={0.15}
        maxZoom={1.6}
        snapToGrid
        snapGrid={[10, 10]}
        onInit={showStart}
        onlyRenderVisibleElements={graph.nodes.length > 150}
        proOptions={{ hideAttribution: false }}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.2} />
        {graph.nodes.length > 6 && (
          <MiniMap
            pannable
            zoomable
            ariaLabel={t('canvas.minimap')}
            nodeColor={cardColor(catalog)}
          />
        )}
        <Panel position="bottom-left">
          <ZoomBar {...(events ? { onTidy: events.onTidy } : {})} />
        </Panel>
      </ReactFlow>
    </div>
  )
}

const READABLE = 0.62

/** The whole flow where it can still be read, else its beginning. */
function showStart(flow: ReactFlowInstance): void {
  const { nodes } = currentGraph()
  void flow.fitView({ padding: 0.12, maxZoom: 1 }).then(() => {
    if (nodes.length === 0 || flow.getZoom() >= READABLE) return
    const left = Math.min(...nodes.map((node) => node.position.x))
    const first = nodes.filter((node) => node.position.x <= left + CARD.width)
    const middle =
      first.reduce((sum, node) => sum + node.position.y, 0) / first.length + CARD.height / 2
    const height = document.querySelector('.canvas')?.clientHeight ?? 0
    void flow.setViewport({
      x: 40 - left * READABLE,
      y: height / 2 - middle * READABLE,
      zoom: READABLE,
    })
  })
}

/** The map's colours come from the same tokens as the cards'. */
const cardColor = (catalog: ReadonlyMap<string, CatalogEntry>) => (card: Node) => {
  const node = currentGraph().nodes.find((known) => known.id === card.id)
  return `var(--role-${catalog.get(node?.type ?? '')?.role ?? 'destination'})`
}

function ZoomBar({ onTidy }: { onTidy?: () => void }) {
  const { t } = useTranslation()
  const flow = useReactFlow()
  return (
    <div className="zoom-bar" role="toolbar" aria-label={t('canvas.view')}>
      <IconButton icon="plus" label={t('canvas.zoomIn')} onClick={() => void flow.zoomIn()} />
      <IconButton icon="minus" label={t('canvas.zoomOut')} onClick={() => void flow.zoomOut()} />
      <IconButton
        icon="fit"
        label={t('canvas.fit')}
        onClick={() => void flow.fitView({ padding: 0.15, maxZoom: 1 })}
      />
      {onTidy && (
        <IconButton
          icon="tidy"
          label={t('canvas.tidy')}
          onClick={() => {
            onTidy()
            requestAnimationFrame(() => void flow.fitView({ padding: 0.15, maxZoom: 1 }))
          }}
        />
      )}
    </div>
  )
}

/** The topmost wire under a point of the screen, even beneath a card. */
function wireAt(x: number, y: number): string | undefined {
  const hit = document
    .elementsFromPoint(x, y)
    .find((element) => element.classList.contains('react-flow__edge-interaction'))
  return hit?.closest('.react-flow__edge')?.getAttribute('data-id') ?? undefined
}

const MARGIN = 40
/** Time the side panel needs to take its room. */
const PANEL_MS = 60

/** Brings a step into view when it gets the focus by keyboard, and when its settings open. */
function useShownFocus(): void {
  const flow = useReactFlow()
  const store = useStoreApi()
  useEffect(() => {
    const show = (id: string | undefined) => {
      const node = currentGraph().nodes.find((known) => known.id === id)
      if (!node) return
      const { x: left, y: top, zoom } = flow.getViewport()
      const { width, height } = store.getState()
      const x = node.position.x * zoom + left
      const y = node.position.y * zoom + top
      const right = width - CARD.width * zoom - MARGIN
      const bottom = height - CARD.height * zoom - MARGIN
      if (x > MARGIN && y > MARGIN && x < right && y < bottom) return
      const middle = [node.position.x + CARD.width / 2, node.position.y + CARD.height / 2] as const
      void flow.setCenter(...middle, { zoom })
    }
    const stopFocus = useFocus.subscribe(({ current }, before) => {
      // A click has its step in view already; moving it away would lose the click.
      const byKey = document.activeElement?.matches('.canvas :focus-visible') === true
      if (current !== before.current && byKey) show(current)
    })
    const stopOpen = useFlow.subscribe(({ open }, before) => {
      if (open !== undefined && open !== before.open) setTimeout(() => show(open), PANEL_MS)
    })
    return () => {
      stopFocus()
      stopOpen()
    }
  }, [flow, store])
}
