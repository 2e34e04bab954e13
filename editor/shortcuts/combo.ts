/** Key combinations as text: `Mod+Shift+Z`, `Alt+ArrowUp`, `C`. `Mod` is Ctrl, or ⌘ on a Mac. Pure. */
export interface Pressed {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  shiftKey: boolean
}

const MODIFIERS = new Set(['Control', 'Meta', 'Alt', 'Shift'])

/** Undefined while only modifiers are held. */
export function comboOf(event: Pressed): string | undefined {
  if (MODIFIERS.has(event.key)) return undefined
  const key =
    event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key.toUpperCase() : event.key
  // "?" is typed with Shift on many keyboards and without on others.
  const shift = event.shiftKey && (event.key.length > 1 || /^\p{L}$/u.test(event.key))
  return [
    ...(event.ctrlKey || event.metaKey ? ['Mod'] : []),
    ...(event.altKey ? ['Alt'] : []),
    ...(shift ? ['Shift'] : []),
    key,
  ].join('+')
}

/** A key that a person may also type; it does nothing while typing, and can be switched off. */
export const isSingleKey = (combo: string): boolean =>
  !combo.startsWith('Mod+') && !combo.startsWith('Alt+') && [...combo].length === 1

const ARROWS: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
}

export const showCombo = (combo: string, mac: boolean): string =>
  combo
    .split('+')
    .map((part) => (part === 'Mod' ? (mac ? '⌘' : 'Ctrl') : (ARROWS[part] ?? part)))
    .join(' + ')
