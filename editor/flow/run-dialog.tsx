/** Before a run when the draft differs from what is published: publish first, or run what is there. */
import { useTranslation } from 'react-i18next'
import type { FlowView } from '../../engine/contract/api/flows.ts'
import { useFlow } from '../document/flow-store.ts'
import { useSession } from '../session/session.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Failure } from '../ui/parts.tsx'
import { ProblemList } from './flow-header.tsx'
import { usePublish } from './publish-dialog.tsx'
import type { Draft } from './use-draft.ts'

interface RunDialogProps {
  view: FlowView
  draft: Draft
  busy: boolean
  onRun(): void
  onClose(): void
}

export function RunDialog({ view, draft, busy, onRun, onClose }: RunDialogProps) {
  const { t } = useTranslation()
  const { mayEdit } = useSession()
  const publish = usePublish(view.id, draft)
  const problems = useFlow((state) => state.analysis?.problems) ?? []
  const errors = publish.error?.details.problems ?? problems.filter((p) => p.severity === 'error')
  const publishAndRun = async () => {
    if ((await publish.run('')) !== undefined) onRun()
  }
  return (
    <Dialog
      title={t('run.title')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          {view.published !== undefined && (
            <Button busy={busy} onClick={onRun}>
              {t('run.published', { version: view.published })}
            </Button>
          )}
          {mayEdit && (
            <Button
              kind="primary"
              busy={publish.isPending || busy}
              disabled={errors.length > 0}
              onClick={() => void publishAndRun()}
            >
              {t('run.publishAndRun')}
            </Button>
          )}
        </>
      }
    >
      <p>
        {view.published === undefined
          ? t('run.never')
          : t('run.ahead', { version: view.published })}
      </p>
      {errors.length > 0 && (
        <>
          <p className="error">{t('publish.blocked', { count: errors.length })}</p>
          <ProblemList problems={errors} onChosen={onClose} />
        </>
      )}
      {publish.error && !publish.error.details.problems && <Failure error={publish.error} />}
    </Dialog>
  )
}
