/** All that a person ever decided, newest first, with who was told of a no; and the link to their
 *  preference page. */
import { useTranslation } from 'react-i18next'
import { useApi, useSend } from '../api/use-api.ts'
import { useCatalog } from '../api/use-catalog.ts'
import { useSession } from '../session/session.ts'
import { Button } from '../ui/button.tsx'
import { formatDate } from '../ui/format.ts'
import { notify } from '../ui/notices.tsx'
import { Badge, Failure, Skeleton, type Tone } from '../ui/parts.tsx'

const TOLD_TONES: Record<string, Tone> = {
  told: 'good',
  pending: 'info',
  failed: 'bad',
  cannot: 'warn',
}

export function ConsentHistory({ id }: { id: string }) {
  const { t, i18n } = useTranslation()
  const { purposes } = useCatalog()
  const history = useApi('consentHistory', { params: { id } })
  if (history.error) return <Failure error={history.error} onRetry={() => void history.refetch()} />
  if (!history.data) return <Skeleton />
  const nameOf = (key: string): string =>
    key === '*'
      ? t('consentHistory.everything')
      : (purposes.find((purpose) => purpose.key === key)?.name ?? key)
  const word = (group: string, key: string): string =>
    i18n.exists(`${group}.${key}`) ? i18n.t(`${group}.${key}`) : key
  return (
    <section aria-labelledby="consent-history">
      <div className="row">
        <h2 id="consent-history">{t('consentHistory.title')}</h2>
        <LinkButton id={id} />
      </div>
      {history.data.items.length === 0 ? (
        <p className="help">{t('consentHistory.none')}</p>
      ) : (
        <ol className="timeline">
          {history.data.items.map((entry) => (
            <li key={entry.id}>
              <strong>
                {nameOf(entry.purpose)}: {word('consentState', entry.state)}
              </strong>
              <small>
                {[
                  formatDate(entry.at),
                  word('consentHistory.kind', entry.kind),
                  entry.source,
                  entry.noticeVersion,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </small>
              {(entry.told ?? []).map(({ recipient, state }) => (
                <Badge key={recipient} tone={TOLD_TONES[state] ?? 'neutral'}>
                  {recipient}: {word('consentHistory.toldState', state)}
                </Badge>
              ))}
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

function LinkButton({ id }: { id: string }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const make = useSend('preferenceLink')
  if (!may('preferenceLink')) return null
  const copy = () =>
    make.mutate(
      { params: { id } },
      {
        onSuccess: ({ url }) =>
          void navigator.clipboard
            .writeText(url)
            .then(() => notify(t('consentHistory.copied')))
            .catch(() => notify(url)),
      },
    )
  return (
    <Button icon="link" busy={make.isPending} onClick={copy}>
      {t('consentHistory.link')}
    </Button>
  )
}
