/** Asks for the reason of something that is written into the audit log. */
import { useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Failure, Field } from '../ui/parts.tsx'

interface ReasonDialogProps {
  title: string
  /** What the reason is asked for. */
  label: string
  help?: string
  /** The word on the button. */
  action: string
  kind: 'primary' | 'danger'
  busy: boolean
  error: unknown
  onReason(reason: string): void
  onClose(): void
  children?: ReactNode
}

export function ReasonDialog(props: ReasonDialogProps) {
  const { title, label, help, action, kind, busy, error, onReason, onClose, children } = props
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onReason(reason)
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit}>
        {children}
        <Field label={label} help={help}>
          {(control) => (
            <input
              {...control}
              autoFocus
              required
              minLength={3}
              maxLength={300}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        {error != null && <Failure error={error} />}
        <div className="row end">
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button kind={kind} type="submit" busy={busy}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
