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
  type Node,
  type NodeChange,
} from '@xyflow/react'
import '@xyflow/react/dist/style.css'
import './canvas.css'
import './drawing.css'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CatalogEntry } from '../../engine/contract/catalog.ts'
import type { FlowGraph, Wire } from '../../engine/contract/flow.ts'
import { currentGraph, useFlow, useGraph } from '../document/flow-store.ts'
import { readingOrder } from '../document/walk-focus.ts'
import type { Place } from '../document/edit-graph.ts'
import { SelectionBar, ZoomBar } from './canvas-bars.tsx'
import { alignChange, applyChanges } from './card-changes.ts'
import { CountedWire } from './counted-wire.tsx'
import { EstimateBar } from './estimate-bar.tsx'
import { useFocus } from './focus-store.ts'
import { GroupFrame } from './group-frame.tsx'
import { Guides, useGuides } from './guides.tsx'
import { NoteCard } from './note-card.tsx'
import { showStart, useShownFocus } from './show-on-canvas.ts'
import { StepCard } from './step-card.tsx'
import { toCards, toWires } from './to-drawing.ts'
import { dropStep, useGestures } from './use-gestures.ts'
import { useCanvasKeys } from './use-canvas-keys.ts'

const nodeTypes = { step: StepCard, note: NoteCard, group_frame: GroupFrame }
const edgeTypes = { counted: CountedWire }
const MULTI_KEYS = ['Shift', 'Control', 'Meta']
const GRID: [number, number] = [10, 10]

/** Below this zoom cards show only what can be read from afar. */
const FAR = 0.5
/** Screen pixels within which a dragged card lines up with another. */
const ALIGN_PX = 6
/** The map of a larger flow rests while a card is dragged: it would follow every frame. */
const MAPPED_IN_MOTION = 400
/** Flows larger than this draw only what is in view. */
const DRAWN_WHOLE = 150

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
  const selected = useFlow((state) => state.selected)
  const selectedWire = useFlow((state) => state.selectedWire)
  const [cards, setCards] = useState<Node[]>(() => toCards(graph, [], selected))
  const wires = useMemo(() => toWires(graph, selectedWire), [graph, selectedWire])
  const flow = useReactFlow()
  useShownFocus()
  const onKeyDown = useCanvasKeys(events)
  const cardColor = useCardColor(graph)

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
  const { gestures, dragging } = useGestures(events)
  const drawAll = useCallback(async (on: boolean) => {
    setWhole(on)
    await twoFrames()
  }, [])

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

  return (
    <div
      className={`canvas ${far ? 'far' : ''}`}
      role="region"
      aria-label={label}
      onKeyDown={onKeyDown}
      onDrop={(event) => dropStep(event, flow, events)}
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
        {...gestures}
        nodesDraggable={events !== undefined}
        nodesConnectable={events !== undefined}
        edgesFocusable={false}
        nodesFocusable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        multiSelectionKeyCode={MULTI_KEYS}
        selectionKeyCode="Shift"
        connectionRadius={32}
        minZoom={0.15}
        maxZoom={1.6}
        snapToGrid
        snapGrid={GRID}
        onInit={showStart}
        onlyRenderVisibleElements={!whole && graph.nodes.length > DRAWN_WHOLE}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.2} />
        {graph.nodes.length > 6 && !(dragging && graph.nodes.length > MAPPED_IN_MOTION) && (
          <MiniMap pannable zoomable ariaLabel={t('canvas.minimap')} nodeColor={cardColor} />
        )}
        <Guides />
        <Panel position="bottom-left">
          <ZoomBar {...(events ? { onTidy: events.onTidy } : {})} drawAll={drawAll} />
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
function useCardColor(graph: FlowGraph): (card: Node) => string {
  const catalog = useFlow((state) => state.catalog)
  return useMemo(() => {
    const colours = new Map(
      graph.nodes.map(({ id, type }) => [
        id,
        `var(--role-${catalog.get(type)?.role ?? 'destination'})`,
      ]),
    )
    return ({ id }) => colours.get(id) ?? 'var(--surface-3)'
  }, [graph, catalog])
}
