/** Keys of the whole flow page; single letters do nothing while typing. */
import { useEffect } from 'react'
import { currentGraph, useFlow } from '../document/flow-store.ts'
import { actionOf, type Action } from '../shortcuts/shortcuts.ts'
import type { FlowCommands } from './flow-commands.ts'

interface FlowKeys {
  commands: FlowCommands
  onShortcuts(): void
  onFind(): void
  onOutline(): void
  onPreview(): void
  flush(): Promise<void> | undefined
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.matches('input:not([type=radio], [type=checkbox]), textarea, select') ||
    target.isContentEditable)

export function selectAll(): void {
  const { nodes, notes = [] } = currentGraph()
  useFlow.getState().select([...nodes, ...notes].map(({ id }) => id))
}

export function useFlowKeys(keys: FlowKeys): void {
  const { commands } = keys
  useEffect(() => {
    const acts: Partial<Record<Action, () => unknown>> = {
      undo: commands.undo,
      redo: commands.redo,
      selectAll,
      duplicate: commands.duplicate,
      group: commands.group,
      find: keys.onFind,
      help: keys.onShortcuts,
      outline: keys.onOutline,
      preview: keys.onPreview,
      search: () => document.getElementById('palette-search')?.focus(),
    }
    const onKey = (event: KeyboardEvent) => {
      const action = actionOf(event)
      if (action === 'save') {
        event.preventDefault()
        void keys.flush()
        return
      }
      if (isTyping(event.target) || document.querySelector('dialog[open]')) return
      const act = action && acts[action]
      if (!act || event.defaultPrevented) return
      event.preventDefault()
      act()
    }
    const onCopy = (event: ClipboardEvent) => {
      if (isTyping(event.target) || getSelection()?.isCollapsed === false) return
      if (useFlow.getState().selected.size === 0) return
      event.preventDefault()
      void commands.copy()
    }
    const onPaste = (event: ClipboardEvent) => {
      if (!isTyping(event.target)) commands.paste(event.clipboardData?.getData('text') ?? '')
    }
    window.addEventListener('keydown', onKey)
    window.addEventListener('copy', onCopy)
    window.addEventListener('paste', onPaste)
    return () => {
      window.removeEventListener('keydown', onKey)
      window.removeEventListener('copy', onCopy)
      window.removeEventListener('paste', onPaste)
    }
  }, [commands, keys])
}
