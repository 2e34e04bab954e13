/** The number on a wire: counted, or told from a sample; a press shows who is behind it. Live numbers
 *  change ten times a second, so only the digits are drawn again; what they mean is told on a look. */
import { useTranslation } from 'react-i18next'
import type { Wire } from '../../engine/contract/flow.ts'
import { formatNumber, formatPercent, formatShort } from '../ui/format.ts'
import { useCanvasActions } from './canvas-actions.ts'
import { useCounts, type CountsState } from './counts-store.ts'
import { marginOf, useEstimate } from './estimate-store.ts'

type From = Wire['from']

const countAt = ({ counts }: CountsState, { node, port }: From): number | undefined => {
  const own = counts[node]
  return own && (own.out[port] ?? 0)
}

export function WireNumber({ from }: { from: From }) {
  const { t } = useTranslation()
  const actions = useCanvasActions()
  const counted = useIsCounted(from)
  const countStale = useCounts((state) => state.stale)
  const range = useEstimate(({ estimate }) => estimate?.wires[from.node]?.[from.port])
  const rangeStale = useEstimate((state) => state.stale)
  if (!counted && !range) return null
  const about = !counted && range !== undefined && marginOf(range) !== undefined
  const stale = counted ? countStale : rangeStale
  const className = `wire-count ${stale ? 'stale' : ''} ${about ? 'about' : ''}`
  const text = counted ? <Counted from={from} /> : range && <Estimated range={range} />
  const explain = (): string => {
    const n = formatNumber(countAt(useCounts.getState(), from) ?? 0)
    const [low, high] = [formatNumber(range?.low ?? 0), formatNumber(range?.high ?? 0)]
    return [
      about
        ? t('estimate.onWire', { n: formatNumber(range.n), low, high })
        : t('counts.onWire', { n: counted ? n : formatNumber(range?.n ?? 0) }),
      ...(stale ? [t('counts.stale')] : []),
    ].join('. ')
  }
  const onLook = ({ currentTarget }: { currentTarget: HTMLElement }) => {
    currentTarget.title = explain()
  }
  return actions ? (
    <button
      type="button"
      className={className}
      tabIndex={-1}
      onPointerEnter={onLook}
      onFocus={onLook}
      onClick={(event) => {
        event.stopPropagation()
        actions.showPeople(from.node, from.port)
      }}
    >
      {text}
      <span className="only-spoken">{t('people.show')}</span>
    </button>
  ) : (
    <span className={className} onPointerEnter={onLook}>
      {text}
    </span>
  )
}

/** A count stands as long as it is of this flow, or nothing better is known. */
function useIsCounted({ node, port }: From): boolean {
  const has = useCounts((state) => state.counts[node] !== undefined)
  const stale = useCounts((state) => state.stale)
  const told = useEstimate(({ estimate }) => estimate?.wires[node]?.[port] !== undefined)
  return has && (!stale || !told)
}

function Counted({ from }: { from: From }) {
  return <span>{useCounts((state) => formatShort(countAt(state, from) ?? 0))}</span>
}

function Estimated({ range }: { range: { n: number; low: number; high: number } }) {
  const margin = marginOf(range)
  return (
    <>
      <span>
        {margin !== undefined && '≈'}
        {formatShort(range.n)}
      </span>
      {margin !== undefined && margin >= 0.005 && (
        <small>±{formatPercent(Math.min(margin, 9.99))}</small>
      )}
    </>
  )
}
