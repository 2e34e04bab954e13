/** Where the numbers on the wires come from, and a way to count instead. */
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '../ui/format.ts'
import { useCounts } from './counts-store.ts'
import { useEstimate } from './estimate-store.ts'

export const EstimateBar = memo(function EstimateBar({ onCount }: { onCount(): void }) {
  const { t } = useTranslation()
  const { estimate, stale, busy, failure } = useEstimate()
  const counted = useCounts((state) => state.from !== 'nothing' && !state.stale)
  if (counted || (!estimate?.of && !failure && !busy)) return null
  return (
    <div className={`estimate-bar ${stale ? 'stale' : ''}`} role="status">
      {busy ? (
        <>
          <span className="spinner" aria-hidden="true" /> {t('estimate.busy')}
        </>
      ) : failure !== undefined ? (
        failure
      ) : estimate?.exact ? (
        t('estimate.counted', { n: formatNumber(estimate.of) })
      ) : (
        estimate && (
          <>
            {t('estimate.sampled', {
              read: formatNumber(estimate.read),
              of: formatNumber(estimate.of),
            })}{' '}
            <button type="button" className="link" onClick={onCount}>
              {t('estimate.count')}
            </button>
          </>
        )
      )}
    </div>
  )
})
