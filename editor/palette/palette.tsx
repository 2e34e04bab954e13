/** The steps there are: searched, the last used first, by role; a click adds one, dragging places it. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BlockView } from '../../engine/contract/api/blocks.ts'
import type { CatalogEntry } from '../../engine/contract/catalog.ts'
import { RoleMark } from '../ui/icons.tsx'
import { Switch } from '../ui/parts.tsx'
import { SearchBox } from '../ui/search-box.tsx'
import { typeSummary, typeTitle } from '../words/node-words.ts'
import { BlockList } from './block-list.tsx'
import { rememberType, useRecentTypes } from './recent-types.ts'
import { groupByRole, searchEntries } from './search-entries.ts'
import './palette.css'

interface PaletteProps {
  entries: readonly CatalogEntry[]
  broken: ReadonlyArray<{ file: string; line?: number | undefined; reason: string }>
  onAdd(entry: CatalogEntry): void
  onInsert(block: BlockView): void
  dragType: string
  /** The step a new one would follow, and what may. */
  after?: { name: string; mayFollow(entry: CatalogEntry): boolean } | undefined
}

export function Palette({ entries, broken, onAdd, onInsert, dragType, after }: PaletteProps) {
  const { t } = useTranslation()
  const [search, setSearch] = useState('')
  const [onlyFitting, setOnlyFitting] = useState(false)
  const recent = useRecentTypes((state) => state.types)
  const fitting = onlyFitting && after ? entries.filter(after.mayFollow) : entries
  const found = searchEntries(fitting, search, { titleOf: typeTitle, textOf })
  const last =
    search === '' ? recent.flatMap((type) => found.find((e) => e.type === type) ?? []) : []
  const add = (entry: CatalogEntry) => {
    rememberType(entry.type)
    onAdd(entry)
  }
  return (
    <aside className="palette" aria-label={t('palette.title')}>
      <SearchBox
        id="palette-search"
        label={t('palette.search')}
        value={search}
        onSearch={setSearch}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !found[0]) return
          add(found[0])
          setSearch('')
        }}
      />
      {after && (
        <div className="palette-filter">
          <Switch
            checked={onlyFitting}
            label={t('palette.onlyAfter', { name: after.name })}
            onChange={setOnlyFitting}
          />
        </div>
      )}
      <div className="palette-list">
        {last.length > 0 && (
          <Section title={t('palette.recent')} entries={last} onAdd={add} dragType={dragType} />
        )}
        <BlockList search={search} onInsert={onInsert} />
        {groupByRole(found).map(({ role, entries: group }) => (
          <Section
            key={role}
            title={t(`role.${role}`)}
            entries={group}
            onAdd={add}
            dragType={dragType}
          />
        ))}
        {found.length === 0 && <p className="help">{t('palette.none', { search })}</p>}
        {broken.length > 0 && <Broken types={broken} />}
      </div>
    </aside>
  )
}

function Section({
  title,
  entries,
  onAdd,
  dragType,
}: Pick<PaletteProps, 'entries' | 'onAdd' | 'dragType'> & { title: string }) {
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <ul>
        {entries.map((entry) => (
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
  )
}

function Broken({ types }: { types: PaletteProps['broken'] }) {
  const { t } = useTranslation()
  return (
    <details className="broken">
      <summary>{t('palette.broken', { count: types.length })}</summary>
      {types.map(({ file, line, reason }) => (
        <p key={file}>
          <code>
            {file}
            {line === undefined ? '' : `:${line}`}
          </code>{' '}
          {reason}
        </p>
      ))}
    </details>
  )
}

/** What a search looks at: the texts shown, and the English ones. */
export const textOf = (entry: CatalogEntry): string =>
  [typeTitle(entry), typeSummary(entry), entry.title, entry.type].join(' ')
