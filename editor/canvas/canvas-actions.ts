/** What cards and wires may ask the canvas to do; given by the page, so that they stay light. */
import { createContext, useContext } from 'react'
import type { Wire } from '../../engine/contract/flow.ts'
import type { Place } from '../document/edit-graph.ts'

export interface CanvasActions {
  openStep(id: string): void
  /** Opens the list of steps to add: into a wire, or after a port. */
  addInto(wire: Wire): void
  addAfter(from: Wire['from']): void
  connectFrom(id: string): void
  /** Steps and notes. */
  remove(ids: readonly string[]): void
  cutWire(id: string): void
  addNote(at: Place): void
  /** The selected steps. */
  group(): void
  ungroup(id: string): void
  duplicate(): void
  saveBlock(): void
  find(): void
  /** Shows who is behind a number. */
  showPeople(node: string, port?: string): void
}

export const CanvasActionsContext = createContext<CanvasActions | undefined>(undefined)

/** Undefined on canvases that only show. */
export const useCanvasActions = () => useContext(CanvasActionsContext)
