/** The open flow: its document with history, and what is selected. Counts live elsewhere. */
import { create } from 'zustand'
import type { Analysis } from '../../engine/contract/api/flows.ts'
import { applyEdit, type Edit } from './edit-graph.ts'
import { canConnect, type Catalog } from './can-connect.ts'
import {
  record,
  redo,
  startHistory,
  undo,
  type EditLabel,
  type FlowDocument,
  type History,
} from './history.ts'

export interface FlowState {
  history: History
  catalog: Catalog
  analysis: Analysis | undefined
  /** Selected steps. */
  selected: ReadonlySet<string>
  selectedWire: string | undefined
  /** The step whose settings are open. */
  open: string | undefined
  /** Setting to bring into view when the inspector opens. */
  openPath: string | undefined
  readOnly: boolean
  load(document: FlowDocument, catalog: Catalog, readOnly: boolean): void
  edit(edit: Edit, label: EditLabel, about?: string): void
  renameFlow(name: string): void
  /** The node types, when they changed while the flow is open. */
  setCatalog(catalog: Catalog): void
  undo(): EditLabel | undefined
  redo(): EditLabel | undefined
  setAnalysis(analysis: Analysis | undefined): void
  select(ids: Iterable<string>): void
  selectWire(id: string | undefined): void
  openStep(id: string | undefined, path?: string): void
}

const EMPTY: FlowDocument = {
  name: '',
  graph: { schemaVersion: 1, nodes: [], wires: [], settings: {} },
}

export const useFlow = create<FlowState>()((set, get) => ({
  history: startHistory(EMPTY),
  catalog: new Map(),
  analysis: undefined,
  selected: new Set(),
  selectedWire: undefined,
  open: undefined,
  openPath: undefined,
  readOnly: false,
  load: (document, catalog, readOnly) =>
    set({
      history: startHistory(document),
      catalog,
      readOnly,
      analysis: undefined,
      selected: new Set(),
      selectedWire: undefined,
      open: undefined,
      openPath: undefined,
    }),
  edit(edit, label, about) {
    const { history, catalog, analysis, readOnly } = get()
    if (readOnly) return
    const facts = { catalog, shapes: analysis?.shapes }
    const graph = applyEdit(
      history.document.graph,
      edit,
      (rest, from, to) => canConnect(rest, from, to, facts).ok,
    )
    const recording = { label, at: Date.now(), ...(about === undefined ? {} : { about }) }
    set({ history: record(history, { ...history.document, graph }, recording) })
    const wire = get().selectedWire
    if (wire !== undefined && !graph.wires.some(({ id }) => id === wire))
      get().selectWire(undefined)
    const there = new Set([...graph.nodes, ...(graph.notes ?? [])].map(({ id }) => id))
    get().select([...get().selected].filter((id) => there.has(id)))
  },
  renameFlow(name) {
    const { history, readOnly } = get()
    if (readOnly || name.trim() === '') return
    const document = { ...history.document, name: name.trim() }
    set({ history: record(history, document, { label: { key: 'rename_flow' }, at: Date.now() }) })
  },
  undo() {
    const { history, readOnly } = get()
    const label = history.past.at(-1)?.label
    if (!label || readOnly) return undefined
    set({ history: undo(history) })
    return label
  },
  redo() {
    const { history, readOnly } = get()
    const label = history.future[0]?.label
    if (!label || readOnly) return undefined
    set({ history: redo(history) })
    return label
  },
  setCatalog: (catalog) => set({ catalog }),
  setAnalysis: (analysis) => set({ analysis }),
  select(ids) {
    const selected = new Set(ids)
    const before = get().selected
    if (selected.size === before.size && [...selected].every((id) => before.has(id))) return
    set({ selected, ...(selected.size > 0 ? { selectedWire: undefined } : {}) })
  },
  selectWire: (id) =>
    set(id === undefined ? { selectedWire: id } : { selectedWire: id, selected: new Set() }),
  openStep: (id, path) =>
    set({
      open: id,
      openPath: path,
      ...(id === undefined ? {} : { selected: new Set([id]), selectedWire: undefined }),
    }),
}))

export const useGraph = () => useFlow((state) => state.history.document.graph)
export const currentGraph = () => useFlow.getState().history.document.graph
