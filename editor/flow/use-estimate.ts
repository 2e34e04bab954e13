/** Asks for the numbers of every wire a moment after each change; a newer question drops the older. */
import { useCallback, useEffect } from 'react'
import type { FlowGraph } from '../../engine/contract/flow.ts'
import { ApiFailure } from '../api/api-failure.ts'
import { call } from '../api/call.ts'
import { clearEstimate, useEstimate } from '../canvas/estimate-store.ts'
import { withoutLayout } from '../document/diff-flows.ts'
import { currentGraph } from '../document/flow-store.ts'

const WAIT_MS = 600

export function useEstimates(graph: FlowGraph, allowed: boolean): () => void {
  const content = withoutLayout(graph)
  useEffect(() => clearEstimate, [])
  useEffect(() => {
    if (!allowed) return
    const stop = new AbortController()
    useEstimate.setState({ stale: true })
    const timer = setTimeout(() => void ask(false, stop.signal), WAIT_MS)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [content, allowed])
  return useCallback(() => void ask(true), [])
}

async function ask(exact: boolean, signal?: AbortSignal): Promise<void> {
  const graph = currentGraph()
  if (graph.wires.length === 0) return clearEstimate()
  const asked = withoutLayout(graph)
  useEstimate.setState({ busy: true, failure: undefined })
  try {
    const { schemaVersion, nodes, wires, settings } = graph
    const estimate = await call('flowEstimate', {
      body: { graph: { schemaVersion, nodes, wires, settings }, exact },
      ...(signal ? { signal } : {}),
    })
    const stale = withoutLayout(currentGraph()) !== asked
    useEstimate.setState({ estimate, stale, busy: false })
  } catch (error) {
    if (signal?.aborted) return
    const failure = error instanceof ApiFailure ? error.message : undefined
    useEstimate.setState({ busy: false, failure })
  }
}
