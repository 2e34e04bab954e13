/** The privacy officer's queue: what people asked, until when it is due, what is to be done next. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  requestKindSchema,
  requestStateSchema,
  type RequestAction,
  type RequestView,
} from '../../engine/contract/api/requests.ts'
import { useList, useSend } from '../api/use-api.ts'
import { Button } from '../ui/button.tsx'
import { notify } from '../ui/notices.tsx'
import { EmptyState, Failure, MoreButton, Skeleton } from '../ui/parts.tsx'
import { NewRequestDialog } from './new-request-dialog.tsx'
import './privacy.css'
import { RequestDialog } from './request-dialog.tsx'
import { RequestTable } from './request-table.tsx'

/** Work goes on by itself: the list follows it. */
const LOOK_MS = 5_000
const IN_BULK = ['confirm_identity', 'approve', 'cancel', 'retry'] as const

export function RequestsTab() {
  const { t } = useTranslation()
  const [filter, setFilter] = useState({ state: '', kind: '' })
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [open, setOpen] = useState<string>()
  const [isNew, setIsNew] = useState(false)
  const list = useList('requestList', filter, { every: LOOK_MS })
  const shown = list.items.find(({ id }) => id === open)
  const act = useAct(() => setChosen(new Set()))
  return (
    <section className="requests">
      <div className="row requests-bar">
        <Choice
          name="state"
          values={requestStateSchema.options}
          value={filter.state}
          onChange={(state) => setFilter({ ...filter, state })}
        />
        <Choice
          name="kind"
          values={requestKindSchema.options}
          value={filter.kind}
          onChange={(kind) => setFilter({ ...filter, kind })}
        />
        <Button kind="primary" icon="plus" onClick={() => setIsNew(true)}>
          {t('requests.new')}
        </Button>
      </div>
      {chosen.size > 0 && (
        <div className="row requests-bar" role="group" aria-label={t('requests.bulk')}>
          <strong>{t('requests.chosen', { count: chosen.size })}</strong>
          {IN_BULK.map((action) => (
            <Button key={action} busy={act.isPending} onClick={() => act.run([...chosen], action)}>
              {t(`requests.action.${action}`)}
            </Button>
          ))}
        </div>
      )}
      {list.error && <Failure error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending ? (
        <Skeleton />
      ) : list.items.length === 0 ? (
        <EmptyState
          icon="consent"
          title={t(filter.state || filter.kind ? 'requests.noneSuch' : 'requests.none')}
          text={t('requests.noneText')}
        />
      ) : (
        <RequestTable
          items={list.items}
          chosen={chosen}
          onChoose={setChosen}
          onOpen={(request: RequestView) => setOpen(request.id)}
        />
      )}
      <MoreButton list={list} />
      {shown && (
        <RequestDialog
          request={shown}
          busy={act.isPending}
          onAct={(action) => act.run([shown.id], action)}
          onClose={() => setOpen(undefined)}
        />
      )}
      {isNew && <NewRequestDialog onClose={() => setIsNew(false)} />}
    </section>
  )
}

/** Does one thing to some requests, and tells which did not take it. */
function useAct(onDone: () => void) {
  const { t } = useTranslation()
  const send = useSend('requestAct', ['requestList'])
  return {
    isPending: send.isPending,
    run: (ids: string[], action: RequestAction) =>
      send.mutate(
        { body: { ids, action, note: '' } },
        {
          onSuccess: ({ items }) => {
            const failed = items.filter(({ ok }) => !ok)
            const [first] = failed
            if (first) notify(first.message ?? t('ui.wentWrong'), { tone: 'error' })
            else notify(t('requests.acted', { count: items.length }))
            onDone()
          },
          onError: (error) => notify(error.message, { tone: 'error' }),
        },
      ),
  }
}

interface ChoiceProps {
  name: 'state' | 'kind'
  values: readonly string[]
  value: string
  onChange(value: string): void
}

function Choice({ name, values, value, onChange }: ChoiceProps) {
  const { t } = useTranslation()
  return (
    <select
      aria-label={t(`requests.filter.${name}`)}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">{t(`requests.all.${name}`)}</option>
      {values.map((one) => (
        <option key={one} value={one}>
          {t(`requests.${name}.${one}`)}
        </option>
      ))}
    </select>
  )
}
