/** What the command palette can do: pages bring their commands while they are open. */
import { useEffect } from 'react'
import { create } from 'zustand'
import type { Action } from '../shortcuts/shortcuts.ts'

export interface Command {
  id: string
  title: string
  /** Heading it is listed under. */
  group: string
  action?: Action
  run(): void
}

interface CommandState {
  open: boolean
  /** By the page that brought them. */
  sets: Readonly<Record<string, readonly Command[]>>
}

export const useCommandStore = create<CommandState>()(() => ({ open: false, sets: {} }))

export const openPalette = (): void => useCommandStore.setState({ open: true })
export const closePalette = (): void => useCommandStore.setState({ open: false })

/** Offers commands while the component is there. */
export function useCommands(from: string, commands: readonly Command[]): void {
  useEffect(() => {
    useCommandStore.setState(({ sets }) => ({ sets: { ...sets, [from]: commands } }))
    return () => useCommandStore.setState(({ sets: { [from]: _, ...sets } }) => ({ sets }))
  }, [from, commands])
}
