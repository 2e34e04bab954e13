/** People: found by identifier or name; values masked. */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useList } from '../api/use-api.ts'
import { Link, navigate, setSearch, useSearch } from '../router.tsx'
import { formatAgo } from '../ui/format.ts'
import { SearchBox } from '../ui/search-box.tsx'
import { Badge, EmptyState, Failure, MoreButton, PageHead, Skeleton } from '../ui/parts.tsx'

const WAIT_MS = 300

export function ProfileList() {
  const { t } = useTranslation()
  const search = useSearch().get('search') ?? ''
  const [typed, setTyped] = useState(search)
  const people = useList('profileSearch', { search })
  useEffect(() => {
    const timer = setTimeout(() => setSearch({ search: typed.trim() }), WAIT_MS)
    return () => clearTimeout(timer)
  }, [typed])
  return (
    <div className="page">
      <PageHead title={t('nav.profiles')} text={t('profiles.text')}>
        <SearchBox wide autoFocus label={t('profiles.search')} value={typed} onSearch={setTyped} />
      </PageHead>
      {people.error && <Failure error={people.error} onRetry={() => void people.refetch()} />}
      {people.isPending ? (
        <Skeleton />
      ) : people.items.length === 0 ? (
        <EmptyState
          icon="people"
          title={search ? t('profiles.notFound') : t('profiles.none')}
          text={search ? t('profiles.notFoundText') : t('profiles.noneText')}
        />
      ) : (
        <table className="table cards-when-narrow">
          <thead>
            <tr>
              <th>{t('profiles.person')}</th>
              <th>{t('profiles.identifiers')}</th>
              <th>{t('profiles.updated')}</th>
            </tr>
          </thead>
          <tbody>
            {people.items.map((person) => (
              <tr
                key={person.id}
                className="clickable"
                onClick={() => navigate(`/profiles/${person.id}`)}
              >
                <td>
                  <Link
                    href={`/profiles/${person.id}`}
                    onClick={(event) => event.stopPropagation()}
                  >
                    {person.label}
                  </Link>
                </td>
                <td>
                  {person.identifiers.slice(0, 4).map(({ type, value }) => (
                    <Badge key={`${type}:${value}`}>
                      {type} {value}
                    </Badge>
                  ))}
                </td>
                <td>{formatAgo(person.updatedAt)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <MoreButton list={people} />
    </div>
  )
}
