/** Someone else has changed the flow: what differs, and whose writing goes on. Nothing is lost. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { diffFlows } from '../document/diff-flows.ts'
import type { SaveState } from '../document/draft-saver.ts'
import { useFlow } from '../document/flow-store.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Badge } from '../ui/parts.tsx'
import { typeTitle } from '../words/node-words.ts'
import type { Draft } from './use-draft.ts'

type Conflict = Extract<SaveState, { kind: 'conflict' }>

export function ConflictDialog({ conflict, draft }: { conflict: Conflict; draft: Draft }) {
  const { t } = useTranslation()
  const [busy, setBusy] = useState(false)
  const mine = useFlow((state) => state.history.document)
  const catalog = useFlow((state) => state.catalog)
  const { steps, flowName, flowSettings } = diffFlows(mine, conflict.theirs)
  const settle = async (choice: 'mine' | 'theirs') => {
    setBusy(true)
    if (choice === 'theirs') {
      const { edit, renameFlow } = useFlow.getState()
      edit({ kind: 'replace', graph: conflict.theirs.graph }, { key: 'replace' })
      renameFlow(conflict.theirs.name)
    }
    await draft.saver?.resolve(choice)
  }
  return (
    <Dialog
      title={t('conflict.title')}
      size="large"
      actions={
        <>
          <Button busy={busy} onClick={() => void settle('theirs')}>
            {t('conflict.theirs')}
          </Button>
          <Button kind="primary" busy={busy} onClick={() => void settle('mine')}>
            {t('conflict.mine')}
          </Button>
        </>
      }
    >
      <p>{t('conflict.text')}</p>
      <table className="table">
        <thead>
          <tr>
            <th>{t('conflict.what')}</th>
            <th>{t('conflict.difference')}</th>
          </tr>
        </thead>
        <tbody>
          {flowName && (
            <tr>
              <td>{t('flow.name')}</td>
              <td>
                {mine.name} / {conflict.theirs.name}
              </td>
            </tr>
          )}
          {flowSettings && (
            <tr>
              <td>{t('flow.settings')}</td>
              <td>{t('conflict.part.settings')}</td>
            </tr>
          )}
          {steps.map(({ id, name, type, change, parts }) => {
            const entry = catalog.get(type)
            return (
              <tr key={id}>
                <td>{name || (entry ? typeTitle(entry) : type)}</td>
                <td>
                  {change === 'differs'
                    ? parts.map((part) => <Badge key={part}>{t(`conflict.part.${part}`)}</Badge>)
                    : t(`conflict.${change}`)}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Dialog>
  )
}
