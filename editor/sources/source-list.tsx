/** Sources: the sites, apps and servers whose events come in as they happen. */
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useList, useSend } from '../api/use-api.ts'
import { Link, navigate } from '../router.tsx'
import { useSession } from '../session/session.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { formatAgo } from '../ui/format.ts'
import { Badge, EmptyState, Failure, Field, MoreButton, PageHead, Skeleton } from '../ui/parts.tsx'

export function SourceList() {
  const { t } = useTranslation()
  const { may } = useSession()
  const sources = useList('sourceList')
  const [adding, setAdding] = useState(false)
  return (
    <div className="page">
      <PageHead title={t('nav.sources')} text={t('sources.text')}>
        {may('sourceCreate') && (
          <Button kind="primary" icon="plus" onClick={() => setAdding(true)}>
            {t('sources.add')}
          </Button>
        )}
      </PageHead>
      {sources.error && <Failure error={sources.error} onRetry={() => void sources.refetch()} />}
      {sources.isPending ? (
        <Skeleton />
      ) : sources.items.length === 0 ? (
        <EmptyState icon="source" title={t('sources.none')} text={t('sources.noneText')} />
      ) : (
        <table className="table cards-when-narrow">
          <thead>
            <tr>
              <th>{t('sources.name')}</th>
              <th>{t('sources.state')}</th>
              <th>{t('sources.made')}</th>
            </tr>
          </thead>
          <tbody>
            {sources.items.map(({ id, name, disabled, createdAt }) => (
              <tr key={id} className="clickable" onClick={() => navigate(`/sources/${id}`)}>
                <td>
                  <Link href={`/sources/${id}`} onClick={(event) => event.stopPropagation()}>
                    {name}
                  </Link>
                </td>
                <td>
                  <SourceBadge disabled={disabled} />
                </td>
                <td>{formatAgo(createdAt)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <MoreButton list={sources} />
      {adding && <AddDialog onClose={() => setAdding(false)} />}
    </div>
  )
}

export function SourceBadge({ disabled }: { disabled: boolean }) {
  const { t } = useTranslation()
  return (
    <Badge tone={disabled ? 'neutral' : 'good'}>
      {t(disabled ? 'sources.isOff' : 'sources.isOn')}
    </Badge>
  )
}

function AddDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation()
  const create = useSend('sourceCreate', ['sourceList'])
  const [name, setName] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate({ body: { name } }, { onSuccess: ({ id }) => navigate(`/sources/${id}`) })
  }
  return (
    <Dialog title={t('sources.add')} onClose={onClose}>
      <form onSubmit={submit}>
        <Field label={t('sources.name')} help={t('sources.nameHelp')}>
          {(control) => (
            <input
              {...control}
              required
              autoFocus
              maxLength={120}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        {create.error && <Failure error={create.error} />}
        <div className="row end">
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button kind="primary" type="submit" busy={create.isPending}>
            {t('sources.add')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
