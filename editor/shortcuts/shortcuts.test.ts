import { describe, expect, it } from 'vitest'
import { comboOf, isSingleKey, showCombo } from './combo.ts'

const press = (
  key: string,
  held: Partial<Record<'ctrl' | 'meta' | 'alt' | 'shift', boolean>> = {},
) => ({
  key,
  ctrlKey: held.ctrl ?? false,
  metaKey: held.meta ?? false,
  altKey: held.alt ?? false,
  shiftKey: held.shift ?? false,
})

describe('comboOf', () => {
  it.each([
    [press('k', { ctrl: true }), 'Mod+K'],
    [press('K', { meta: true }), 'Mod+K'],
    [press('Z', { ctrl: true, shift: true }), 'Mod+Shift+Z'],
    [press('?', { shift: true }), '?'],
    [press('?'), '?'],
    [press(' '), 'Space'],
    [press('Delete'), 'Delete'],
    [press('ArrowUp', { alt: true }), 'Alt+ArrowUp'],
    [press('Shift', { shift: true }), undefined],
  ])('reads %o', (event, combo) => {
    expect(comboOf(event)).toBe(combo)
  })
})

it('knows which keys people also type', () => {
  expect(['A', '?', '0'].every(isSingleKey)).toBe(true)
  expect(['Mod+A', 'Delete', 'Alt+A', 'Space'].some(isSingleKey)).toBe(false)
})

it('shows keys as they are printed', () => {
  expect(showCombo('Mod+Shift+Z', false)).toBe('Ctrl + Shift + Z')
  expect(showCombo('Alt+ArrowUp', true)).toBe('Alt + ↑')
})
