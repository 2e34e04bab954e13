/** Undo and redo: one action of a person is one entry, named for the menu. */
import type { FlowGraph } from '../../engine/contract/flow.ts'
import { applyEdit, type Edit } from './edit-graph.ts'

interface Entry {
  label: string
  graph: FlowGraph
}

export interface History {
  graph: FlowGraph
  past: readonly Entry[]
  future: readonly Entry[]
}

/** Steps kept; older ones can no longer be undone. */
const LIMIT = 200

export const startHistory = (graph: FlowGraph): History => ({ graph, past: [], future: [] })

/** Applies an edit; one that changes nothing leaves no entry. */
export function record(history: History, label: string, edit: Edit): History {
  const graph = applyEdit(history.graph, edit)
  if (graph === history.graph) return history
  const past = [...history.past, { label, graph: history.graph }].slice(-LIMIT)
  return { graph, past, future: [] }
}

export function undo(history: History): History {
  const last = history.past.at(-1)
  if (!last) return history
  return {
    graph: last.graph,
    past: history.past.slice(0, -1),
    future: [{ label: last.label, graph: history.graph }, ...history.future],
  }
}

export function redo(history: History): History {
  const [next, ...rest] = history.future
  if (!next) return history
  return {
    graph: next.graph,
    past: [...history.past, { label: next.label, graph: history.graph }],
    future: rest,
  }
}
