/** The number on a wire: counted, or told from a sample; a press shows who is behind it. */
import { useTranslation } from 'react-i18next'
import type { Wire } from '../../engine/contract/flow.ts'
import { formatNumber, formatPercent, formatShort } from '../ui/format.ts'
import { useCanvasActions } from './canvas-actions.ts'
import { useCounts, useWireCount } from './counts-store.ts'
import { marginOf, useEstimate, useWireEstimate } from './estimate-store.ts'

export function WireNumber({ from }: { from: Wire['from'] }) {
  const { t } = useTranslation()
  const actions = useCanvasActions()
  const count = useWireCount(from.node, from.port)
  const countStale = useCounts((state) => state.stale)
  const range = useWireEstimate(from.node, from.port)
  const rangeStale = useEstimate((state) => state.stale)
  const counted = count !== undefined && (!countStale || range === undefined)
  const n = counted ? count : range?.n
  if (n === undefined) return null
  const margin = counted || !range ? undefined : marginOf(range)
  const stale = counted ? countStale : rangeStale
  const about = margin !== undefined
  const title = [
    about && range
      ? t('estimate.onWire', {
          n: formatNumber(n),
          low: formatNumber(range.low),
          high: formatNumber(range.high),
        })
      : t('counts.onWire', { n: formatNumber(n) }),
    ...(stale ? [t('counts.stale')] : []),
  ].join('. ')
  const text = (
    <>
      <span>
        {about && '≈'}
        {formatShort(n)}
      </span>
      {about && margin >= 0.005 && <small>±{formatPercent(Math.min(margin, 9.99))}</small>}
    </>
  )
  const className = `wire-count ${stale ? 'stale' : ''} ${about ? 'about' : ''}`
  return actions ? (
    <button
      type="button"
      className={className}
      tabIndex={-1}
      title={title}
      aria-label={`${title}. ${t('people.show')}`}
      onClick={(event) => {
        event.stopPropagation()
        actions.showPeople(from.node, from.port)
      }}
    >
      {text}
    </button>
  ) : (
    <span className={className} title={title}>
      {text}
    </span>
  )
}
