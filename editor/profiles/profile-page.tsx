/** One person: who they are, what they allow, what happened and what was sent where. Masked until
 *  revealed with a reason, which is written down. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProfileView } from '../../engine/contract/api/profiles.ts'
import { useApi, useSend } from '../api/use-api.ts'
import { useCatalog } from '../api/use-catalog.ts'
import { ConsentHistory } from './consent-history.tsx'
import { ReasonDialog } from './reason-dialog.tsx'
import { WhyOnePerson } from './why-one-person.tsx'
import { useSession } from '../session/session.ts'
import { Button } from '../ui/button.tsx'
import { cellText } from '../ui/cell-text.ts'
import { formatDate } from '../ui/format.ts'
import { Badge, Failure, PageHead, Skeleton, Tabs, type Tone } from '../ui/parts.tsx'
import { RecordFields } from '../ui/record-fields.tsx'

const TABS = ['traits', 'consent', 'timeline', 'disclosures'] as const
type TabName = (typeof TABS)[number]

export function ProfilePage({ id }: { id: string }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const read = useApi('profileRead', { params: { id } })
  const [tab, setTab] = useState<TabName>('traits')
  const [asking, setAsking] = useState(false)
  const [revealed, setRevealed] = useState<ProfileView>()
  const person = revealed ?? read.data
  if (read.error && !person)
    return <Failure error={read.error} onRetry={() => void read.refetch()} />
  if (!person) return <Skeleton rows={8} />
  return (
    <div className="page profile">
      <PageHead
        title={person.label}
        text={t('profile.since', {
          since: formatDate(person.createdAt),
          updated: formatDate(person.updatedAt),
        })}
      >
        {person.masked ? (
          <>
            <Badge icon="lock">{t('profile.masked')}</Badge>
            {may('profileReveal') && (
              <Button icon="eye" onClick={() => setAsking(true)}>
                {t('profile.reveal')}
              </Button>
            )}
          </>
        ) : (
          <Badge tone="warn" icon="eye">
            {t('profile.revealed')}
          </Badge>
        )}
      </PageHead>
      <section className="identifiers" aria-label={t('profiles.identifiers')}>
        {person.identifiers.map(({ type, value }) => (
          <span key={`${type}:${value}`} className="identifier">
            <small>{type}</small>
            <strong>{value}</strong>
          </span>
        ))}
      </section>
      {person.audiences.length > 0 && (
        <section className="row" aria-label={t('profile.audiences')}>
          {person.audiences.map(({ key, since }) => (
            <Badge key={key} tone="info">
              {t('profile.memberSince', { key, since: formatDate(since) })}
            </Badge>
          ))}
        </section>
      )}
      <Tabs
        label={t('profile.parts')}
        current={tab}
        onChoose={(name: TabName) => setTab(name)}
        tabs={TABS.map((name): { id: TabName; text: string } => ({
          id: name,
          text: t(`profile.tab.${name}`),
        }))}
      />
      <div role="tabpanel" aria-labelledby={`tab-${tab}`}>
        {tab === 'traits' && (
          <>
            <Traits person={person} />
            <WhyOnePerson id={id} />
          </>
        )}
        {tab === 'consent' && (
          <>
            <Consent person={person} />
            <ConsentHistory id={id} />
          </>
        )}
        {tab === 'timeline' && <Timeline person={person} />}
        {tab === 'disclosures' && <Disclosures person={person} />}
      </div>
      {asking && (
        <RevealDialog
          id={id}
          onClose={() => setAsking(false)}
          onRevealed={(view) => {
            setRevealed(view)
            setAsking(false)
          }}
        />
      )}
    </div>
  )
}

function RevealDialog({
  id,
  onRevealed,
  onClose,
}: {
  id: string
  onRevealed(view: ProfileView): void
  onClose(): void
}) {
  const { t } = useTranslation()
  const reveal = useSend('profileReveal', ['auditList'])
  return (
    <ReasonDialog
      title={t('profile.reveal')}
      label={t('profile.reason')}
      help={t('profile.reasonHelp')}
      action={t('profile.reveal')}
      kind="primary"
      busy={reveal.isPending}
      error={reveal.error}
      onReason={(reason) =>
        reveal.mutate({ params: { id }, body: { reason } }, { onSuccess: onRevealed })
      }
      onClose={onClose}
    />
  )
}

const None = ({ text }: { text: string }) => <p className="help">{text}</p>

function Traits({ person }: { person: ProfileView }) {
  const { t } = useTranslation()
  const traits = Object.entries(person.traits)
  if (traits.length === 0) return <None text={t('profile.noTraits')} />
  return (
    <table className="table cards-when-narrow">
      <thead>
        <tr>
          <th>{t('profile.trait')}</th>
          <th>{t('profile.value')}</th>
          <th>{t('profile.source')}</th>
          <th>{t('profile.at')}</th>
        </tr>
      </thead>
      <tbody>
        {traits.map(([name, trait]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{cellText(trait.value)}</td>
            <td>
              {trait.source}
              {trait.flowName && (
                <small>
                  {trait.flowName}
                  {trait.flowVersion === undefined
                    ? ''
                    : `, ${t('flows.version', { version: trait.flowVersion })}`}
                </small>
              )}
            </td>
            <td>{formatDate(trait.at)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const TONES: Record<string, Tone> = {
  granted: 'good',
  denied: 'bad',
  withdrawn: 'bad',
  objected: 'bad',
}

function Consent({ person }: { person: ProfileView }) {
  const { t, i18n } = useTranslation()
  const { purposes } = useCatalog()
  const entries = Object.entries(person.consent)
  if (entries.length === 0) return <None text={t('profile.noConsent')} />
  return (
    <table className="table cards-when-narrow">
      <thead>
        <tr>
          <th>{t('profile.purpose')}</th>
          <th>{t('profile.choice')}</th>
          <th>{t('profile.source')}</th>
          <th>{t('profile.at')}</th>
        </tr>
      </thead>
      <tbody>
        {entries.map(([key, { state, at, source }]) => (
          <tr key={key}>
            <th scope="row">{purposes.find((purpose) => purpose.key === key)?.name ?? key}</th>
            <td>
              <Badge tone={TONES[state] ?? 'neutral'}>
                {i18n.exists(`consentState.${state}`) ? t(`consentState.${state}`) : state}
              </Badge>
            </td>
            <td>{source}</td>
            <td>{formatDate(at)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Timeline({ person }: { person: ProfileView }) {
  const { t } = useTranslation()
  if (person.events.length === 0) return <None text={t('profile.noEvents')} />
  return (
    <ol className="timeline">
      {person.events.map((event, i) => (
        <li key={i}>
          <strong>{event.name}</strong>
          <small>
            {formatDate(event.time)} · {event.source}
          </small>
          {Object.keys(event.properties).length > 0 && (
            <details>
              <summary>{t('profile.properties')}</summary>
              <RecordFields fields={event.properties} />
            </details>
          )}
        </li>
      ))}
    </ol>
  )
}

function Disclosures({ person }: { person: ProfileView }) {
  const { t } = useTranslation()
  if (person.disclosures.length === 0) return <None text={t('profile.noDisclosures')} />
  return (
    <table className="table cards-when-narrow">
      <thead>
        <tr>
          <th>{t('profile.at')}</th>
          <th>{t('profile.recipient')}</th>
          <th>{t('runs.flow')}</th>
          <th>{t('profile.fields')}</th>
          <th>{t('profile.purpose')}</th>
        </tr>
      </thead>
      <tbody>
        {person.disclosures.map((row, i) => (
          <tr key={i}>
            <td>{formatDate(row.at)}</td>
            <td>{row.recipient}</td>
            <td>{row.flowName}</td>
            <td>{row.fields.join(', ')}</td>
            <td>{row.purposes.join(', ')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
