/** Why is this one person? Each joining with what led to it, and the way to take it back. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MergeView } from '../../engine/contract/api/identity.ts'
import { useApi, useSend } from '../api/use-api.ts'
import { useSession } from '../session/session.ts'
import { Button } from '../ui/button.tsx'
import { formatDate } from '../ui/format.ts'
import { notify } from '../ui/notices.tsx'
import { Failure, Skeleton } from '../ui/parts.tsx'
import { ReasonDialog } from './reason-dialog.tsx'

export function WhyOnePerson({ id }: { id: string }) {
  const { t } = useTranslation()
  const merges = useApi('mergeList', { params: { id } })
  const [asking, setAsking] = useState<MergeView>()
  if (merges.error) return <Failure error={merges.error} onRetry={() => void merges.refetch()} />
  if (!merges.data) return <Skeleton />
  return (
    <section aria-labelledby="why-one-person">
      <h2 id="why-one-person">{t('whyOne.title')}</h2>
      <p className="help">{t('whyOne.text')}</p>
      {merges.data.items.length === 0 ? (
        <p>{t('whyOne.none')}</p>
      ) : (
        <ol className="timeline">
          {merges.data.items.map((merge) => (
            <Joining key={merge.id} merge={merge} onUndo={() => setAsking(merge)} />
          ))}
        </ol>
      )}
      {asking && <UndoDialog id={id} merge={asking} onClose={() => setAsking(undefined)} />}
    </section>
  )
}

const listOf = (identifiers: MergeView['kept']): string =>
  identifiers.map(({ type, value }) => `${type} ${value}`).join(' · ')

function Joining({ merge, onUndo }: { merge: MergeView; onUndo(): void }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const { because, undone } = merge
  return (
    <li>
      <strong>
        {t('whyOne.joined')} {listOf(merge.joined)}
      </strong>
      <small>
        {formatDate(merge.at)} ·{' '}
        {because ? t('whyOne.because', { identifiers: listOf(because) }) : t('whyOne.unknown')}
      </small>
      {undone ? (
        <small>{t('whyOne.undone', { when: formatDate(undone.at), who: undone.by })}</small>
      ) : merge.undoable ? (
        may('mergeUndo') && <Button onClick={onUndo}>{t('whyOne.undo')}</Button>
      ) : (
        <small>{t('whyOne.later')}</small>
      )}
    </li>
  )
}

interface UndoProps {
  id: string
  merge: MergeView
  onClose(): void
}

function UndoDialog({ id, merge, onClose }: UndoProps) {
  const { t } = useTranslation()
  const undo = useSend('mergeUndo', ['mergeList', 'profileRead', 'consentHistory', 'auditList'])
  const take = (reason: string) =>
    undo.mutate(
      { params: { id, merge: merge.id }, body: { reason } },
      {
        onSuccess: () => {
          notify(t('whyOne.done'))
          onClose()
        },
      },
    )
  return (
    <ReasonDialog
      title={t('whyOne.undoTitle')}
      label={t('whyOne.reason')}
      action={t('whyOne.undo')}
      kind="danger"
      busy={undo.isPending}
      error={undo.error}
      onReason={take}
      onClose={onClose}
    >
      <p>{t('whyOne.undoText')}</p>
      <p>{listOf(merge.joined)}</p>
    </ReasonDialog>
  )
}
