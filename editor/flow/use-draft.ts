/** Keeps the open flow saved: connects the document to the server, the crash copy and the page's end. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FlowView } from '../../engine/contract/api/flows.ts'
import { ApiFailure } from '../api/api-failure.ts'
import { call, urlOf } from '../api/call.ts'
import type { Catalog } from '../document/can-connect.ts'
import { diffFlows, isSame } from '../document/diff-flows.ts'
import {
  createDraftSaver,
  type DraftSaver,
  type SaveResult,
  type SaveState,
} from '../document/draft-saver.ts'
import { useFlow } from '../document/flow-store.ts'
import type { FlowDocument } from '../document/history.ts'
import { dropLocalCopy, keepLocalCopy, readLocalCopy } from '../document/local-copy.ts'
import { notify } from '../ui/notices.tsx'

export interface Draft {
  state: SaveState
  saver: DraftSaver | undefined
}

const documentOf = (view: FlowView): FlowDocument => ({ name: view.name, graph: view.draft })

export function useDraft(view: FlowView, catalog: Catalog, readOnly: boolean): Draft {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [state, setState] = useState<SaveState>({ kind: 'saved', at: undefined })
  const saver = useRef<DraftSaver>(undefined)
  const { id } = view

  useEffect(() => {
    const stored = documentOf(view)
    const copy = readOnly ? undefined : readLocalCopy(id)
    const unsaved = copy && !isSame(diffFlows(copy.document, stored)) ? copy : undefined
    useFlow.getState().load(unsaved?.document ?? stored, catalog, readOnly)
    if (readOnly) return
    const draft = createDraftSaver(
      { document: stored, version: unsaved?.base ?? view.draftVersion },
      {
        save: (document, base) =>
          save(id, document, base, (saved) => client.setQueryData(['flowRead', { id }, {}], saved)),
        async readTheirs() {
          const theirs = await call('flowRead', { params: { id } })
          return { document: documentOf(theirs), version: theirs.draftVersion }
        },
        keepCopy: (document, base) => keepLocalCopy(id, document, base),
        dropCopy: () => dropLocalCopy(id),
        onState: setState,
        now: Date.now,
      },
    )
    saver.current = draft
    if (unsaved) {
      draft.changed(unsaved.document)
      notify(t('draft.restored'))
    }
    const stopWatching = useFlow.subscribe((now, before) => {
      if (now.history.document !== before.history.document) draft.changed(now.history.document)
    })
    const online = () => void draft.flush()
    const leave = () => sendLast(id, draft)
    window.addEventListener('online', online)
    window.addEventListener('pagehide', leave)
    return () => {
      stopWatching()
      window.removeEventListener('online', online)
      window.removeEventListener('pagehide', leave)
      void draft.flush().then(() => {
        draft.stop()
        for (const read of ['flowRead', 'flowList'])
          void client.invalidateQueries({ queryKey: [read] })
      })
    }
    // The document lives in the store from here on; a later read of the flow must not reload it.
  }, [id, readOnly])

  return { state, saver: saver.current }
}

async function save(
  id: string,
  document: FlowDocument,
  base: number,
  onSaved: (view: FlowView) => void,
): Promise<SaveResult> {
  try {
    const body = { base, name: document.name, graph: document.graph }
    const saved = await call('flowWrite', { params: { id }, body })
    onSaved(saved)
    return { kind: 'saved', version: saved.draftVersion }
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error
    if (error.offline) return { kind: 'offline' }
    if (error.status === 409) return { kind: 'conflict' }
    if (error.status === 401) return { kind: 'signed_out' }
    return { kind: 'refused', message: error.message }
  }
}

/** Browsers let a last call outlive the page, but only a small one; the crash copy has the rest. */
const LAST_CALL_BYTES = 60_000

function sendLast(id: string, draft: DraftSaver): void {
  const pending = draft.pending()
  if (!pending) return
  const { document, base } = pending
  const body = JSON.stringify({ base, name: document.name, graph: document.graph })
  if (body.length > LAST_CALL_BYTES) return
  void fetch(urlOf('flowWrite', { id }), {
    method: 'PUT',
    body,
    headers: { 'content-type': 'application/json' },
    keepalive: true,
  })
}
