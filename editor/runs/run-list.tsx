/** All runs, newest first, by flow and state. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { runStateSchema } from '../../engine/contract/run.ts'
import { useList } from '../api/use-api.ts'
import type { RunView } from '../api/use-run-stream.ts'
import { Link, navigate, setSearch, useSearch } from '../router.tsx'
import { formatAgo, formatDate, formatDuration, formatNumber } from '../ui/format.ts'
import { EmptyState, Failure, MoreButton, PageHead, RunBadge, Skeleton } from '../ui/parts.tsx'
import { toggled } from '../ui/toggled.ts'
import { useSession } from '../session/session.ts'
import { BulkBar } from './bulk-bar.tsx'
import { runTotals } from './run-totals.ts'

export function RunList() {
  const { t } = useTranslation()
  const search = useSearch()
  const flow = search.get('flow') ?? ''
  const state = search.get('state') ?? ''
  const flows = useList('flowList')
  const { mayOperate } = useSession()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const runs = useList('runList', { flow, state }, { every: 5_000 })
  return (
    <div className="page">
      <PageHead title={t('nav.runs')} text={t('runs.text')}>
        <select
          aria-label={t('runs.byFlow')}
          value={flow}
          onChange={(event) => setSearch({ flow: event.target.value })}
        >
          <option value="">{t('runs.allFlows')}</option>
          {flows.items.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
        <select
          aria-label={t('runs.byState')}
          value={state}
          onChange={(event) => setSearch({ state: event.target.value })}
        >
          <option value="">{t('runs.allStates')}</option>
          {runStateSchema.options.map((name) => (
            <option key={name} value={name}>
              {t(`runState.${name}`)}
            </option>
          ))}
        </select>
      </PageHead>
      {runs.error && <Failure error={runs.error} onRetry={() => void runs.refetch()} />}
      {runs.isPending ? (
        <Skeleton />
      ) : runs.items.length === 0 ? (
        <EmptyState icon="runs" title={t('runs.none')} text={t('runs.noneText')} />
      ) : (
        <>
          <BulkBar
            runs={runs.items.filter(({ id }) => chosen.has(id))}
            onClear={() => setChosen(new Set())}
          />
          <RunTable runs={runs.items} {...(mayOperate ? { chosen, onChoose: setChosen } : {})} />
        </>
      )}
      <MoreButton list={runs} />
    </div>
  )
}

interface RunTableProps {
  runs: readonly RunView[]
  /** Given where several can be chosen to act on. */
  chosen?: ReadonlySet<string>
  onChoose?: (ids: ReadonlySet<string>) => void
}

export function RunTable({ runs, chosen, onChoose }: RunTableProps) {
  const { t } = useTranslation()
  return (
    <table className="table cards-when-narrow">
      <thead>
        <tr>
          {onChoose && (
            <th>
              <input
                type="checkbox"
                aria-label={t('bulk.all')}
                checked={runs.length > 0 && runs.every(({ id }) => chosen?.has(id))}
                onChange={({ target }) =>
                  onChoose(new Set(target.checked ? runs.map(({ id }) => id) : []))
                }
              />
            </th>
          )}
          <th>{t('runs.flow')}</th>
          <th>{t('runs.state')}</th>
          <th>{t('runs.started')}</th>
          <th>{t('runs.took')}</th>
          <th className="number">{t('runs.read')}</th>
          <th className="number">{t('runs.delivered')}</th>
          <th className="number">{t('runs.failedCount')}</th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => {
          const totals = runTotals(run)
          return (
            <tr key={run.id} className="clickable" onClick={() => navigate(`/runs/${run.id}`)}>
              {onChoose && (
                <td onClick={(event) => event.stopPropagation()}>
                  <input
                    type="checkbox"
                    aria-label={t('bulk.choose', {
                      name: run.flowName,
                      when: formatDate(run.startedAt),
                    })}
                    checked={chosen?.has(run.id) === true}
                    onChange={() => onChoose(toggled(chosen, run.id))}
                  />
                </td>
              )}
              <td>
                <Link href={`/runs/${run.id}`} onClick={(event) => event.stopPropagation()}>
                  {run.flowName}
                </Link>{' '}
                <small>{t('flows.version', { version: run.flowVersion })}</small>
              </td>
              <td>
                <RunBadge state={run.state} live={run.live} />
              </td>
              <td title={formatDate(run.startedAt)}>{formatAgo(run.startedAt)}</td>
              <td>{formatDuration(run.startedAt, run.finishedAt)}</td>
              <td className="number" data-label={t('runs.read')}>
                {formatNumber(run.read)}
              </td>
              <td className="number" data-label={t('runs.delivered')}>
                {formatNumber(totals.delivered)}
              </td>
              <td
                className={`number ${totals.failed > 0 ? 'bad' : ''}`}
                data-label={t('runs.failedCount')}
              >
                {formatNumber(totals.failed)}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
