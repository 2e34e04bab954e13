/** Everything by name: pages, flows, and what the open page can do. Loaded when first opened. */
import { Command as List } from 'cmdk'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useList } from '../api/use-api.ts'
import { navigate } from '../router.tsx'
import { comboFor, isMac } from '../shortcuts/shortcuts.ts'
import { showCombo } from '../shortcuts/combo.ts'
import { Dialog } from '../ui/dialog.tsx'
import { closePalette, useCommandStore, type Command } from './commands.ts'
import './command.css'

const PAGES = [
  ['home', '/'],
  ['flows', '/flows'],
  ['runs', '/runs'],
  ['profiles', '/profiles'],
  ['privacy', '/privacy'],
  ['settings', '/settings'],
] as const

export function CommandPalette() {
  const { t } = useTranslation()
  const sets = useCommandStore((state) => state.sets)
  const flows = useList('flowList')
  const commands = useMemo<Command[]>(
    () => [
      ...Object.values(sets).flat(),
      ...PAGES.map(([name, href]) => ({
        id: `page-${name}`,
        title: t(`nav.${name}`),
        group: t('command.pages'),
        run: () => navigate(href),
      })),
      ...flows.items.map(({ id, name }) => ({
        id: `flow-${id}`,
        title: name,
        group: t('command.flows'),
        run: () => navigate(`/flows/${id}`),
      })),
    ],
    [sets, flows.items, t],
  )
  const groups = [...new Set(commands.map(({ group }) => group))]
  return (
    <Dialog title={t('command.title')} onClose={closePalette} size="large">
      <List label={t('command.title')} className="command-list" loop>
        <List.Input placeholder={t('command.search')} aria-label={t('command.search')} autoFocus />
        <List.List aria-label={t('command.title')}>
          <List.Empty>{t('command.none')}</List.Empty>
          {groups.map((group) => (
            <List.Group key={group} heading={group}>
              {commands
                .filter((command) => command.group === group)
                .map((command) => (
                  <Row key={command.id} command={command} />
                ))}
            </List.Group>
          ))}
        </List.List>
      </List>
    </Dialog>
  )
}

function Row({ command: { id, title, action, run } }: { command: Command }) {
  return (
    <List.Item
      value={`${title} ${id}`}
      onSelect={() => {
        closePalette()
        // The dialog gives the focus back first, so that a command may move it on.
        requestAnimationFrame(run)
      }}
    >
      <span>{title}</span>
      {action && <kbd>{showCombo(comboFor(action), isMac())}</kbd>}
    </List.Item>
  )
}
