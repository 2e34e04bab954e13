/** All flows: search, make, delete. */
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { FlowSummary } from '../../engine/contract/api/flows.ts'
import { useList, useSend } from '../api/use-api.ts'
import { Link, navigate } from '../router.tsx'
import { SearchBox } from '../ui/search-box.tsx'
import { useSession } from '../session/session.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { formatAgo } from '../ui/format.ts'
import { Icon } from '../ui/icons.tsx'
import { notify } from '../ui/notices.tsx'
import {
  Badge,
  EmptyState,
  Failure,
  Field,
  MoreButton,
  PageHead,
  RunBadge,
  Skeleton,
} from '../ui/parts.tsx'
import { Menu } from '../ui/popover.tsx'

export function FlowList() {
  const { t } = useTranslation()
  const { mayEdit } = useSession()
  const [search, setSearch] = useState('')
  const flows = useList('flowList')
  const found = flows.items.filter(({ name }) => name.toLowerCase().includes(search.toLowerCase()))
  return (
    <div className="page">
      <PageHead title={t('nav.flows')} text={t('flows.text')}>
        <SearchBox label={t('flows.search')} value={search} onSearch={setSearch} />
        {mayEdit && <NewFlowButton />}
      </PageHead>
      {flows.error && <Failure error={flows.error} onRetry={() => void flows.refetch()} />}
      {flows.isPending ? (
        <Skeleton />
      ) : found.length === 0 ? (
        <EmptyState
          icon="flows"
          title={search ? t('flows.notFound') : t('flows.none')}
          text={t('flows.noneText')}
        />
      ) : (
        <FlowCards flows={found} />
      )}
      <MoreButton list={flows} />
    </div>
  )
}

export function FlowCards({ flows }: { flows: readonly FlowSummary[] }) {
  return (
    <ul className="flow-cards">
      {flows.map((flow) => (
        <FlowCard key={flow.id} flow={flow} />
      ))}
    </ul>
  )
}

function FlowCard({ flow }: { flow: FlowSummary }) {
  const { t } = useTranslation()
  const { mayEdit } = useSession()
  const remove = useSend('flowDelete', ['flowList'])
  const [asking, setAsking] = useState(false)
  return (
    <li className="flow-card">
      <Link href={`/flows/${flow.id}`} className="flow-link">
        <strong>{flow.name}</strong>
        <small>
          {t('flows.steps', { count: flow.steps })} ·{' '}
          {t('flows.changed', { when: formatAgo(flow.updatedAt) })}
        </small>
      </Link>
      <div className="row tight">
        {flow.published === undefined ? (
          <Badge>{t('flows.draft')}</Badge>
        ) : (
          <Badge tone="good" icon="check">
            {t('flows.version', { version: flow.published })}
          </Badge>
        )}
        {flow.published !== undefined && flow.draftAhead && (
          <Badge tone="warn">{t('flows.ahead')}</Badge>
        )}
        {flow.scheduled && (
          <Badge icon="clock" tone="info">
            {t('flows.scheduled')}
          </Badge>
        )}
        {flow.lastRun && (
          <Link href={`/runs/${flow.lastRun.id}`}>
            <RunBadge state={flow.lastRun.state} live={flow.lastRun.live} />
          </Link>
        )}
        {mayEdit && (
          <Menu
            className="icon-button"
            align="end"
            label={t('flows.actionsOf', { name: flow.name })}
            button={<Icon name="more" />}
            items={[{ text: t('flows.delete'), danger: true, onChoose: () => setAsking(true) }]}
          />
        )}
      </div>
      {asking && (
        <Dialog
          title={t('flows.deleteTitle', { name: flow.name })}
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button onClick={() => setAsking(false)}>{t('ui.cancel')}</Button>
              <Button
                kind="danger"
                busy={remove.isPending}
                onClick={() =>
                  remove.mutate(
                    { params: { id: flow.id } },
                    { onSuccess: () => notify(t('flows.deleted', { name: flow.name })) },
                  )
                }
              >
                {t('flows.delete')}
              </Button>
            </>
          }
        >
          <p>{t('flows.deleteText')}</p>
          {remove.error && <Failure error={remove.error} />}
        </Dialog>
      )}
    </li>
  )
}

export function NewFlowButton() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const [name, setName] = useState('')
  const create = useSend('flowCreate', ['flowList'])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate(
      { body: { name: name.trim() || t('flows.newName') } },
      { onSuccess: ({ id }) => navigate(`/flows/${id}`) },
    )
  }
  return (
    <>
      <Button kind="primary" icon="plus" onClick={() => setOpen(true)}>
        {t('flows.new')}
      </Button>
      {open && (
        <Dialog title={t('flows.new')} onClose={() => setOpen(false)}>
          <form onSubmit={submit}>
            <Field label={t('flow.name')}>
              {(control) => (
                <input
                  {...control}
                  autoFocus
                  maxLength={120}
                  value={name}
                  placeholder={t('flows.newName')}
                  onChange={(event) => setName(event.target.value)}
                />
              )}
            </Field>
            {create.error && <Failure error={create.error} />}
            <div className="row end">
              <Button onClick={() => setOpen(false)}>{t('ui.cancel')}</Button>
              <Button kind="primary" type="submit" busy={create.isPending}>
                {t('flows.create')}
              </Button>
            </div>
          </form>
        </Dialog>
      )}
    </>
  )
}
