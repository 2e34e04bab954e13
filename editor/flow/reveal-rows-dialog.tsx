/** Rows in the clear, for a reason that is written down. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Failure, Field } from '../ui/parts.tsx'
import { runDry } from './dry-run-store.ts'

const SHORTEST = 3

export function RevealRowsDialog({ until, onClose }: { until: string; onClose(): void }) {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const send = async () => {
    setBusy(true)
    try {
      await runDry({ until, reason })
      onClose()
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  return (
    <Dialog
      title={t('data.reveal')}
      onClose={onClose}
      actions={
        <Button
          kind="primary"
          busy={busy}
          disabled={reason.trim().length < SHORTEST}
          onClick={() => void send()}
        >
          {t('data.revealNow')}
        </Button>
      }
    >
      <p>{t('data.revealText')}</p>
      <Field label={t('data.reason')}>
        {(control) => (
          <input
            {...control}
            value={reason}
            maxLength={500}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
      {error !== undefined && <Failure error={error} />}
    </Dialog>
  )
}
