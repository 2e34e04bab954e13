/** What part of the flow the canvas shows: at the start, and when a step is gone to. */
import { useReactFlow, useStoreApi, type ReactFlowInstance } from '@xyflow/react'
import { useEffect } from 'react'
import { currentGraph, useFlow } from '../document/flow-store.ts'
import { CARD } from '../document/tidy-flow.ts'
import { useFocus } from './focus-store.ts'

const READABLE = 0.62

/** The whole flow where it can still be read, else its beginning. */
export function showStart(flow: ReactFlowInstance): void {
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

const MARGIN = 40
/** Time the side panel needs to take its room. */
const PANEL_MS = 60

/** Brings a step into view when it gets the focus by keyboard, and when its settings open. */
export function useShownFocus(): void {
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
      void flow.setCenter(...middle, { zoom: Math.max(zoom, READABLE) })
    }
    const stopFocus = useFocus.subscribe(({ current, asked }, before) => {
      // A click has its step in view already; moving it away would lose the click.
      const byKey = document.activeElement?.matches('.canvas :focus-visible') === true
      if (asked !== before.asked || (current !== before.current && byKey)) show(current)
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
