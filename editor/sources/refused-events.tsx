/** Events that were refused: why, and taken again once what was wrong is corrected. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { SourceView } from '../../engine/contract/api/sources.ts'
import { call, type Answer } from '../api/call.ts'
import { useSend } from '../api/use-api.ts'
import { useSession } from '../session/session.ts'
import { Button } from '../ui/button.tsx'
import { cellText } from '../ui/cell-text.ts'
import { formatAgo } from '../ui/format.ts'
import { EmptyState, Failure, Field, MoreButton, Skeleton } from '../ui/parts.tsx'

type RefusedEvent = Answer<'sourceRefused'>['items'][number]

export function RefusedEvents({ source }: { source: SourceView }) {
  const { t } = useTranslation()
  const read = useInfiniteQuery({
    queryKey: ['sourceRefused', source.id],
    queryFn: ({ pageParam, signal }) =>
      call('sourceRefused', {
        params: { id: source.id },
        query: pageParam === '' ? {} : { cursor: pageParam },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    refetchInterval: 5_000,
  })
  if (read.error) return <Failure error={read.error} onRetry={() => void read.refetch()} />
  if (!read.data) return <Skeleton />
  const events = read.data.pages.flatMap(({ items }) => items)
  if (events.length === 0)
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
        {events.map((event) => (
          <RefusedRow key={event.id} event={event} />
        ))}
      </ul>
      <MoreButton list={read} />
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
      <dl>
        {Object.entries(event.fields).map(([field, value]) => (
          <div key={field}>
            <dt>{field}</dt>
            <dd>{cellText(value)}</dd>
          </div>
        ))}
      </dl>
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
