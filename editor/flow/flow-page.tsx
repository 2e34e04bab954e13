/** One flow: canvas or outline, palette, settings of a step, dry run, and what is done with it. */
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FlowView } from '../../engine/contract/api/flows.ts'
import type { CatalogEntry } from '../../engine/contract/catalog.ts'
import type { FlowGraph } from '../../engine/contract/flow.ts'
import { useApi } from '../api/use-api.ts'
import { useCatalog } from '../api/use-catalog.ts'
import { Canvas } from '../canvas/canvas.tsx'
import { DRAG_TYPE } from '../canvas/use-gestures.ts'
import { CanvasActionsContext, type CanvasActions } from '../canvas/canvas-actions.ts'
import { clearCounts, markStale } from '../canvas/counts-store.ts'
import { FindBar } from '../canvas/find-bar.tsx'
import { focusStep } from '../canvas/use-canvas-keys.ts'
import { withoutLayout } from '../document/diff-flows.ts'
import type { Clipping } from '../document/clipboard.ts'
import { useFlow, useGraph } from '../document/flow-store.ts'
import { Inspector } from '../inspector/inspector.tsx'
import { Outline } from '../outline/outline.tsx'
import { Palette } from '../palette/palette.tsx'
import { useSession } from '../session/session.ts'
import { EmptyState, Failure, Skeleton } from '../ui/parts.tsx'
import { useNarrow } from '../ui/use-narrow.ts'
import { nodeTitle } from '../words/node-words.ts'
import { closeDryRun, isTrying, showFate, useDryRun } from './dry-run-store.ts'
import { DataDrawer } from './data-drawer.tsx'
import { FollowDialog } from './follow-dialog.tsx'
import { ConflictDialog } from './conflict-dialog.tsx'
import { looseEnd, mayFollow, useFlowCommands } from './flow-commands.ts'
import { FlowHeader } from './flow-header.tsx'
import { ShortcutsDialog } from './shortcuts-dialog.tsx'
import { StepPicker } from './step-picker.tsx'
import { useAnalysis } from './use-analysis.ts'
import { useDraft } from './use-draft.ts'
import { useEstimates } from './use-estimate.ts'
import { RunFeed, useFollowedRun } from './run-feed.tsx'
import { SaveBlockDialog } from './save-block-dialog.tsx'
import { selectAll, useFlowKeys } from './use-flow-keys.ts'
import { useFlowPalette } from './use-flow-palette.ts'
import { readTarget, useAddChoices, useConnectChoices, type AddPlace } from './use-step-choices.ts'
import './flow.css'
import './data.css'

export function FlowPage({ id }: { id: string }) {
  const flow = useApi('flowRead', { params: { id } })
  const catalog = useCatalog()
  // An editor that is open stays open when a later look at the server fails.
  if (flow.error && flow.data?.id !== id)
    return <Failure error={flow.error} onRetry={() => void flow.refetch()} />
  if (catalog.error && !catalog.ready) return <Failure error={catalog.error} />
  if (!flow.data || flow.data.id !== id || !catalog.ready) return <Skeleton rows={8} />
  return <Editor key={id} view={flow.data} {...catalog} />
}

type Ready = ReturnType<typeof useCatalog>

function Editor({ view, entries, byType, broken }: Ready & { view: FlowView }) {
  const { t } = useTranslation()
  const { mayEdit, mayOperate, may } = useSession()
  const narrow = useNarrow()
  const graph = useGraph()
  const open = useFlow((state) => state.open)
  const draft = useDraft(view, byType, !mayEdit)
  const commands = useFlowCommands()
  const [shown, setShown] = useState<'canvas' | 'outline'>('canvas')
  const [adding, setAdding] = useState<AddPlace>()
  const [connecting, setConnecting] = useState<string>()
  const trying = useDryRun((state) => isTrying(state))
  const [following, setFollowing] = useState(false)
  const [shortcuts, setShortcuts] = useState(false)
  const [runId, setRunId] = useState<string | undefined>(view.lastRun?.id)
  const run = useFollowedRun((state) => state.run)
  useEffect(() => useFlow.getState().setCatalog(byType), [byType])
  useAnalysis()
  const [finding, setFinding] = useState(false)
  const [block, setBlock] = useState<Clipping>()
  const saver = draft.saver
  const keys = useMemo(
    () => ({
      commands,
      onShortcuts: () => setShortcuts(true),
      onFind: () => setFinding(true),
      onOutline: () => setShown((now) => (now === 'canvas' ? 'outline' : 'canvas')),
      onPreview: () => document.getElementById('preview-button')?.click(),
      flush: () => saver?.flush(),
    }),
    [commands, saver],
  )
  useFlowKeys(keys)
  const acts = useMemo(
    () => ({
      find: keys.onFind,
      outline: keys.onOutline,
      help: keys.onShortcuts,
      ...(mayEdit
        ? {
            undo: commands.undo,
            redo: commands.redo,
            tidy: commands.tidy,
            group: commands.group,
            duplicate: commands.duplicate,
            selectAll,
            save: keys.flush,
          }
        : {}),
      preview: keys.onPreview,
    }),
    [commands, keys, mayEdit],
  )
  useFlowPalette(acts)
  useStaleCounts(graph)
  const [asked] = useState(() => new URLSearchParams(location.search).get('step'))
  useEffect(() => {
    if (asked) useFlow.getState().openStep(asked, '')
    return clearCounts
  }, [asked])
  useEffect(() => closeDryRun, [])
  const countAll = useEstimates(graph, mayOperate)

  const actions = useMemo<CanvasActions>(
    () => ({
      openStep: (id) => useFlow.getState().openStep(id),
      addInto: (wire) => setAdding({ kind: 'into', wire }),
      addAfter: (from) => setAdding({ kind: 'after', from }),
      connectFrom: setConnecting,
      remove: commands.remove,
      cutWire: commands.cutWire,
      addNote: commands.addNote,
      group: commands.group,
      ungroup: commands.ungroup,
      duplicate: commands.duplicate,
      saveBlock: () => setBlock(commands.clipping()),
      find: () => setFinding(true),
      showPeople: (node, port) =>
        void showFate(node, port === undefined ? undefined : { kind: 'out', key: port }),
    }),
    [commands],
  )
  const add = (entry: CatalogEntry, place: AddPlace) => {
    if (place.kind === 'into') return commands.addInto(place.wire, entry)
    return place.kind === 'after'
      ? commands.addAfter(place.from, entry)
      : commands.addFromPalette(entry)
  }
  const events = useMemo(
    () => ({
      onPlace: commands.place,
      onDropOnWire: commands.spliceInto,
      onConnect: commands.connect,
      onTidy: commands.tidy,
      onCount: countAll,
    }),
    [commands, countAll],
  )
  const asOutline = narrow || shown === 'outline'
  const after = useAfter(open, graph)
  return (
    <div className="flow-page">
      <RunFeed runId={runId} />
      <FlowHeader
        view={view}
        draft={draft}
        run={run}
        shown={asOutline ? 'outline' : 'canvas'}
        onShow={setShown}
        commands={commands}
        {...(may('flowFollow') ? { onFollow: () => setFollowing(true) } : {})}
        onRun={(id) => {
          closeDryRun()
          setRunId(id)
        }}
        onShortcuts={() => setShortcuts(true)}
      />
      <div className="flow-body">
        {!asOutline && mayEdit && (
          <Palette
            entries={entries}
            broken={broken}
            dragType={DRAG_TYPE}
            onAdd={commands.addFromPalette}
            onInsert={commands.insertBlock}
            after={after}
          />
        )}
        <main className="flow-main">
          {asOutline ? (
            <Outline
              onAdd={() => setAdding({ kind: 'anywhere' })}
              onAddAfter={(from) => setAdding({ kind: 'after', from })}
              onAddInto={(wire) => setAdding({ kind: 'into', wire })}
              onConnect={setConnecting}
              onShowData={mayOperate ? (id) => void showFate(id) : undefined}
              commands={commands}
            />
          ) : (
            <CanvasActionsContext value={mayEdit ? actions : undefined}>
              <Canvas
                label={t('canvas.label', { name: view.name })}
                {...(mayEdit ? { events } : {})}
              />
              {finding && <FindBar onClose={() => setFinding(false)} />}
              {graph.nodes.length === 0 && (
                <div className="canvas-empty">
                  <EmptyState
                    icon="flows"
                    title={t('flow.emptyTitle')}
                    text={t('flow.emptyText')}
                  />
                </div>
              )}
            </CanvasActionsContext>
          )}
          {trying && <DataDrawer onClose={clearCounts} />}
        </main>
        {open !== undefined && (
          <Inspector
            onRemove={(id) => commands.remove([id])}
            {...(mayOperate ? { onShowData: (id: string) => void showFate(id) } : {})}
            onClose={() => {
              useFlow.getState().openStep(undefined)
              focusStep(open)
            }}
          />
        )}
      </div>
      {adding && (
        <AddDialog
          place={adding}
          entries={entries}
          onClose={() => setAdding(undefined)}
          onChoose={(entry) => {
            setAdding(undefined)
            add(entry, adding)
          }}
        />
      )}
      {connecting !== undefined && (
        <ConnectDialog
          from={connecting}
          onClose={() => setConnecting(undefined)}
          onChoose={(choice) => {
            const { fromPort, to } = readTarget(choice)
            setConnecting(undefined)
            commands.connect({ node: connecting, port: fromPort }, to)
          }}
        />
      )}
      {draft.state.kind === 'conflict' && <ConflictDialog conflict={draft.state} draft={draft} />}
      {following && <FollowDialog onClose={() => setFollowing(false)} />}
      {block && <SaveBlockDialog clipping={block} onClose={() => setBlock(undefined)} />}
      {shortcuts && <ShortcutsDialog onClose={() => setShortcuts(false)} />}
    </div>
  )
}

/** The step a new one would follow, for the list of steps. */
function useAfter(open: string | undefined, graph: FlowGraph) {
  const catalog = useFlow((state) => state.catalog)
  return useMemo(() => {
    const from = looseEnd()
    const node = graph.nodes.find(({ id }) => id === (from?.node ?? open))
    if (!from || !node) return undefined
    return {
      name: nodeTitle(node, catalog.get(node.type)),
      mayFollow: (entry: CatalogEntry) => mayFollow(from, entry),
    }
  }, [open, graph, catalog])
}

/** Numbers are out of date once anything but the layout has changed. */
function useStaleCounts(graph: ReturnType<typeof useGraph>): void {
  const content = withoutLayout(graph)
  const [first] = useState(() => ({ content }))
  useEffect(() => {
    if (first.content === content) return
    first.content = content
    markStale()
  }, [content, first])
}

function AddDialog({
  place,
  entries,
  onChoose,
  onClose,
}: {
  place: AddPlace
  entries: readonly CatalogEntry[]
  onChoose(entry: CatalogEntry): void
  onClose(): void
}) {
  const { t } = useTranslation()
  const choices = useAddChoices(place, entries)
  return (
    <StepPicker
      title={t('palette.addStep')}
      choices={choices}
      onClose={onClose}
      onChoose={(type) => {
        const entry = entries.find((known) => known.type === type)
        if (entry) onChoose(entry)
      }}
    />
  )
}

function ConnectDialog({
  from,
  onChoose,
  onClose,
}: {
  from: string
  onChoose(choice: string): void
  onClose(): void
}) {
  const { t } = useTranslation()
  const choices = useConnectChoices(from)
  return (
    <StepPicker
      title={t('canvas.connectTo')}
      tellsRefusals
      choices={choices}
      onChoose={onChoose}
      onClose={onClose}
    />
  )
}
