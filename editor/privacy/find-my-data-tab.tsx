/** Everything known of one person, to be read, printed, or read out on the telephone. */
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { PersonReport } from '../../engine/contract/api/requests.ts'
import { useSend } from '../api/use-api.ts'
import { Button } from '../ui/button.tsx'
import { cellText } from '../ui/cell-text.ts'
import { formatDate } from '../ui/format.ts'
import { EmptyState, Failure } from '../ui/parts.tsx'
import { PersonFields } from './person-fields.tsx'
import './privacy.css'

export function FindMyDataTab() {
  const { t } = useTranslation()
  const [person, setPerson] = useState({ type: 'email', value: '' })
  const find = useSend('findMyData')
  const report = find.data?.report
  return (
    <section className="find-my-data">
      <form
        className="no-print"
        onSubmit={(event) => {
          event.preventDefault()
          find.mutate({ body: person })
        }}
      >
        <p className="help">{t('findMyData.text')}</p>
        <PersonFields person={person} onChange={setPerson} />
        <p className="row">
          <Button
            kind="primary"
            type="submit"
            icon="search"
            disabled={person.value.trim() === ''}
            busy={find.isPending}
          >
            {t('findMyData.find')}
          </Button>
          {report && <Button onClick={() => window.print()}>{t('findMyData.print')}</Button>}
        </p>
      </form>
      {find.error && <Failure error={find.error} />}
      {find.data && !report && (
        <EmptyState
          icon="person"
          title={t('findMyData.nobody')}
          text={t('findMyData.nobodyText')}
        />
      )}
      {report && <Report report={report} />}
    </section>
  )
}

function Report({ report }: { report: PersonReport }) {
  const { t } = useTranslation()
  const by = (flow: string | undefined, version: number | undefined): string =>
    flow === undefined ? '' : t('findMyData.flow', { flow, version: version ?? 0 })
  return (
    <>
      <Part
        name="identifiers"
        heads={['kind', 'value', 'firstSeen', 'lastSeen']}
        rows={report.identifiers.map(({ type, value, firstSeen, lastSeen }) => [
          t(`requests.identifier.${type}`, { defaultValue: type }),
          value,
          formatDate(firstSeen),
          formatDate(lastSeen),
        ])}
      />
      <Part
        name="fields"
        heads={['field', 'value', 'source', 'since', 'by', 'receivedBy']}
        rows={report.fields.map((field) => [
          field.name,
          cellText(field.value),
          field.source,
          formatDate(field.at),
          by(field.flow, field.flowVersion),
          field.recipients.join(', '),
        ])}
      />
      <Part
        name="recipients"
        heads={['recipient', 'fieldsSent', 'purposes', 'lastSent', 'by']}
        rows={report.recipients.map((one) => [
          one.recipient,
          one.fields.join(', '),
          one.purposes
            .map(({ purpose, basis }) => `${purpose} (${t(`privacy.basisName.${basis}`)})`)
            .join(', '),
          formatDate(one.lastAt),
          by(one.flow, one.flowVersion),
        ])}
      />
      <Part
        name="consents"
        heads={['purpose', 'choice', 'since']}
        rows={report.consents.map(({ purpose, kind, state, at }) => [
          purpose === '*' ? t('consentHistory.everything') : purpose,
          `${t(`findMyData.choices.${state}`)} (${t(`consentHistory.kind.${kind}`)})`,
          formatDate(at),
        ])}
      />
      <Part
        name="events"
        heads={['since', 'event', 'source', 'details']}
        rows={report.events.map(({ time, name, source, properties }) => [
          formatDate(time),
          name,
          source,
          cellText(Object.keys(properties).length === 0 ? '' : properties),
        ])}
      >
        {report.eventCount > report.events.length && (
          <p className="help">
            {t('findMyData.newest', { shown: report.events.length, count: report.eventCount })}
          </p>
        )}
      </Part>
    </>
  )
}

interface PartProps {
  name: 'identifiers' | 'fields' | 'recipients' | 'consents' | 'events'
  heads: readonly string[]
  rows: readonly string[][]
  children?: ReactNode
}

function Part({ name, heads, rows, children }: PartProps) {
  const { t } = useTranslation()
  const title = t(`findMyData.part.${name}`)
  return (
    <section>
      <h2>{title}</h2>
      {rows.length === 0 ? (
        <p className="help">{t('findMyData.nothing')}</p>
      ) : (
        <div className="table-scroll" tabIndex={0} role="region" aria-label={title}>
          <table className="table dense">
            <thead>
              <tr>
                {heads.map((head) => (
                  <th key={head}>{t(`findMyData.head.${head}`)}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row, at) => (
                <tr key={at}>
                  {row.map((cell, column) => (
                    <td key={heads[column]}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {children}
    </section>
  )
}
