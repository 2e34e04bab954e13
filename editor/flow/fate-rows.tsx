/** The records behind each number of a step: those that went on, and those that did not, with why. */
import { useTranslation } from 'react-i18next'
import type { Preview } from '../../engine/contract/api/dry-runs.ts'
import type { CatalogEntry } from '../../engine/contract/catalog.ts'
import type { Json } from '../../engine/contract/json.ts'
import { outPortsOf } from '../document/can-connect.ts'
import { useFlow, useGraph } from '../document/flow-store.ts'
import { cellText } from '../ui/cell-text.ts'
import { formatNumber } from '../ui/format.ts'
import { Icon, type IconName } from '../ui/icons.tsx'
import { portTitle, reasonWords } from '../words/node-words.ts'
import { useDryRun, type Fate } from './dry-run-store.ts'

interface FateRowsProps {
  preview: Preview
  node: string
  entry: CatalogEntry | undefined
}

const ICONS: Record<Fate['kind'], IconName> = { out: 'check', dropped: 'minus', failed: 'error' }

export function FateRows({ preview, node, entry }: FateRowsProps) {
  const { t } = useTranslation()
  const asked = useDryRun((state) => state.fate)
  const fates = listFates(preview, node)
  const nameOf = useFateNames(node, entry)
  const chosen = fates.find((fate) => isSame(fate, asked)) ?? fates[0]
  const rows = chosen ? (preview.fates[node]?.[chosen.kind][chosen.key] ?? []) : []
  return (
    <div className="fates">
      {fates.length > 0 && (
        <div className="fate-choices" role="radiogroup" aria-label={t('people.fates')}>
          {fates.map((fate) => (
            <label
              key={`${fate.kind}:${fate.key}`}
              className={`fate ${fate.kind} ${isSame(fate, chosen) ? 'chosen' : ''}`}
            >
              <input
                type="radio"
                name={`fate-${node}`}
                checked={isSame(fate, chosen)}
                onChange={() =>
                  useDryRun.setState({ node, fate: { kind: fate.kind, key: fate.key } })
                }
              />
              <Icon name={ICONS[fate.kind]} size={14} />
              <span>{nameOf(fate)}</span>
              <strong>{formatNumber(fate.n)}</strong>
            </label>
          ))}
        </div>
      )}
      <RowsTable rows={rows} />
      {chosen && chosen.n > rows.length && rows.length > 0 && (
        <p className="help">
          {t('people.first', { shown: rows.length, n: formatNumber(chosen.n) })}
        </p>
      )}
      {chosen && rows.length === 0 && chosen.n > 0 && (
        <p className="help">{t('people.onlyNumbers')}</p>
      )}
    </div>
  )
}

const isSame = (a: Fate, b: Fate | undefined): boolean => a.kind === b?.kind && a.key === b.key

function listFates({ counts }: Preview, node: string): Array<Fate & { n: number }> {
  const own = counts[node]
  if (!own) return []
  return (['out', 'dropped', 'failed'] as const).flatMap((kind) =>
    Object.entries(own[kind]).flatMap(([key, n]) => (n > 0 ? [{ kind, key, n }] : [])),
  )
}

function useFateNames(nodeId: string, entry: CatalogEntry | undefined): (fate: Fate) => string {
  const { t } = useTranslation()
  const graph = useGraph()
  const catalog = useFlow((state) => state.catalog)
  const node = graph.nodes.find(({ id }) => id === nodeId)
  return ({ kind, key }) => {
    if (kind !== 'out') {
      const { about, text } = reasonWords(entry, key)
      return about ? t('counts.about', { about, text }) : text
    }
    const ports = outPortsOf(node, catalog)
    const port = ports.find(({ name }) => name === key)
    if (port && ports.length > 1) return portTitle(entry, port)
    return t(key === 'delivered' ? 'people.wouldGo' : 'counts.out')
  }
}

export function RowsTable({ rows }: { rows: ReadonlyArray<Record<string, Json>> }) {
  const { t } = useTranslation()
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  if (rows.length === 0) return <p className="help">{t('preview.noRows')}</p>
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={t('preview.rows')}>
      <table className="table dense">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              {columns.map((column) => (
                <td key={column}>{cellText(row[column])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
