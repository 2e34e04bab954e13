/** What a dry run found: rows that left a step, and what would have been sent. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Preview } from '../../engine/contract/api/dry-runs.ts'
import type { Json } from '../../engine/contract/json.ts'
import { useCounts } from '../canvas/counts-store.ts'
import { CountTable } from '../canvas/count-badge.tsx'
import { useFlow, useGraph } from '../document/flow-store.ts'
import { readingOrder } from '../document/walk-focus.ts'
import { IconButton } from '../ui/button.tsx'
import { cellText } from '../ui/cell-text.ts'
import { formatNumber } from '../ui/format.ts'
import { Badge } from '../ui/parts.tsx'
import { nodeTitle } from '../words/node-words.ts'

export function PreviewDrawer({ preview, onClose }: { preview: Preview; onClose(): void }) {
  const { t } = useTranslation()
  const graph = useGraph()
  const catalog = useFlow((state) => state.catalog)
  const open = useFlow((state) => state.open)
  const stale = useCounts((state) => state.stale)
  const [chosen, setChosen] = useState<string>()
  const steps = readingOrder(graph)
  const current = open ?? chosen ?? steps.at(-1)?.id ?? ''
  const node = steps.find((step) => step.id === current)
  const payloads = preview.payloads[current]
  const rows = preview.rows[current] ?? []
  const counts = preview.counts[current]
  return (
    <section className="drawer" aria-label={t('preview.title')}>
      <header>
        <h2>{t('preview.title')}</h2>
        <select
          aria-label={t('preview.step')}
          value={current}
          onChange={(event) => {
            setChosen(event.target.value)
            if (open !== undefined) useFlow.getState().openStep(event.target.value)
          }}
        >
          {steps.map((step) => (
            <option key={step.id} value={step.id}>
              {nodeTitle(step, catalog.get(step.type))}
            </option>
          ))}
        </select>
        <span className="help">
          {t('preview.sampled', { count: preview.sampled, n: formatNumber(preview.sampled) })}
        </span>
        {stale && <Badge tone="warn">{t('counts.stale')}</Badge>}
        <Badge tone="good" icon="lock">
          {t('preview.nothingSent')}
        </Badge>
        <IconButton icon="close" label={t('ui.close')} onClick={onClose} />
      </header>
      <div className="drawer-body">
        {counts && <CountTable counts={counts} entry={node && catalog.get(node.type)} />}
        {payloads ? (
          <div className="payloads">
            <h3>{t('preview.wouldSend')}</h3>
            {payloads.map((payload, i) => (
              <pre key={i}>{payload}</pre>
            ))}
            {payloads.length === 0 && <p className="help">{t('preview.nothingToSend')}</p>}
          </div>
        ) : (
          <RowsTable rows={rows} />
        )}
      </div>
    </section>
  )
}

function RowsTable({ rows }: { rows: ReadonlyArray<Record<string, Json>> }) {
  const { t } = useTranslation()
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  if (rows.length === 0) return <p className="help">{t('preview.noRows')}</p>
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={t('preview.rows')}>
      <table className="table dense">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column}>{column}</th>
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
