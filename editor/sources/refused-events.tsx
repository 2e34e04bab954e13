/** Events that were refused: why, and taken again once what was wrong is corrected. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SourceView } from '../../engine/contract/api/sources.ts'
import type { Answer } from '../api/call.ts'
import { useList, useSend } from '../api/use-api.ts'
import { useSession } from '../session/session.ts'
import { Button } from '../ui/button.tsx'
import { formatAgo } from '../ui/format.ts'
import { EmptyState, Failure, Field, MoreButton, Skeleton } from '../ui/parts.tsx'
import { RecordFields } from '../ui/record-fields.tsx'

type RefusedEvent = Answer<'sourceRefused'>['items'][number]

export function RefusedEvents({ source }: { source: SourceView }) {
  const { t } = useTranslation()
  const events = useList('sourceRefused', {}, { params: { id: source.id }, every: 5_000 })
  if (events.error) return <Failure error={events.error} onRetry={() => void events.refetch()} />
  if (!events.data) return <Skeleton />
  if (events.items.length === 0)
    return (
      <EmptyState
        icon="check"
        title={t('sources.noneRefused')}
        text={t('sources.noneRefusedText')}
      />
    )
  return (
    <>
      <p className="help">{t('sources.refusedText')}</p>
      <ul className="refused-list">
        {events.items.map((event) => (
          <RefusedRow key={event.id} event={event} />
        ))}
      </ul>
      <MoreButton list={events} />
    </>
  )
}

/** Where the fault most likely is. */
const FIELD_OF: Readonly<Record<string, string>> = {
  no_event_name: 'event',
  unknown_type: 'type',
  no_group: 'groupId',
  no_previous_id: 'previousId',
}

function RefusedRow({ event }: { event: RefusedEvent }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const [changes, setChanges] = useState<Record<string, string>>({})
  const [place, setPlace] = useState(FIELD_OF[event.code] ?? 'userId')
  const retry = useSend('refusedRetry', ['sourceRefused'])
  const discard = useSend('refusedDiscard', ['sourceRefused'])
  return (
    <li>
      <p>
        <strong>{event.reason}</strong> <small>{formatAgo(event.at)}</small>
      </p>
      <RecordFields fields={event.fields} />
      {may('refusedRetry') && (
        <div className="row correct">
          <Field label={t('sources.correctField')}>
            {(control) => (
              <input {...control} value={place} onChange={(e) => setPlace(e.target.value)} />
            )}
          </Field>
          <Field label={t('sources.correctValue')}>
            {(control) => (
              <input
                {...control}
                value={changes[place] ?? ''}
                onChange={(e) => setChanges({ ...changes, [place]: e.target.value })}
              />
            )}
          </Field>
          <Button
            icon="retry"
            busy={retry.isPending}
            onClick={() => retry.mutate({ params: { id: event.id }, body: { changes } })}
          >
            {t('sources.takeAgain')}
          </Button>
          <Button
            icon="trash"
            busy={discard.isPending}
            onClick={() => discard.mutate({ params: { id: event.id } })}
          >
            {t('sources.giveUp')}
          </Button>
        </div>
      )}
      {retry.data?.reason && <p className="error">{retry.data.reason}</p>}
      {[retry.error, discard.error].map((error, i) => error && <Failure key={i} error={error} />)}
    </li>
  )
}
