/** Undo and redo: one action of a person is one entry, named for the menu. */
import type { FlowGraph } from '../../engine/contract/flow.ts'

/** What is edited: the flow's name and its graph. */
export interface FlowDocument {
  name: string
  graph: FlowGraph
}

/** Key of the text under `edits`, and the values it names. */
export interface EditLabel {
  key: string
  values?: Record<string, string | number>
}

interface Entry {
  label: EditLabel
  document: FlowDocument
}

export interface History {
  document: FlowDocument
  past: readonly Entry[]
  future: readonly Entry[]
  /** What the last entry was about and when, so that typing into one field stays one entry. */
  last?: { about: string; at: number }
}

export interface Recording {
  label: EditLabel
  /** Edits about the same thing in quick succession become one entry. */
  about?: string
  /** Milliseconds since 1970. */
  at: number
}

/** Steps kept; older ones can no longer be undone. */
const LIMIT = 200
const ONE_ACTION_MS = 1_500

export const startHistory = (document: FlowDocument): History => ({
  document,
  past: [],
  future: [],
})

/** Takes over a changed document; one that did not change leaves no entry. */
export function record(
  history: History,
  document: FlowDocument,
  { label, about, at }: Recording,
): History {
  const before = history.document
  if (document.graph === before.graph && document.name === before.name) return history
  const goesOn =
    about !== undefined &&
    history.last?.about === about &&
    at - history.last.at < ONE_ACTION_MS &&
    history.past.length > 0
  const past = goesOn ? history.past : [...history.past, { label, document: before }].slice(-LIMIT)
  return { document, past, future: [], ...(about === undefined ? {} : { last: { about, at } }) }
}

export function undo(history: History): History {
  const last = history.past.at(-1)
  if (!last) return history
  return {
    document: last.document,
    past: history.past.slice(0, -1),
    future: [{ label: last.label, document: history.document }, ...history.future],
  }
}

export function redo(history: History): History {
  const [next, ...rest] = history.future
  if (!next) return history
  return {
    document: next.document,
    past: [...history.past, { label: next.label, document: history.document }],
    future: rest,
  }
}
