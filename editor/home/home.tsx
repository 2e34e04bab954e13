/** The overview: what needs attention, the flows, the latest runs; a start where there is nothing. */
import { useTranslation } from 'react-i18next'
import { useApi, useList, useSend } from '../api/use-api.ts'
import { Link, navigate } from '../router.tsx'
import { RunTable } from '../runs/run-list.tsx'
import { useSession } from '../session/session.ts'
import { Button } from '../ui/button.tsx'
import { formatAgo, formatNumber } from '../ui/format.ts'
import { Icon, RoleMark, type IconName } from '../ui/icons.tsx'
import { Failure, PageHead, RunBadge, Skeleton } from '../ui/parts.tsx'
import { FlowCards, NewFlowButton } from './flow-list.tsx'

export function Home() {
  const { t } = useTranslation()
  const { user, may, mayEdit } = useSession()
  const flows = useList('flowList')
  const runs = useList('runList', {}, { every: 10_000 })
  const parked = useList('deadLetterList', {}, { enabled: may('deadLetterList') })
  if (flows.error) return <Failure error={flows.error} onRetry={() => void flows.refetch()} />
  if (flows.isPending) return <Skeleton rows={6} />
  if (flows.items.length === 0) return <Start />
  const failed = runs.items.filter(({ state }) => state === 'failed' || state === 'paused')
  const open = parked.items.filter(({ state }) => state === 'parked')
  return (
    <div className="page">
      <PageHead title={t('home.hello', { name: user?.name ?? '' })}>
        {mayEdit && <NewFlowButton />}
      </PageHead>
      <section aria-labelledby="attention">
        <h2 id="attention">{t('home.attention')}</h2>
        {failed.length === 0 && open.length === 0 ? (
          <p className="all-well">
            <Icon name="check" /> {t('home.allWell')}
          </p>
        ) : (
          <ul className="attention">
            {failed.slice(0, 5).map((run) => (
              <li key={run.id}>
                <RunBadge state={run.state} live={run.live} />
                <Link href={`/runs/${run.id}`}>{run.flowName}</Link>
                <span>{run.failure?.message}</span>
                <small>{formatAgo(run.startedAt)}</small>
              </li>
            ))}
            {open.length > 0 && (
              <li>
                <Icon name="warning" />
                <Link href={`/runs/${open[0]?.runId ?? ''}`}>
                  {t('home.parked', {
                    count: open.length,
                    n: formatNumber(open.length) + (parked.hasNextPage ? '+' : ''),
                  })}
                </Link>
              </li>
            )}
          </ul>
        )}
      </section>
      <section aria-labelledby="flows">
        <h2 id="flows">
          <Link href="/flows">{t('nav.flows')}</Link>
        </h2>
        <FlowCards flows={flows.items.slice(0, 6)} />
      </section>
      <section aria-labelledby="runs">
        <h2 id="runs">
          <Link href="/runs">{t('home.recentRuns')}</Link>
        </h2>
        {runs.items.length === 0 ? (
          <p className="help">{t('runs.none')}</p>
        ) : (
          <RunTable runs={runs.items.slice(0, 6)} />
        )}
      </section>
    </div>
  )
}

const STEPS: ReadonlyArray<{
  name: string
  icon: IconName
  role: 'source' | 'identity' | 'consent' | 'destination'
}> = [
  { name: 'bring', icon: 'source', role: 'source' },
  { name: 'match', icon: 'identity', role: 'identity' },
  { name: 'consent', icon: 'consent', role: 'consent' },
  { name: 'send', icon: 'destination', role: 'destination' },
]

/** An empty workspace. */
function Start() {
  const { t } = useTranslation()
  const { may, mayEdit } = useSession()
  const load = useSend('sampleLoad', ['sampleRead'])
  const sample = useApi('sampleRead', {}, { every: 1_500 })
  const state =
    load.data?.state === 'loading' && sample.data?.state === 'absent'
      ? 'loading'
      : sample.data?.state
  const flowId = sample.data?.flowId
  const flows = useList('flowList', {}, { every: state === 'loading' ? 2_000 : false })
  return (
    <div className="page start">
      <h1>{t('start.title')}</h1>
      <p className="lead">{t('start.text')}</p>
      <ol className="start-steps">
        {STEPS.map(({ name, role }) => (
          <li key={name}>
            <RoleMark role={role} size={40} />
            <strong>{t(`start.${name}`)}</strong>
            <span>{t(`start.${name}Text`)}</span>
          </li>
        ))}
      </ol>
      <div className="start-choices">
        {may('sampleLoad') && (
          <div className="start-choice">
            <h2>{t('start.sample')}</h2>
            <p>{t('start.sampleText')}</p>
            {state === 'loading' ? (
              <div role="status">
                <progress aria-label={t('start.loading')} />
                <p className="help">{sample.data?.progress ?? t('start.loading')}</p>
              </div>
            ) : flowId !== undefined && state === 'loaded' ? (
              <Button kind="primary" onClick={() => navigate(`/flows/${flowId}`)}>
                {t('start.openSample')}
              </Button>
            ) : (
              <Button
                kind="primary"
                icon="spark"
                busy={load.isPending}
                onClick={() => load.mutate({})}
              >
                {t('start.loadSample')}
              </Button>
            )}
            {state === 'failed' && <Failure error={load.error} onRetry={() => load.mutate({})} />}
            {load.error && <Failure error={load.error} />}
          </div>
        )}
        {mayEdit && (
          <div className="start-choice">
            <h2>{t('start.own')}</h2>
            <p>{t('start.ownText')}</p>
            <NewFlowButton />
          </div>
        )}
      </div>
      {flows.error && <Failure error={flows.error} />}
    </div>
  )
}
