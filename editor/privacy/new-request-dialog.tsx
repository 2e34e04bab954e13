/** Takes in a request that came by letter, mail or telephone. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  lawSchema,
  requestKindSchema,
  type Law,
  type RequestKind,
} from '../../engine/contract/api/requests.ts'
import { useSend } from '../api/use-api.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { notify } from '../ui/notices.tsx'
import { Failure, Field, Switch } from '../ui/parts.tsx'
import { PersonFields, type PersonDraft } from './person-fields.tsx'

interface Draft {
  kind: RequestKind
  law: Law
  needsApproval: boolean
  keepCounts: boolean
  trait: string
  right: string
}

const EMPTY: Draft = {
  kind: 'access',
  law: 'gdpr',
  needsApproval: false,
  keepCounts: false,
  trait: '',
  right: '',
}

export function NewRequestDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation()
  const [draft, setDraft] = useState(EMPTY)
  const [person, setPerson] = useState<PersonDraft>({ type: 'email', value: '' })
  const send = useSend('requestCreate', ['requestList'])
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change })
  const { kind, law, needsApproval } = draft
  const isReady = person.value.trim() !== '' && (kind !== 'rectification' || draft.trait !== '')
  const create = () =>
    send.mutate(
      { body: { kind, law, needsApproval, identifiers: [person], ...moreOf(draft) } },
      {
        onSuccess: () => {
          notify(t('requests.taken'))
          onClose()
        },
      },
    )
  const choice = <Value extends string>(
    name: 'kind' | 'law',
    values: readonly Value[],
    onChange: (value: Value) => void,
  ) => (
    <Field label={t(`requests.filter.${name}`)}>
      {(control) => (
        <select
          {...control}
          value={draft[name]}
          onChange={(event) => onChange(event.target.value as Value)}
        >
          {values.map((value) => (
            <option key={value} value={value}>
              {t(`requests.${name}.${value}`)}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
  return (
    <Dialog
      title={t('requests.new')}
      onClose={onClose}
      actions={
        <Button kind="primary" disabled={!isReady} busy={send.isPending} onClick={create}>
          {t('requests.take')}
        </Button>
      }
    >
      {choice('kind', requestKindSchema.options, (next) => set({ kind: next }))}
      <PersonFields person={person} onChange={setPerson} />
      {choice('law', lawSchema.options, (next) => set({ law: next }))}
      {kind === 'rectification' && <Correction draft={draft} onChange={set} />}
      {kind === 'erasure' && (
        <Switch
          checked={draft.keepCounts}
          onChange={(keepCounts) => set({ keepCounts })}
          label={t('requests.keepCounts')}
        />
      )}
      <Switch
        checked={needsApproval}
        onChange={(on) => set({ needsApproval: on })}
        label={t('requests.twoPeople')}
      />
      {send.error && <Failure error={send.error} />}
    </Dialog>
  )
}

const moreOf = ({ kind, keepCounts, trait, right }: Draft) => ({
  mode: keepCounts ? ('anonymise' as const) : ('erase' as const),
  purpose: '*',
  corrections: kind === 'rectification' ? { [trait]: right } : {},
})

function Correction({ draft, onChange }: { draft: Draft; onChange(change: Partial<Draft>): void }) {
  const { t } = useTranslation()
  return (
    <>
      <Field label={t('requests.trait')}>
        {(control) => (
          <input
            {...control}
            value={draft.trait}
            onChange={(event) => onChange({ trait: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('requests.right')}>
        {(control) => (
          <input
            {...control}
            value={draft.right}
            onChange={(event) => onChange({ right: event.target.value })}
          />
        )}
      </Field>
    </>
  )
}
