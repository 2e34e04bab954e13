/** One run as it goes: numbers on the flow, progress, what failed and what to do, files. */
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { FINAL_STATES } from '../../engine/contract/run.ts'
import { useApi, useSend } from '../api/use-api.ts'
import { useCatalog } from '../api/use-catalog.ts'
import { urlOf } from '../api/call.ts'
import { useRunStream, type RunView } from '../api/use-run-stream.ts'
import { Canvas } from '../canvas/canvas.tsx'
import { clearCounts, showCounts } from '../canvas/counts-store.ts'
import { useFlow } from '../document/flow-store.ts'
import { Outline } from '../outline/outline.tsx'
import { Link, navigate } from '../router.tsx'
import { useSession } from '../session/session.ts'
import { Button } from '../ui/button.tsx'
import { formatBytes, formatDate, formatDuration, formatNumber } from '../ui/format.ts'
import { Icon } from '../ui/icons.tsx'
import { announce } from '../ui/notices.tsx'
import { Failure, PageHead, RunBadge, Skeleton } from '../ui/parts.tsx'
import { useNarrow } from '../ui/use-narrow.ts'
import { nodeTitle } from '../words/node-words.ts'
import { DeadLetters } from './dead-letters.tsx'
import { FollowButton } from './follow-button.tsx'
import { mayAct, RUN_ACTION_IDS, RUN_ACTIONS, type RunActionId } from './run-actions.ts'
import { runTotals } from './run-totals.ts'
import '../flow/flow.css'
import '../flow/data.css'

export function RunPage({ id }: { id: string }) {
  const read = useApi('runRead', { params: { id } })
  const live = useRunStream(id)
  if (read.error && read.data?.id !== id)
    return <Failure error={read.error} onRetry={() => void read.refetch()} />
  if (!read.data || read.data.id !== id) return <Skeleton rows={8} />
  // The stream leaves the graph out.
  return <Run key={id} run={{ ...read.data, ...live, graph: read.data.graph ?? live?.graph }} />
}

function Run({ run }: { run: RunView }) {
  const { t } = useTranslation()
  const narrow = useNarrow()
  const { byType, ready } = useCatalog()
  const { may } = useSession()
  const { graph, counts, state } = run
  useEffect(() => {
    if (graph && ready) useFlow.getState().load({ name: run.flowName, graph }, byType, true)
    return clearCounts
    // The graph of a run never changes.
  }, [run.id, ready])
  useEffect(() => showCounts('run', counts), [counts, ready])
  useEffect(() => announce(t('spoken.run', { state: t(`runState.${state}`) })), [state, t])
  const roleOf = (nodeId: string) =>
    byType.get(graph?.nodes.find((node) => node.id === nodeId)?.type ?? '')?.role
  const totals = { read: run.read, ...runTotals(run, (nodeId) => roleOf(nodeId) === 'consent') }
  return (
    <div className="page run-page">
      <PageHead
        title={
          <>
            {run.flowName} <RunBadge state={state} live={run.live} />
          </>
        }
        text={
          <>
            {t('runs.facts', {
              version: run.flowVersion,
              when: formatDate(run.startedAt),
              took: formatDuration(run.startedAt, run.finishedAt),
              who: run.startedBy,
              trigger: t(`trigger.${run.trigger}`),
            })}
          </>
        }
      >
        <RunControls run={run} />
        {graph && ready && <FollowButton runId={run.id} />}
        <Link className="button plain" href={`/flows/${run.flowId}`}>
          {t('runs.openFlow')}
        </Link>
      </PageHead>
      {run.failure && <FailureBox run={run} />}
      <dl className="totals">
        {(['read', 'delivered', 'heldBack', 'failed'] as const).map((name) => (
          <div key={name} className={name}>
            <dt>{t(`runs.total.${name}`)}</dt>
            <dd>{formatNumber(totals[name])}</dd>
          </div>
        ))}
      </dl>
      {!run.live && <StageProgress run={run} />}
      {graph && ready && (
        <section className="run-graph" aria-label={t('runs.graph')}>
          {narrow ? <ReadOnlyOutline /> : <Canvas label={t('runs.graph')} />}
        </section>
      )}
      <RunFiles runId={run.id} finished={FINAL_STATES.has(state)} />
      {may('deadLetterList') && totals.failed > 0 && <DeadLetters run={run} />}
    </div>
  )
}

const NOTHING = () => undefined
const ReadOnlyOutline = () => (
  <Outline
    onAdd={NOTHING}
    onAddAfter={NOTHING}
    onConnect={NOTHING}
    commands={{ remove: NOTHING, cutWire: NOTHING }}
  />
)

function RunControls({ run }: { run: RunView }) {
  const { mayOperate } = useSession()
  if (!mayOperate) return null
  return (
    <>
      {RUN_ACTION_IDS.filter((id) => mayAct(id, run.state)).map((id) => (
        <ControlButton key={id} id={id} run={run} />
      ))}
    </>
  )
}

function ControlButton({ id, run }: { id: RunActionId; run: RunView }) {
  const { t } = useTranslation()
  const send = useSend(id, ['runRead', 'runList'])
  const { icon, name } = RUN_ACTIONS[id]
  const said = run.live && name === 'cancel' ? 'stop' : name
  return (
    <>
      <Button
        icon={icon}
        kind={name === 'cancel' ? 'danger' : name === 'retry' ? 'primary' : 'plain'}
        busy={send.isPending}
        title={t(`runs.${said}Help`)}
        onClick={() =>
          send.mutate(
            { params: { id: run.id } },
            {
              onSuccess: (next) => (next.id === run.id ? undefined : navigate(`/runs/${next.id}`)),
            },
          )
        }
      >
        {t(`runs.${said}`)}
      </Button>
      {send.error && <Failure error={send.error} />}
    </>
  )
}

/** Where it failed, why, and what to do. */
function FailureBox({ run }: { run: RunView }) {
  const { t } = useTranslation()
  const { byType } = useCatalog()
  const node = run.graph?.nodes.find((known) => known.id === run.failure?.nodeId)
  return (
    <div className="failure" role="alert">
      <Icon name="error" />
      <div>
        <strong>
          {node
            ? t('runs.failedAt', { name: nodeTitle(node, byType.get(node.type)) })
            : t('runs.failed')}
        </strong>
        <p>{run.failure?.message}</p>
        <p>{t('runs.whatToDo')}</p>
      </div>
      {node && (
        <Link className="button plain" href={`/flows/${run.flowId}?step=${node.id}`}>
          {t('runs.openStep')}
        </Link>
      )}
    </div>
  )
}

function StageProgress({ run }: { run: RunView }) {
  const { t } = useTranslation()
  const { byType } = useCatalog()
  const stages = Object.entries(run.stages)
  if (stages.length === 0) return null
  const done = stages.filter(([, stage]) => stage.state === 'done').length
  const titleOf = (id: string) => {
    const node = run.graph?.nodes.find((known) => known.id === id)
    return node ? nodeTitle(node, byType.get(node.type)) : id
  }
  return (
    <details className="stages" open={!FINAL_STATES.has(run.state)}>
      <summary>{t('runs.stages', { done, total: stages.length })}</summary>
      <ol>
        {stages.map(([id, { state, pages, pagesDone }]) => (
          <li key={id} className={state}>
            <Icon
              size={16}
              name={
                state === 'done'
                  ? 'check'
                  : state === 'failed'
                    ? 'error'
                    : state === 'running'
                      ? 'play'
                      : 'clock'
              }
            />
            <span>{t('runs.from', { name: titleOf(id) })}</span>
            <small>{t(`stageState.${state}`)}</small>
            <progress
              value={state === 'done' ? 1 : pages > 0 ? pagesDone / pages : 0}
              aria-label={t('runs.progressOf', { name: titleOf(id) })}
            />
            <small>
              {pages > 0 &&
                t('runs.pages', { done: formatNumber(pagesDone), total: formatNumber(pages) })}
            </small>
          </li>
        ))}
      </ol>
    </details>
  )
}

function RunFiles({ runId, finished }: { runId: string; finished: boolean }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const files = useApi('runFiles', { params: { id: runId } }, { every: finished ? false : 3_000 })
  const items = files.data?.items ?? []
  if (items.length === 0) return null
  return (
    <section aria-labelledby="run-files">
      <h2 id="run-files">{t('runs.files')}</h2>
      <ul className="files">
        {items.map((file) => (
          <li key={file.id}>
            <Icon name="file" />
            <span>
              <strong>{file.name}</strong>
              <small>
                {t('runs.rows', { count: file.rows, n: formatNumber(file.rows) })} ·{' '}
                {formatBytes(file.bytes)}
              </small>
            </span>
            {may('runFileDownload') && (
              <a
                className="button plain"
                download={file.name}
                href={urlOf('runFileDownload', { id: runId, nodeId: file.nodeId })}
              >
                <Icon name="download" size={16} /> {t('runs.download')}
              </a>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
