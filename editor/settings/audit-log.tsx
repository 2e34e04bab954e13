/** Who did what, newest first. */
import { useTranslation } from 'react-i18next'
import { useList } from '../api/use-api.ts'
import { cellText } from '../ui/cell-text.ts'
import { formatDate } from '../ui/format.ts'
import { Failure, MoreButton, Skeleton } from '../ui/parts.tsx'

export function AuditLog() {
  const { t } = useTranslation()
  const entries = useList('auditList')
  if (entries.error) return <Failure error={entries.error} onRetry={() => void entries.refetch()} />
  if (entries.isPending) return <Skeleton />
  return (
    <section>
      <p className="help">{t('audit.text')}</p>
      <table className="table cards-when-narrow">
        <thead>
          <tr>
            <th>{t('profile.at')}</th>
            <th>{t('audit.who')}</th>
            <th>{t('audit.action')}</th>
            <th>{t('audit.subject')}</th>
            <th>{t('audit.details')}</th>
          </tr>
        </thead>
        <tbody>
          {entries.items.map((entry) => (
            <tr key={entry.seq}>
              <td>{formatDate(entry.at)}</td>
              <td>{entry.who}</td>
              <td>{entry.action}</td>
              <td>{entry.subject}</td>
              <td>
                <small>
                  {Object.entries(entry.details)
                    .map(([name, value]) => `${name}: ${cellText(value)}`)
                    .join(' · ')}
                </small>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <MoreButton list={entries} />
    </section>
  )
}
