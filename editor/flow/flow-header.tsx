/** The head of a flow: name, what is saved, problems, and dry run, publish, run. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FlowView } from '../../engine/contract/api/flows.ts'
import type { Problem } from '../../engine/contract/problem.ts'
import { FINAL_STATES } from '../../engine/contract/run.ts'
import { useApi, useSend } from '../api/use-api.ts'
import { useCatalog } from '../api/use-catalog.ts'
import { useFlow } from '../document/flow-store.ts'
import { Link } from '../router.tsx'
import { useSession } from '../session/session.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { formatTime } from '../ui/format.ts'
import { Icon } from '../ui/icons.tsx'
import { announce, notify } from '../ui/notices.tsx'
import { Badge, RunBadge } from '../ui/parts.tsx'
import { Popover } from '../ui/popover.tsx'
import { useNarrow } from '../ui/use-narrow.ts'
import { problemText } from '../words/problem-words.ts'
import type { FlowCommands } from './flow-commands.ts'
import { runDry, useDryRun } from './dry-run-store.ts'
import { FlowSettingsDialog } from './flow-settings-dialog.tsx'
import { PublishDialog } from './publish-dialog.tsx'
import { RunDialog } from './run-dialog.tsx'
import type { FollowedRun } from './run-feed.tsx'
import type { Draft } from './use-draft.ts'

interface FlowHeaderProps {
  view: FlowView
  draft: Draft
  run: FollowedRun | undefined
  shown: 'canvas' | 'outline'
  onShow(view: 'canvas' | 'outline'): void
  commands: FlowCommands
  /** Absent where people may not be looked up. */
  onFollow?: () => void
  onRun(runId: string): void
  onShortcuts(): void
}

export function FlowHeader(props: FlowHeaderProps) {
  const { draft, run, shown, onShow, commands, onFollow, onRun, onShortcuts } = props
  const { t } = useTranslation()
  const narrow = useNarrow()
  const { mayEdit, mayOperate } = useSession()
  const [dialog, setDialog] = useState<'publish' | 'run' | 'settings'>()
  const flow = useApi('flowRead', { params: { id: props.view.id } })
  const view = flow.data ?? props.view
  const trying = useDryRun((state) => state.busy)
  const start = useSend('flowRun', ['runList', 'flowList'])
  const { byType } = useCatalog()
  const isLive = useFlow(({ history }) =>
    history.document.graph.nodes.some(({ type }) => byType.get(type)?.live),
  )
  const ahead = view.draftAhead || draft.state.kind !== 'saved'

  const dryRun = () =>
    runDry().then(
      ({ sampled }) => announce(t('spoken.previewed', { count: sampled })),
      // The drawer shows what went wrong.
      () => undefined,
    )
  const runNow = () =>
    start.mutate(
      { params: { id: view.id }, body: {} },
      {
        onSuccess: ({ id }) => {
          setDialog(undefined)
          onRun(id)
          notify(t('flow.runStarted'))
        },
        onError: (error) =>
          notify(`${error.message} ${error.details.fix ?? ''}`, { tone: 'error' }),
      },
    )
  const running = run !== undefined && !FINAL_STATES.has(run.state)
  return (
    <header className="flow-header">
      <Link
        href="/flows"
        className="icon-button"
        aria-label={t('flow.back')}
        title={t('flow.back')}
      >
        <Icon name="left" />
      </Link>
      <div className="flow-name">
        <h1 className="only-spoken">{view.name}</h1>
        <NameBox />
        <SaveText draft={draft} />
      </div>
      {!narrow && mayEdit && (
        <div className="row tight">
          <HistoryButtons commands={commands} />
        </div>
      )}
      <ProblemsButton />
      {!narrow && (
        <div className="segments small" role="radiogroup" aria-label={t('flow.view')}>
          {(['canvas', 'outline'] as const).map((name) => (
            <label key={name} className={shown === name ? 'chosen' : ''} title={t(`flow.${name}`)}>
              <input
                type="radio"
                name="flow-view"
                checked={shown === name}
                aria-label={t(`flow.${name}`)}
                onChange={() => onShow(name)}
              />
              <Icon name={name} size={16} />
            </label>
          ))}
        </div>
      )}
      {run && (
        <Link href={`/runs/${run.id}`} className="last-run" title={t('flow.lastRun')}>
          <RunBadge state={run.state} live={run.live} />
        </Link>
      )}
      <div className="row flow-actions">
        {!narrow && (
          <>
            <IconButton icon="keyboard" label={t('flow.shortcuts')} onClick={onShortcuts} />
            <IconButton
              icon="settings"
              label={t('flow.settings')}
              onClick={() => setDialog('settings')}
            />
          </>
        )}
        {onFollow && !narrow && (
          <IconButton icon="person" label={t('follow.title')} onClick={onFollow} />
        )}
        {mayOperate && (
          <Button id="preview-button" icon="eye" busy={trying} onClick={() => void dryRun()}>
            {t('flow.preview')}
          </Button>
        )}
        {mayEdit && <Button onClick={() => setDialog('publish')}>{t('flow.publish')}</Button>}
        {mayOperate && (
          <Button
            kind="primary"
            icon="play"
            busy={start.isPending}
            disabled={running}
            onClick={() => (ahead || view.published === undefined ? setDialog('run') : runNow())}
          >
            {isLive ? t('flow.goLive') : t('flow.run')}
          </Button>
        )}
      </div>
      {dialog === 'settings' && <FlowSettingsDialog onClose={() => setDialog(undefined)} />}
      {dialog === 'publish' && (
        <PublishDialog flowId={view.id} draft={draft} onClose={() => setDialog(undefined)} />
      )}
      {dialog === 'run' && (
        <RunDialog
          view={view}
          draft={draft}
          busy={start.isPending}
          onRun={runNow}
          onClose={() => setDialog(undefined)}
        />
      )}
    </header>
  )
}

function NameBox() {
  const { t } = useTranslation()
  const name = useFlow((state) => state.history.document.name)
  const readOnly = useFlow((state) => state.readOnly)
  const [typed, setTyped] = useState<string>()
  return (
    <input
      className="name-box"
      aria-label={t('flow.name')}
      value={typed ?? name}
      maxLength={120}
      readOnly={readOnly}
      onChange={(event) => setTyped(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur()
      }}
      onBlur={() => {
        if (typed !== undefined) useFlow.getState().renameFlow(typed)
        setTyped(undefined)
      }}
    />
  )
}

function SaveText({ draft: { state, saver } }: { draft: Draft }) {
  const { t } = useTranslation()
  const readOnly = useFlow((flow) => flow.readOnly)
  if (readOnly) return <small>{t('draft.readOnly')}</small>
  const text = {
    saved: () =>
      state.kind === 'saved' && state.at !== undefined
        ? t('draft.savedAt', { time: formatTime(state.at) })
        : t('draft.saved'),
    changed: () => t('draft.saving'),
    saving: () => t('draft.saving'),
    offline: () => t('draft.offline'),
    signed_out: () => t('draft.signedOut'),
    refused: () => t('draft.refused'),
    conflict: () => t('draft.conflict'),
  }[state.kind]()
  const isBad = !['saved', 'changed', 'saving'].includes(state.kind)
  return (
    <small
      className={isBad ? 'bad' : ''}
      role="status"
      title={state.kind === 'refused' ? state.message : undefined}
    >
      {text}{' '}
      {isBad && state.kind !== 'conflict' && (
        <button type="button" className="link" onClick={() => void saver?.flush()}>
          {t('ui.tryAgain')}
        </button>
      )}
    </small>
  )
}

function HistoryButtons({ commands }: { commands: FlowCommands }) {
  const { t } = useTranslation()
  const undo = useFlow((state) => state.history.past.at(-1)?.label)
  const redo = useFlow((state) => state.history.future[0]?.label)
  const what = (label: typeof undo) => (label ? t(`edits.${label.key}`, { ...label.values }) : '')
  return (
    <>
      <IconButton
        icon="undo"
        label={undo ? t('flow.undo', { what: what(undo) }) : t('flow.nothingToUndo')}
        disabled={!undo}
        onClick={commands.undo}
      />
      <IconButton
        icon="redo"
        label={redo ? t('flow.redo', { what: what(redo) }) : t('flow.nothingToRedo')}
        disabled={!redo}
        onClick={commands.redo}
      />
    </>
  )
}

function ProblemsButton() {
  const { t } = useTranslation()
  const problems = useFlow((state) => state.analysis?.problems)
  if (!problems) return null
  const errors = problems.filter((problem) => problem.severity === 'error').length
  if (problems.length === 0)
    return (
      <Badge tone="good" icon="check">
        {t('problems.none')}
      </Badge>
    )
  return (
    <Popover
      className={`problems-button ${errors > 0 ? 'error' : 'warning'}`}
      label={t('problems.button', { count: problems.length })}
      align="end"
      panelClassName="problems"
      button={
        <>
          <Icon name={errors > 0 ? 'error' : 'warning'} size={16} /> {problems.length}
        </>
      }
    >
      {(close) => <ProblemList problems={problems} onChosen={close} />}
    </Popover>
  )
}

/** Each problem leads to its step and setting. */
export function ProblemList({
  problems,
  onChosen,
}: {
  problems: readonly Problem[]
  onChosen?: () => void
}) {
  const { t } = useTranslation()
  return (
    <ul className="problem-list">
      {problems.map((problem, i) => {
        const { message, fix } = problemText(problem, t)
        return (
          <li key={i}>
            <button
              type="button"
              onClick={() => {
                onChosen?.()
                useFlow.getState().openStep(problem.nodeId, problem.path ?? '')
              }}
            >
              <span className={problem.severity}>
                <Icon name={problem.severity === 'error' ? 'error' : 'warning'} size={16} />
                <span className="only-spoken">{t(`problems.${problem.severity}`)}</span>
              </span>
              <span>
                {message}
                <small>{fix}</small>
              </span>
            </button>
          </li>
        )
      })}
    </ul>
  )
}
