/** Saves the selected steps under a name, to be put into any flow. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fieldMessage } from '../api/api-failure.ts'
import { useSend } from '../api/use-api.ts'
import type { Clipping } from '../document/clipboard.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { notify } from '../ui/notices.tsx'
import { Failure, Field } from '../ui/parts.tsx'

export function SaveBlockDialog({ clipping, onClose }: { clipping: Clipping; onClose(): void }) {
  const { t } = useTranslation()
  const [name, setName] = useState('')
  const save = useSend('blockSave', ['blockList'])
  const { heddle: _, ...steps } = clipping
  const send = () =>
    save.mutate(
      { body: { name, steps } },
      {
        onSuccess: () => {
          notify(t('block.saved', { name }))
          onClose()
        },
      },
    )
  const nameError = fieldMessage(save.error, 'name')
  return (
    <Dialog
      title={t('block.save')}
      onClose={onClose}
      actions={
        <Button kind="primary" busy={save.isPending} disabled={name.trim() === ''} onClick={send}>
          {t('block.saveNow')}
        </Button>
      }
    >
      <p>{t('block.text', { count: steps.nodes.length })}</p>
      <Field label={t('block.name')} help={t('block.nameHelp')} error={nameError}>
        {(control) => (
          <input
            {...control}
            value={name}
            maxLength={120}
            onChange={(event) => setName(event.target.value)}
            onKeyDown={(event) => event.key === 'Enter' && name.trim() !== '' && send()}
          />
        )}
      </Field>
      {save.error && !nameError && <Failure error={save.error} />}
    </Dialog>
  )
}
