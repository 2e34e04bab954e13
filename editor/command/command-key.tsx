/** Opens the command palette by its key, from any page. */
import { lazy, Suspense, useEffect } from 'react'
import { actionOf } from '../shortcuts/shortcuts.ts'
import { openPalette, useCommandStore } from './commands.ts'

const CommandPalette = lazy(() =>
  import('./command-palette.tsx').then((module) => ({ default: module.CommandPalette })),
)

export function CommandKey() {
  const open = useCommandStore((state) => state.open)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (actionOf(event) !== 'palette') return
      event.preventDefault()
      if (!document.querySelector('dialog[open]')) openPalette()
    }
    window.addEventListener('keydown', onKey, true)
    return () => window.removeEventListener('keydown', onKey, true)
  }, [])
  return open ? (
    <Suspense fallback={null}>
      <CommandPalette />
    </Suspense>
  ) : null
}
