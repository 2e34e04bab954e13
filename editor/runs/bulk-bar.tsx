/** One action for several runs; what became of each is told, also of those it could not touch. */
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiFailure } from '../api/api-failure.ts'
import { call } from '../api/call.ts'
import type { RunView } from '../api/use-run-stream.ts'
import { Button } from '../ui/button.tsx'
import { formatDate } from '../ui/format.ts'
import { Badge, RunBadge } from '../ui/parts.tsx'
import { mayAct, RUN_ACTION_IDS, RUN_ACTIONS, type RunActionId } from './run-actions.ts'

interface Outcome {
  run: RunView
  /** The run afterwards; a failure where it could not be done. */
  after: RunView | ApiFailure
}

export function BulkBar({ runs, onClear }: { runs: readonly RunView[]; onClear(): void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [busy, setBusy] = useState<RunActionId>()
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>([])
  const act = async (id: RunActionId) => {
    setBusy(id)
    setOutcomes(await actOnAll(id, runs))
    setBusy(undefined)
    await client.invalidateQueries({ queryKey: ['runList'] })
  }
  if (runs.length === 0 && outcomes.length === 0) return null
  return (
    <section className="bulk" aria-label={t('bulk.title')}>
      {runs.length > 0 && (
        <div className="row">
          <strong>{t('selection.count', { count: runs.length })}</strong>
          {RUN_ACTION_IDS.map((id) => {
            const able = runs.filter((run) => mayAct(id, run.state)).length
            return (
              <Button
                key={id}
                icon={RUN_ACTIONS[id].icon}
                kind={id === 'runCancel' ? 'danger' : 'plain'}
                busy={busy === id}
                disabled={able === 0 || busy !== undefined}
                onClick={() => void act(id)}
              >
                {t('bulk.act', { action: t(`runs.${RUN_ACTIONS[id].name}`), count: able })}
              </Button>
            )
          })}
          <Button kind="quiet" onClick={onClear}>
            {t('bulk.clear')}
          </Button>
        </div>
      )}
      <ul role="status" className="bulk-outcomes">
        {outcomes.map(({ run, after }) => (
          <li key={run.id}>
            {run.flowName} <small>{formatDate(run.startedAt)}</small>{' '}
            {after instanceof ApiFailure ? (
              <Badge tone="bad" icon="error">
                {after.message}
              </Badge>
            ) : (
              <RunBadge state={after.state} live={after.live} />
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Only those the action fits; one after the other, so that a full server is not hurried. */
async function actOnAll(id: RunActionId, runs: readonly RunView[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const run of runs.filter(({ state }) => mayAct(id, state))) {
    const after = await call(id, { params: { id: run.id } }).catch((error: unknown) => {
      if (error instanceof ApiFailure) return error
      throw error
    })
    outcomes.push({ run, after })
  }
  return outcomes
}
