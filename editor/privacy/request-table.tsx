/** Requests one under the other, with the clock of each. */
import { useTranslation } from 'react-i18next'
import type { RequestState, RequestView } from '../../engine/contract/api/requests.ts'
import { formatDate } from '../ui/format.ts'
import { Badge, type Tone } from '../ui/parts.tsx'
import { toggled } from '../ui/toggled.ts'

interface Props {
  items: readonly RequestView[]
  chosen: ReadonlySet<string>
  onChoose(chosen: ReadonlySet<string>): void
  onOpen(request: RequestView): void
}

const TONES: Record<RequestState, Tone> = {
  check_identity: 'warn',
  approve: 'warn',
  working: 'info',
  done: 'good',
  partly: 'bad',
  cancelled: 'neutral',
}

export function StateBadge({ state }: Pick<RequestView, 'state'>) {
  const { t } = useTranslation()
  return <Badge tone={TONES[state]}>{t(`requests.state.${state}`)}</Badge>
}

export function RequestTable({ items, chosen, onChoose, onOpen }: Props) {
  const { t } = useTranslation()
  return (
    <table className="table cards-when-narrow">
      <thead>
        <tr>
          <th>
            <span className="only-spoken">{t('requests.choose')}</span>
          </th>
          <th>{t('requests.what')}</th>
          <th>{t('requests.who')}</th>
          <th>{t('requests.stateHead')}</th>
          <th>{t('requests.due')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((request) => (
          <tr key={request.id}>
            <td>
              <input
                type="checkbox"
                aria-label={t('requests.chooseOne', { who: whoOf(request, t) })}
                checked={chosen.has(request.id)}
                onChange={() => onChoose(toggled(chosen, request.id))}
              />
            </td>
            <td>
              <button type="button" className="link" onClick={() => onOpen(request)}>
                {t(`requests.kind.${request.kind}`)}
              </button>
            </td>
            <td>{whoOf(request, t)}</td>
            <td>
              <StateBadge state={request.state} />
            </td>
            <td>
              <Clock request={request} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

type Translate = ReturnType<typeof useTranslation>['t']

/** Of somebody erased nothing is known any more. */
export const whoOf = ({ subject }: RequestView, t: Translate): string =>
  subject === '' ? t('requests.forgotten') : subject

const DAY_MS = 86_400_000
/** From here on the clock warns. */
const SOON_DAYS = 7

export function Clock({ request }: { request: RequestView }) {
  const { t } = useTranslation()
  const { dueAt, overdue, finishedAt } = request
  const days = Math.ceil((Date.parse(dueAt) - Date.now()) / DAY_MS)
  if (overdue) return <Badge tone="bad">{t('requests.overdue')}</Badge>
  if (finishedAt !== undefined) return <>{t('requests.finished', { at: formatDate(finishedAt) })}</>
  return (
    <Badge tone={days <= SOON_DAYS ? 'warn' : 'neutral'}>
      {t('requests.daysLeft', { count: Math.max(0, days) })}
    </Badge>
  )
}
