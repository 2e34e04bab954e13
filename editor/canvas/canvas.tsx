/** The flow as a picture. The document is the truth; this draws it and turns gestures into edits. */
import {
  Background,
  BackgroundVariant,
  MiniMap,
  Panel,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
  type Connection,
  type Node,
  type NodeChange,
} from '@xyflow/react'
import '@xyflow/react/dist/style.css'
import './canvas.css'
import './drawing.css'
import { useCallback, useEffect, useMemo, useState, type DragEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { CatalogEntry } from '../../engine/contract/catalog.ts'
import type { Wire } from '../../engine/contract/flow.ts'
import { currentGraph, useFlow, useGraph } from '../document/flow-store.ts'
import { readingOrder } from '../document/walk-focus.ts'
import type { Place } from '../document/edit-graph.ts'
import { useCanvasActions } from './canvas-actions.ts'
import { SelectionBar, ZoomBar } from './canvas-bars.tsx'
import { alignChange, applyChanges } from './card-changes.ts'
import { CountedWire } from './counted-wire.tsx'
import { EstimateBar } from './estimate-bar.tsx'
import { useFocus } from './focus-store.ts'
import { GroupFrame } from './group-frame.tsx'
import { clearGuides, Guides, useGuides } from './guides.tsx'
import { NoteCard } from './note-card.tsx'
import { showStart, useShownFocus } from './show-on-canvas.ts'
import { StepCard } from './step-card.tsx'
import { toCards, toWires } from './to-drawing.ts'
import { useCanvasKeys } from './use-canvas-keys.ts'

const nodeTypes = { step: StepCard, note: NoteCard, group_frame: GroupFrame }
const edgeTypes = { counted: CountedWire }

/** Below this zoom cards show only what can be read from afar. */
const FAR = 0.5
/** Screen pixels within which a dragged card lines up with another. */
const ALIGN_PX = 6
/** Flows larger than this draw only what is in view. */
const DRAWN_WHOLE = 150

/** Carries the type of a step dragged from the palette. */
export const DRAG_TYPE = 'application/x-heddle-step'

export interface CanvasEvents {
  /** A step of this type was put on the canvas, on a wire if it fell on one. */
  onPlace(entry: CatalogEntry, at: Place, wireId: string | undefined): void
  onDropOnWire(nodeId: string, wireId: string): void
  onConnect(from: Wire['from'], to: Wire['to']): void
  onTidy(): void
  /** Counts every record instead of telling from a sample. */
  onCount(): void
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

  const far = useStore((state) => state.transform[2] < FAR)
  const [whole, setWhole] = useState(false)

  const onNodesChange = useCallback(
    (changes: NodeChange[]) => {
      setCards((before) => {
        const aligned = alignChange(before, changes, ALIGN_PX / flow.getZoom())
        if (aligned) useGuides.setState(linesOf(aligned.alignment), true)
        return applyChanges(before, aligned ? [aligned.change] : changes, currentGraph())
      })
      const picks = changes.filter((change) => change.type === 'select')
      if (picks.length === 0) return
      const next = new Set(useFlow.getState().selected)
      for (const { id, selected: on } of picks)
        if (on) next.add(id)
        else next.delete(id)
      useFlow.getState().select(next)
    },
    [flow],
  )

  const onDragStop = (event: globalThis.MouseEvent | globalThis.TouchEvent, moved: Node[]) => {
    clearGuides()
    const { groups = [] } = currentGraph()
    const ids = moved.flatMap(({ id }) => groups.find((group) => group.id === id)?.nodes ?? [id])
    const positions = Object.fromEntries(
      ids.flatMap((id) => {
        const card = cards.find((known) => known.id === id)
        return card ? [[id, card.position]] : []
      }),
    )
    useFlow
      .getState()
      .edit({ kind: 'move_nodes', positions }, { key: 'move', values: { count: ids.length } })
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
      className={`canvas ${far ? 'far' : ''}`}
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
          if (card.type !== 'step' || event.shiftKey || event.ctrlKey || event.metaKey) return
          actions?.openStep(card.id)
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
        onlyRenderVisibleElements={!whole && graph.nodes.length > DRAWN_WHOLE}
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
        <Guides />
        <Panel position="bottom-left">
          <ZoomBar
            {...(events ? { onTidy: events.onTidy } : {})}
            drawAll={async (on) => {
              setWhole(on)
              await twoFrames()
            }}
          />
        </Panel>
        {events && (
          <Panel position="top-center">
            <SelectionBar onTidy={events.onTidy} />
            <EstimateBar onCount={events.onCount} />
          </Panel>
        )}
      </ReactFlow>
    </div>
  )
}

const linesOf = ({ vertical, horizontal }: { vertical?: number; horizontal?: number }) => ({
  ...(vertical === undefined ? {} : { vertical }),
  ...(horizontal === undefined ? {} : { horizontal }),
})

const twoFrames = (): Promise<void> =>
  new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())))

/** The map's colours come from the same tokens as the cards'. */
const cardColor = (catalog: ReadonlyMap<string, CatalogEntry>) => (card: Node) => {
  const node = currentGraph().nodes.find((known) => known.id === card.id)
  if (!node) return 'var(--surface-3)'
  return `var(--role-${catalog.get(node.type)?.role ?? 'destination'})`
}

/** The topmost wire under a point of the screen, even beneath a card. */
function wireAt(x: number, y: number): string | undefined {
  const hit = document
    .elementsFromPoint(x, y)
    .find((element) => element.classList.contains('react-flow__edge-interaction'))
  return hit?.closest('.react-flow__edge')?.getAttribute('data-id') ?? undefined
}
