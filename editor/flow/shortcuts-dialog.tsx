/** The keys there are. */
import { useTranslation } from 'react-i18next'
import { Dialog } from '../ui/dialog.tsx'

const KEYS = [
  ['walk', '← ↑ → ↓'],
  ['open', 'Enter'],
  ['connect', 'C'],
  ['add', 'A'],
  ['search', '/'],
  ['remove', 'Delete'],
  ['move', 'Alt + ← ↑ → ↓'],
  ['select', 'Space'],
  ['selectAll', 'Ctrl + A'],
  ['copy', 'Ctrl + C, Ctrl + V'],
  ['tidy', 'T'],
  ['undo', 'Ctrl + Z'],
  ['redo', 'Ctrl + Shift + Z'],
  ['save', 'Ctrl + S'],
  ['help', '?'],
] as const

export function ShortcutsDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation()
  return (
    <Dialog title={t('flow.shortcuts')} onClose={onClose}>
      <table className="table">
        <tbody>
          {KEYS.map(([name, keys]) => (
            <tr key={name}>
              <th scope="row">{t(`shortcut.${name}`)}</th>
              <td>
                <kbd>{keys}</kbd>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  )
}
