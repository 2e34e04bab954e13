/** What the dry run found at a step: the rows of each fate with its reason, payloads, kept tests. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CountTable } from '../canvas/count-badge.tsx'
import { withoutLayout } from '../document/diff-flows.ts'
import { useFlow, useGraph } from '../document/flow-store.ts'
import { readingOrder } from '../document/walk-focus.ts'
import { useSession } from '../session/session.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { formatNumber } from '../ui/format.ts'
import { Badge, Failure, Skeleton, Tabs } from '../ui/parts.tsx'
import { nodeTitle } from '../words/node-words.ts'
import { closeDryRun, runDry, useDryRun } from './dry-run-store.ts'
import { FateRows } from './fate-rows.tsx'
import { KeptTests } from './kept-tests.tsx'
import { RevealRowsDialog } from './reveal-rows-dialog.tsx'

type Tab = 'rows' | 'payloads' | 'tests'

export function DataDrawer({ onClose }: { onClose(): void }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const graph = useGraph()
  const catalog = useFlow((state) => state.catalog)
  const open = useFlow((state) => state.open)
  const { preview, content, revealed, busy, error, node: asked } = useDryRun()
  const [tab, setTab] = useState<Tab>('rows')
  const [revealing, setRevealing] = useState(false)
  const steps = readingOrder(graph)
  const current = asked ?? open ?? steps.at(-1)?.id ?? ''
  const node = steps.find((step) => step.id === current)
  const entry = catalog.get(node?.type ?? '')
  const payloads = preview?.payloads[current]
  const stale = preview !== undefined && content !== withoutLayout(graph)
  const tabs: Array<{ id: Tab; text: string }> = [
    { id: 'rows', text: t('data.rows') },
    ...(entry?.effects === 'sends'
      ? [{ id: 'payloads' as const, text: t('preview.wouldSend') }]
      : []),
    { id: 'tests', text: t('tests.title') },
  ]
  const shown = tabs.some(({ id }) => id === tab) ? tab : 'rows'
  return (
    <section className="drawer" aria-label={t('preview.title')} aria-busy={busy}>
      <header>
        <h2>{t('preview.title')}</h2>
        <select
          aria-label={t('preview.step')}
          value={current}
          onChange={(event) => useDryRun.setState({ node: event.target.value, fate: undefined })}
        >
          {steps.map((step) => (
            <option key={step.id} value={step.id}>
              {nodeTitle(step, catalog.get(step.type))}
            </option>
          ))}
        </select>
        <Tabs<Tab> tabs={tabs} current={shown} onChoose={setTab} label={t('preview.title')} />
        <Button kind="quiet" icon="play" busy={busy} onClick={() => void again(current)}>
          {t('data.upToHere')}
        </Button>
        {preview && !revealed && may('flowPreviewReveal') && (
          <Button kind="quiet" icon="eye" onClick={() => setRevealing(true)}>
            {t('data.reveal')}
          </Button>
        )}
        <Facts sampled={preview?.sampled} stale={stale} revealed={revealed} />
        <IconButton
          icon="close"
          label={t('ui.close')}
          onClick={() => {
            closeDryRun()
            onClose()
          }}
        />
      </header>
      <div className="drawer-body">
        {error !== undefined && !busy && (
          <Failure error={error} onRetry={() => void again(current)} />
        )}
        {!preview && busy && <Skeleton rows={4} />}
        {shown === 'tests' && <KeptTests node={current} />}
        {preview && !preview.counts[current] && shown === 'rows' && (
          <p className="help">{t('data.notSetUp')}</p>
        )}
        {preview?.counts[current] && shown === 'rows' && (
          <>
            <CountTable counts={preview.counts[current]} entry={entry} />
            <FateRows key={current} preview={preview} node={current} entry={entry} />
          </>
        )}
        {shown === 'payloads' && (
          <div className="payloads">
            {(payloads ?? []).map((payload, i) => (
              <pre key={i}>{payload}</pre>
            ))}
            {!payloads?.length && <p className="help">{t('preview.nothingToSend')}</p>}
          </div>
        )}
      </div>
      {revealing && <RevealRowsDialog until={current} onClose={() => setRevealing(false)} />}
    </section>
  )
}

const again = (until: string) => runDry({ until }).catch(() => undefined)

function Facts({
  sampled,
  stale,
  revealed,
}: {
  sampled: number | undefined
  stale: boolean
  revealed: boolean
}) {
  const { t } = useTranslation()
  return (
    <span className="drawer-facts">
      {sampled !== undefined && (
        <span className="help">
          {t('preview.sampled', { count: sampled, n: formatNumber(sampled) })}
        </span>
      )}
      {stale && <Badge tone="warn">{t('counts.stale')}</Badge>}
      {revealed && (
        <Badge tone="warn" icon="eye">
          {t('data.revealed')}
        </Badge>
      )}
      <Badge tone="good" icon="lock">
        {t('preview.nothingSent')}
      </Badge>
    </span>
  )
}
