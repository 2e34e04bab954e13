/** Keys of the whole flow page; single letters do nothing while typing. */
import { useEffect } from 'react'
import { currentGraph, useFlow } from '../document/flow-store.ts'
import type { FlowCommands } from './flow-commands.ts'

interface FlowKeys {
  commands: FlowCommands
  onShortcuts(): void
  flush(): Promise<void> | undefined
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.matches('input, textarea, select') || target.isContentEditable)

export function useFlowKeys({ commands, onShortcuts, flush }: FlowKeys): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const command = event.ctrlKey || event.metaKey
      const key = event.key.toLowerCase()
      if (command && key === 's') {
        event.preventDefault()
        void flush()
        return
      }
      if (isTyping(event.target) || document.querySelector('dialog[open]')) return
      const act = command
        ? {
            z: () => (event.shiftKey ? commands.redo() : commands.undo()),
            y: commands.redo,
            c: () => void commands.copy(),
            a: () => useFlow.getState().select(currentGraph().nodes.map((node) => node.id)),
          }[key]
        : {
            '?': onShortcuts,
            '/': () => document.getElementById('palette-search')?.focus(),
          }[key]
      if (!act || (command && key === 'c' && !getSelection()?.isCollapsed)) return
      event.preventDefault()
      act()
    }
    const onPaste = (event: ClipboardEvent) => {
      if (!isTyping(event.target)) commands.paste(event.clipboardData?.getData('text') ?? '')
    }
    window.addEventListener('keydown', onKey)
    window.addEventListener('paste', onPaste)
    return () => {
      window.removeEventListener('keydown', onKey)
      window.removeEventListener('paste', onPaste)
    }
  }, [commands, onShortcuts, flush])
}
