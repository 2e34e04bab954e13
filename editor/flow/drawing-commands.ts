/** What people do beside the steps: notes, groups, copies in place, and blocks for any flow. */
import type { TFunction } from 'i18next'
import type { BlockView } from '../../engine/contract/api/blocks.ts'
import { copySteps, freshCopy, type Clipping } from '../document/clipboard.ts'
import type { Place } from '../document/edit-graph.ts'
import { currentGraph, useFlow } from '../document/flow-store.ts'
import { newId } from '../document/make-node.ts'
import { CARD } from '../document/tidy-flow.ts'
import { announce } from '../ui/notices.tsx'

const NOTE_SIZE = { width: 220, height: 140 }
const GAP = 120

export function createDrawingCommands(t: TFunction) {
  const edit = useFlow.getState().edit

  function addNote(at: Place) {
    const id = `note_${newId()}`
    const position = clearOf(at)
    edit(
      { kind: 'add_note', note: { id, text: '', tint: 'yellow', position, size: NOTE_SIZE } },
      { key: 'add_note' },
    )
    useFlow.getState().select([id])
    announce(t('spoken.noteAdded'))
    requestAnimationFrame(() =>
      document.querySelector<HTMLElement>(`[data-id="${id}"] textarea`)?.focus(),
    )
  }

  /** Puts the selected steps into a group of their own. */
  function group() {
    const { selected } = useFlow.getState()
    const nodes = currentGraph().nodes.flatMap(({ id }) => (selected.has(id) ? [id] : []))
    if (nodes.length === 0) return
    const id = `group_${newId()}`
    edit(
      { kind: 'add_group', group: { id, title: '', tint: 'blue', nodes, folded: false } },
      { key: 'add_group', values: { count: nodes.length } },
    )
    announce(t('spoken.grouped', { count: nodes.length }))
    requestAnimationFrame(() =>
      document.querySelector<HTMLElement>(`[data-id="${id}"] .group-grip input`)?.focus(),
    )
  }

  function ungroup(id: string) {
    edit({ kind: 'ungroup', id }, { key: 'ungroup' })
    announce(t('spoken.ungrouped'))
  }

  /** Selected steps and notes as they would be copied; undefined when none is selected. */
  function clipping(): Clipping | undefined {
    const { selected } = useFlow.getState()
    return selected.size === 0 ? undefined : copySteps(currentGraph(), selected)
  }

  function put(steps: Clipping, label: Parameters<typeof edit>[1], offset?: number) {
    const fresh = freshCopy(steps, offset)
    edit({ kind: 'paste', ...fresh }, label)
    useFlow.getState().select([...fresh.nodes, ...fresh.notes].map(({ id }) => id))
    announce(t('spoken.pasted', { count: fresh.nodes.length + fresh.notes.length }))
    return fresh
  }

  function duplicate() {
    const steps = clipping()
    if (steps) put(steps, { key: 'duplicate', values: { count: steps.nodes.length } })
  }

  function duplicateStep(id: string) {
    useFlow.getState().select([id])
    duplicate()
  }

  /** Below everything, as one group, so that it can be folded and is known as the block it was. */
  function insertBlock({ name, steps }: Pick<BlockView, 'name' | 'steps'>) {
    const { nodes } = currentGraph()
    const below = Math.max(0, ...nodes.map(({ position }) => position.y + CARD.height + GAP))
    const top = Math.min(...steps.nodes.map(({ position }) => position.y))
    const left = Math.min(...steps.nodes.map(({ position }) => position.x))
    const start = nodes.length > 0 ? Math.min(...nodes.map(({ position }) => position.x)) : 0
    const shifted = <Placed extends { position: Place }>(placed: Placed): Placed => ({
      ...placed,
      position: { x: placed.position.x - left + start, y: placed.position.y - top + below },
    })
    const clip: Clipping = {
      heddle: 'steps',
      nodes: steps.nodes.map(shifted),
      wires: steps.wires,
      notes: (steps.notes ?? []).map(shifted),
      groups: [
        {
          id: 'block',
          title: name,
          tint: 'green',
          nodes: steps.nodes.map(({ id }) => id),
          folded: false,
        },
      ],
    }
    put(clip, { key: 'insert_block', values: { name } }, 0)
  }

  return { addNote, group, ungroup, clipping, put, duplicate, duplicateStep, insertBlock }
}

/** The nearest place below that covers no step. */
function clearOf({ x, y }: Place): Place {
  const covers = (top: number) =>
    currentGraph().nodes.some(
      ({ position }) =>
        position.x < x + NOTE_SIZE.width &&
        position.x + CARD.width > x &&
        position.y < top + NOTE_SIZE.height &&
        position.y + CARD.height > top,
    )
  let top = Math.round(y)
  while (covers(top)) top += 40
  return { x: Math.round(x), y: top }
}
