/** What did not go on at a step, and why: held back by consent, left out, failed, waiting. */
import { useTranslation } from 'react-i18next'
import type { CatalogEntry } from '../../engine/contract/catalog.ts'
import {
  droppedTotal,
  failedTotal,
  imbalance,
  outTotal,
  type NodeCounts,
} from '../../engine/contract/counts.ts'
import { formatNumber, formatShort } from '../ui/format.ts'
import { Icon } from '../ui/icons.tsx'
import { Popover } from '../ui/popover.tsx'
import { reasonWords } from '../words/node-words.ts'
import { useCounts, useNodeCounts } from './counts-store.ts'

export function CountBadge({ nodeId, entry }: { nodeId: string; entry: CatalogEntry | undefined }) {
  const { t } = useTranslation()
  // One text for all that is shown: the badge is drawn again only when some of it changes.
  const shown = useCounts((state) => badgeNumbers(state.counts[nodeId]))
  if (shown === undefined) return null
  const [delivered = NONE, dropped = 0, failed = 0, waiting = 0] = shown.split(' ').map(Number)
  const isConsent = entry?.role === 'consent'
  const parts = [
    ...(delivered === NONE
      ? []
      : [{ tone: 'good', text: t('counts.delivered', { n: formatShort(delivered) }) }]),
    ...(dropped > 0
      ? [
          {
            tone: isConsent ? 'consent' : 'dropped',
            text: t(isConsent ? 'counts.heldBack' : 'counts.dropped', { n: formatShort(dropped) }),
          },
        ]
      : []),
    ...(failed > 0
      ? [{ tone: 'failed', text: t('counts.failed', { n: formatShort(failed) }) }]
      : []),
    ...(waiting > 0
      ? [{ tone: 'waiting', text: t('counts.waiting', { n: formatShort(waiting) }) }]
      : []),
  ]
  if (parts.length === 0) return null
  return (
    <div className="count-badges">
      <Popover
        className="count-badge"
        label={t('counts.explain', { what: parts.map((part) => part.text).join(', ') })}
        tabIndex={-1}
        button={parts.map((part) => (
          <span key={part.tone} className={part.tone}>
            {part.text}
          </span>
        ))}
      >
        {() => <NodeCountTable nodeId={nodeId} entry={entry} />}
      </Popover>
    </div>
  )
}

/** Stands for a step that delivers nothing by its nature. */
const NONE = -1

const badgeNumbers = (counts: NodeCounts | undefined): string | undefined =>
  counts &&
  [counts.out['delivered'] ?? NONE, droppedTotal(counts), failedTotal(counts), counts.waiting].join(
    ' ',
  )

function NodeCountTable({ nodeId, entry }: { nodeId: string; entry: CatalogEntry | undefined }) {
  const counts = useNodeCounts(nodeId)
  return counts ? <CountTable counts={counts} entry={entry} /> : null
}

export function CountTable({
  counts,
  entry,
}: {
  counts: NodeCounts
  entry: CatalogEntry | undefined
}) {
  const { t } = useTranslation()
  const missing = imbalance(counts)
  const reasons = (from: Record<string, number>) =>
    Object.entries(from)
      .sort(([, a], [, b]) => b - a)
      .map(([code, n]) => {
        const { about, text } = reasonWords(entry, code)
        return (
          <tr key={code} className="reason">
            <th scope="row">{about ? t('counts.about', { about, text }) : text}</th>
            <td>{formatNumber(n)}</td>
          </tr>
        )
      })
  return (
    <table className="count-table">
      <caption>{t('counts.title')}</caption>
      <tbody>
        <Row name={t('counts.in')} n={counts.in} />
        <Row name={t('counts.out')} n={outTotal(counts)} />
        {droppedTotal(counts) > 0 && (
          <Row
            name={t(entry?.role === 'consent' ? 'counts.heldBackTitle' : 'counts.droppedTitle')}
            n={droppedTotal(counts)}
          />
        )}
        {reasons(counts.dropped)}
        {failedTotal(counts) > 0 && <Row name={t('counts.failedTitle')} n={failedTotal(counts)} />}
        {reasons(counts.failed)}
        {counts.waiting > 0 && <Row name={t('counts.waitingTitle')} n={counts.waiting} />}
      </tbody>
      {missing !== 0 && (
        <tfoot>
          <tr>
            <td colSpan={2}>
              <Icon name="warning" size={14} /> {t('counts.missing', { n: formatNumber(missing) })}
            </td>
          </tr>
        </tfoot>
      )}
    </table>
  )
}

const Row = ({ name, n }: { name: string; n: number }) => (
  <tr>
    <th scope="row">{name}</th>
    <td>{formatNumber(n)}</td>
  </tr>
)
