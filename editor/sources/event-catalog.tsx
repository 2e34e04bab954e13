/** Which events a source sends, how often, and what they hold, as found in what arrived. */
import { useTranslation } from 'react-i18next'
import type { SourceView } from '../../engine/contract/api/sources.ts'
import { useApi } from '../api/use-api.ts'
import { formatAgo, formatNumber } from '../ui/format.ts'
import { Badge, EmptyState, Failure, Skeleton } from '../ui/parts.tsx'
import { CallName } from './call-name.tsx'

export function EventCatalog({ source }: { source: SourceView }) {
  const { t } = useTranslation()
  const read = useApi('sourceCatalog', { params: { id: source.id } }, { every: 5_000 })
  if (read.error) return <Failure error={read.error} onRetry={() => void read.refetch()} />
  if (!read.data) return <Skeleton />
  const { items } = read.data
  if (items.length === 0)
    return <EmptyState icon="file" title={t('sources.noEvents')} text={t('sources.quietText')} />
  const most = Math.max(...items.map(({ count }) => count))
  return (
    <table className="table cards-when-narrow">
      <thead>
        <tr>
          <th>{t('sources.event')}</th>
          <th>{t('sources.count')}</th>
          <th>{t('sources.properties')}</th>
          <th>{t('sources.lastSeen')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ type, name, count, properties, lastAt }) => (
          <tr key={`${type}:${name}`}>
            <th scope="row">
              <CallName type={type} name={name} />
            </th>
            <td>
              <span className="count-bar">
                <span style={{ inlineSize: `${Math.max(2, (count / most) * 100)}%` }} />
              </span>
              {formatNumber(count)}
            </td>
            <td>
              {properties.map((property) => (
                <Badge key={property.name}>
                  {property.name} · {Object.keys(property.types).join(', ')}
                </Badge>
              ))}
            </td>
            <td>{formatAgo(lastAt)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
