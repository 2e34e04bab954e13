/** Problems and fields of the open flow, asked anew a moment after each change. */
import { useEffect } from 'react'
import { call } from '../api/call.ts'
import { useFlow, useGraph } from '../document/flow-store.ts'
import { withoutLayout } from '../document/diff-flows.ts'

const WAIT_MS = 300

export function useAnalysis(): void {
  const graph = useGraph()
  const catalog = useFlow((state) => state.catalog)
  // Names are part of messages, places of nothing.
  const content = withoutLayout(graph) + graph.nodes.map((node) => node.name).join('|')
  useEffect(() => {
    const stop = new AbortController()
    const timer = setTimeout(() => {
      const { graph: now } = useFlow.getState().history.document
      call('flowAnalyse', { body: { graph: now }, signal: stop.signal }).then(
        (analysis) => useFlow.getState().setAnalysis(analysis),
        // The last analysis stays; the next change asks again.
        () => undefined,
      )
    }, WAIT_MS)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [content, catalog])
}
