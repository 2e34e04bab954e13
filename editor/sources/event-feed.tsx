/** Events as they arrive, with the verdict on each: whether a site or app sends what it should. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SourceView } from '../../engine/contract/api/sources.ts'
import { Button } from '../ui/button.tsx'
import { formatTime } from '../ui/format.ts'
import { Badge, EmptyState, type Tone } from '../ui/parts.tsx'
import { RecordFields } from '../ui/record-fields.tsx'
import { SearchBox } from '../ui/search-box.tsx'
import { CallName } from './call-name.tsx'
import { useSourceEvents, type ArrivedEvent } from './use-source-events.ts'

const TONES: Readonly<Record<ArrivedEvent['verdict'], Tone>> = {
  accepted: 'good',
  warned: 'warn',
  refused: 'bad',
}

export function EventFeed({ source }: { source: SourceView }) {
  const { t } = useTranslation()
  const [paused, setPaused] = useState(false)
  const [filter, setFilter] = useState('')
  const events = useSourceEvents(source.id, paused)
  const wanted = filter.trim().toLowerCase()
  const shown = events.filter(
    ({ type, name, verdict }) =>
      wanted === '' ||
      `${type} ${name} ${t(`sources.verdict.${verdict}`)}`.toLowerCase().includes(wanted),
  )
  return (
    <section aria-label={t('sources.part.live')}>
      <div className="section-head">
        <p className="help">{t('sources.liveText')}</p>
        <SearchBox label={t('sources.filter')} value={filter} onSearch={setFilter} />
        <Button icon={paused ? 'play' : 'pause'} onClick={() => setPaused(!paused)}>
          {t(paused ? 'sources.goOn' : 'sources.hold')}
        </Button>
      </div>
      {shown.length === 0 ? (
        <EmptyState icon="spark" title={t('sources.quiet')} text={t('sources.quietText')} />
      ) : (
        <ol className="event-feed" aria-live="off">
          {shown.map((event) => (
            <EventRow key={event.n} event={event} />
          ))}
        </ol>
      )}
    </section>
  )
}

function EventRow({ event }: { event: ArrivedEvent }) {
  const { t } = useTranslation()
  const { at, type, name, verdict, reason, fields } = event
  return (
    <li>
      <details>
        <summary>
          <time dateTime={at}>{formatTime(at)}</time>
          <Badge tone={TONES[verdict]}>{t(`sources.verdict.${verdict}`)}</Badge>
          <CallName type={type} name={name} />
          {reason && <span className="error">{reason}</span>}
        </summary>
        <RecordFields fields={fields} />
      </details>
    </li>
  )
}
