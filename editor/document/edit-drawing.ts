/** Edits of what is drawn beside the steps: notes, groups, and the tests kept with the flow. Pure. */
import type { Fixture, FlowGraph, Note, StepGroup } from '../../engine/contract/flow.ts'
import type { Place } from './edit-graph.ts'
import { sameJson } from './same-json.ts'

export type DrawingEdit =
  | { kind: 'add_note'; note: Note }
  | { kind: 'change_note'; id: string; change: Partial<Omit<Note, 'id'>> }
  | { kind: 'add_group'; group: StepGroup }
  | { kind: 'change_group'; id: string; change: Partial<Omit<StepGroup, 'id'>> }
  /** The steps stay. */
  | { kind: 'ungroup'; id: string }
  | { kind: 'set_fixtures'; fixtures: readonly Fixture[] }

export function applyDrawingEdit(graph: FlowGraph, edit: DrawingEdit): FlowGraph {
  switch (edit.kind) {
    case 'add_note':
      return { ...graph, notes: [...(graph.notes ?? []), edit.note] }
    case 'change_note':
      return changeOne(graph, 'notes', edit)
    case 'add_group':
      return addGroup(graph, edit.group)
    case 'change_group':
      return changeOne(graph, 'groups', edit)
    case 'ungroup':
      return withList(
        graph,
        'groups',
        (graph.groups ?? []).filter(({ id }) => id !== edit.id),
      )
    case 'set_fixtures':
      return withList(graph, 'fixtures', edit.fixtures)
  }
}

/** A list that holds nothing is left out, so that taking everything back gives the same document. */
function withList<Key extends 'notes' | 'groups' | 'fixtures'>(
  graph: FlowGraph,
  key: Key,
  list: ReadonlyArray<NonNullable<FlowGraph[Key]>[number]>,
): FlowGraph {
  if (sameJson(graph[key] ?? [], list)) return graph
  const { [key]: _, ...rest } = graph
  return (list.length === 0 ? rest : { ...rest, [key]: list }) as FlowGraph
}

function changeOne(
  graph: FlowGraph,
  key: 'notes' | 'groups',
  { id, change }: { id: string; change: object },
): FlowGraph {
  const list: ReadonlyArray<{ id: string }> = graph[key] ?? []
  const next = list.map((entry) => (entry.id === id ? { ...entry, ...change } : entry))
  return sameJson(list, next) ? graph : { ...graph, [key]: next }
}

/** A step is in one group at most. */
function addGroup(graph: FlowGraph, group: StepGroup): FlowGraph {
  const taken = new Set(group.nodes)
  const others = (graph.groups ?? []).map((other) => ({
    ...other,
    nodes: other.nodes.filter((id) => !taken.has(id)),
  }))
  return { ...graph, groups: [...others.filter(({ nodes }) => nodes.length > 0), group] }
}

export function moveNotes(graph: FlowGraph, positions: Readonly<Record<string, Place>>): FlowGraph {
  if (!graph.notes?.some((note) => positions[note.id])) return graph
  const notes = graph.notes.map((note) => {
    const to = positions[note.id]
    return to ? { ...note, position: { x: Math.round(to.x), y: Math.round(to.y) } } : note
  })
  return sameJson(notes, graph.notes) ? graph : { ...graph, notes }
}

/** Takes away notes of these ids, and steps of these ids out of groups and tests. */
export function removeFromDrawing(graph: FlowGraph, ids: readonly string[]): FlowGraph {
  const gone = new Set(ids)
  const groups = (graph.groups ?? [])
    .map((group) => ({ ...group, nodes: group.nodes.filter((id) => !gone.has(id)) }))
    .filter(({ nodes }) => nodes.length > 0)
  const fixtures = (graph.fixtures ?? [])
    .filter(({ node }) => !gone.has(node))
    .map((fixture) => ({
      ...fixture,
      expect: fixture.expect.filter(({ node }) => !gone.has(node)),
    }))
  const notes = (graph.notes ?? []).filter(({ id }) => !gone.has(id))
  return withList(withList(withList(graph, 'notes', notes), 'groups', groups), 'fixtures', fixtures)
}
