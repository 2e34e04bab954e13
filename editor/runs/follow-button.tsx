/** Why did this person (not) get it in this run? */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FollowDialog } from '../flow/follow-dialog.tsx'
import { useSession } from '../session/session.ts'
import { Button } from '../ui/button.tsx'

export function FollowButton({ runId }: { runId: string }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const [open, setOpen] = useState(false)
  if (!may('flowFollow')) return null
  return (
    <>
      <Button icon="person" onClick={() => setOpen(true)}>
        {t('follow.short')}
      </Button>
      {open && <FollowDialog run={runId} onClose={() => setOpen(false)} />}
    </>
  )
}
