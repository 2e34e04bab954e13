/** The steps there are: searched, grouped by role; a click adds one, dragging places it. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CatalogEntry } from '../../engine/contract/catalog.ts'
import { Icon, RoleMark } from '../ui/icons.tsx'
import { typeSummary, typeTitle } from '../words/node-words.ts'
import { groupByRole, searchEntries } from './search-entries.ts'

interface PaletteProps {
  entries: readonly CatalogEntry[]
  broken: ReadonlyArray<{ file: string; line?: number | undefined; reason: string }>
  onAdd(entry: CatalogEntry): void
  dragType: string
}

export function Palette({ entries, broken, onAdd, dragType }: PaletteProps) {
  const { t } = useTranslation()
  const [search, setSearch] = useState('')
  const found = searchEntries(entries, search, { titleOf: typeTitle, textOf })
  return (
    <aside className="palette" aria-label={t('palette.title')}>
      <div className="search">
        <Icon name="search" size={16} />
        <input
          id="palette-search"
          type="search"
          value={search}
          placeholder={t('palette.search')}
          aria-label={t('palette.search')}
          onChange={(event) => setSearch(event.target.value)}
          onKeyDown={(event) => {
            event.stopPropagation()
            if (event.key !== 'Enter' || !found[0]) return
            onAdd(found[0])
            setSearch('')
          }}
        />
      </div>
      <div className="palette-list">
        {groupByRole(found).map(({ role, entries: group }) => (
          <section key={role} aria-label={t(`role.${role}`)}>
            <h3>{t(`role.${role}`)}</h3>
            <ul>
              {group.map((entry) => (
                <li key={entry.type}>
                  <button
                    type="button"
                    className="palette-entry"
                    draggable
                    title={typeSummary(entry)}
                    onClick={() => onAdd(entry)}
                    onDragStart={(event) => {
                      event.dataTransfer.setData(dragType, entry.type)
                      event.dataTransfer.effectAllowed = 'copy'
                    }}
                  >
                    <RoleMark role={entry.role} {...(entry.icon ? { own: entry.icon } : {})} />
                    <span>{typeTitle(entry)}</span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
        {found.length === 0 && <p className="help">{t('palette.none', { search })}</p>}
        {broken.length > 0 && (
          <details className="broken">
            <summary>{t('palette.broken', { count: broken.length })}</summary>
            {broken.map(({ file, line, reason }) => (
              <p key={file}>
                <code>
                  {file}
                  {line === undefined ? '' : `:${line}`}
                </code>{' '}
                {reason}
              </p>
            ))}
          </details>
        )}
      </div>
    </aside>
  )
}

/** What a search looks at: the texts shown, and the English ones. */
export const textOf = (entry: CatalogEntry): string =>
  [typeTitle(entry), typeSummary(entry), entry.title, entry.type].join(' ')
