/** The keys there are; each can be given another one, and single letters switched off. */
import { useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { comboOf, showCombo } from '../shortcuts/combo.ts'
import {
  ACTIONS,
  comboFor,
  isMac,
  rebind,
  resetShortcuts,
  useShortcuts,
  type Action,
} from '../shortcuts/shortcuts.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { announce } from '../ui/notices.tsx'
import { Switch } from '../ui/parts.tsx'

/** Keys of the canvas that stay as they are: arrows are directions. */
const FIXED = [
  ['walk', '← ↑ → ↓'],
  ['move', 'Alt + ← ↑ → ↓'],
  ['copy', 'Mod+C'],
  ['paste', 'Mod+V'],
] as const

export function ShortcutsDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation()
  const state = useShortcuts()
  const [asking, setAsking] = useState<Action>()
  const [refused, setRefused] = useState<{ action: Action; by: Action }>()
  const take = (action: Action, event: KeyboardEvent) => {
    const combo = comboOf(event.nativeEvent)
    if (combo === undefined || combo === 'Tab') return
    event.preventDefault()
    event.stopPropagation()
    setAsking(undefined)
    if (combo === 'Escape') return
    const by = rebind(action, combo)
    setRefused(by && { action, by })
    const name = t(`shortcut.${by ?? action}`)
    announce(by ? t('shortcuts.taken', { name }) : t('shortcuts.changed', { name }))
  }
  return (
    <Dialog
      title={t('flow.shortcuts')}
      onClose={onClose}
      actions={<Button onClick={resetShortcuts}>{t('shortcuts.reset')}</Button>}
    >
      <Switch
        checked={state.singleKeys}
        label={t('shortcuts.singleKeys')}
        onChange={(singleKeys) => useShortcuts.setState({ singleKeys })}
      />
      <p className="help">{t('shortcuts.help')}</p>
      <table className="table">
        <tbody>
          {FIXED.map(([name, keys]) => (
            <tr key={name}>
              <th scope="row">{t(`shortcut.${name}`)}</th>
              <td>
                <kbd>{showCombo(keys, isMac())}</kbd>
              </td>
            </tr>
          ))}
          {ACTIONS.map((action) => (
            <tr key={action}>
              <th scope="row">{t(`shortcut.${action}`)}</th>
              <td>
                <button
                  type="button"
                  className="key-button"
                  aria-label={t('shortcuts.change', {
                    name: t(`shortcut.${action}`),
                    keys: showCombo(comboFor(action, state), isMac()),
                  })}
                  onClick={() => setAsking(action)}
                  onBlur={() => setAsking(undefined)}
                  onKeyDown={(event) => asking === action && take(action, event)}
                >
                  {asking === action ? (
                    t('shortcuts.press')
                  ) : (
                    <kbd>{showCombo(comboFor(action, state), isMac())}</kbd>
                  )}
                </button>
                {refused?.action === action && (
                  <p className="error">
                    {t('shortcuts.taken', { name: t(`shortcut.${refused.by}`) })}
                  </p>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  )
}
