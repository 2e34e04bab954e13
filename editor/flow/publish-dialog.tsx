/** Freezes the draft as a new version, or shows what stands in the way. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSend } from '../api/use-api.ts'
import { useFlow } from '../document/flow-store.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { notify } from '../ui/notices.tsx'
import { Failure, Field } from '../ui/parts.tsx'
import { Impact } from './impact.tsx'
import { TestsBefore } from './tests-before.tsx'
import { ProblemList } from './flow-header.tsx'
import type { Draft } from './use-draft.ts'

export function usePublish(flowId: string, draft: Draft) {
  const publish = useSend('flowPublish', ['flowRead', 'flowList', 'flowVersions'])
  return {
    ...publish,
    /** Saves first, so that what is published is what is seen. */
    async run(note: string): Promise<number | undefined> {
      await draft.saver?.flush()
      if (!draft.saver || draft.saver.pending()) return undefined
      const body = {
        base: draft.saver.version(),
        ...(note.trim() === '' ? {} : { note: note.trim() }),
      }
      return publish.mutateAsync({ params: { id: flowId }, body }).then(
        ({ version }) => version,
        () => undefined,
      )
    },
  }
}

export function PublishDialog({
  flowId,
  draft,
  onClose,
}: {
  flowId: string
  draft: Draft
  onClose(): void
}) {
  const { t } = useTranslation()
  const [note, setNote] = useState('')
  const problems = useFlow((state) => state.analysis?.problems) ?? []
  const errors = problems.filter((problem) => problem.severity === 'error')
  const publish = usePublish(flowId, draft)
  const refused = publish.error?.details.problems
  const go = async () => {
    const version = await publish.run(note)
    if (version === undefined) return
    notify(t('publish.done', { version }))
    onClose()
  }
  return (
    <Dialog
      title={t('publish.title')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button
            kind="primary"
            busy={publish.isPending}
            disabled={errors.length > 0}
            onClick={() => void go()}
          >
            {t('flow.publish')}
          </Button>
        </>
      }
    >
      <p>{t('publish.text')}</p>
      {(refused ?? errors).length > 0 ? (
        <>
          <p className="error">{t('publish.blocked', { count: (refused ?? errors).length })}</p>
          <ProblemList problems={refused ?? errors} onChosen={onClose} />
        </>
      ) : (
        <Field label={t('publish.note')} help={t('publish.noteHelp')}>
          {(control) => (
            <textarea
              {...control}
              rows={3}
              maxLength={500}
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          )}
        </Field>
      )}
      <Impact />
      <TestsBefore />
      {publish.error && !refused && <Failure error={publish.error} />}
    </Dialog>
  )
}
