/** One value of each field as it arrives at a step, masked: so that a name says what is in it. */
import { useEffect, useState } from 'react'
import type { Json } from '../../engine/contract/json.ts'
import { wiresInto } from '../../engine/flow/walk.ts'
import { call } from '../api/call.ts'
import { withoutLayout } from '../document/diff-flows.ts'
import { currentGraph } from '../document/flow-store.ts'
import { cellText } from '../ui/cell-text.ts'

export type Samples = ReadonlyMap<string, string>

const NONE: Samples = new Map()
const ROWS = 25
const WAIT_MS = 250

/** What was found last, by flow and step: opening a step again asks nothing. */
const found = new Map<string, Samples>()
const KEPT = 60

export function useSamples(nodeId: string, allowed: boolean): Samples {
  const [samples, setSamples] = useState(NONE)
  useEffect(() => {
    const graph = currentGraph()
    const before = wiresInto(graph, nodeId)
    if (!allowed || before.length === 0) return
    const key = `${nodeId} ${withoutLayout(graph)}`
    const known = found.get(key)
    if (known) {
      setSamples(known)
      return
    }
    const stop = new AbortController()
    const timer = setTimeout(() => {
      const { schemaVersion, nodes, wires, settings } = graph
      const body = { graph: { schemaVersion, nodes, wires, settings }, rows: ROWS, until: nodeId }
      call('flowPreview', { body, signal: stop.signal }).then(
        ({ fates }) => {
          const rows = before.flatMap(({ from }) => fates[from.node]?.out[from.port] ?? [])
          const fresh = firstValues(rows)
          keep(key, fresh)
          setSamples(fresh)
        },
        // Without samples the form works as well.
        () => undefined,
      )
    }, WAIT_MS)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [nodeId, allowed])
  return samples
}

function keep(key: string, samples: Samples): void {
  found.set(key, samples)
  const oldest = found.keys().next()
  if (found.size > KEPT && !oldest.done) found.delete(oldest.value)
}

export function firstValues(rows: ReadonlyArray<Record<string, Json>>): Samples {
  const values = new Map<string, string>()
  for (const row of rows)
    for (const [name, value] of Object.entries(row)) {
      const text = cellText(value)
      if (text !== '' && !values.has(name)) values.set(name, text)
    }
  return values
}
