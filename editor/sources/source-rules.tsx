/** What a source may send: its name, whether it is on, from which sites, and how much. */
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { SourceView } from '../../engine/contract/api/sources.ts'
import { useSend } from '../api/use-api.ts'
import { useSession } from '../session/session.ts'
import { Button } from '../ui/button.tsx'
import { notify } from '../ui/notices.tsx'
import { Failure, Field, Switch } from '../ui/parts.tsx'

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

export function SourceRules({ source }: { source: SourceView }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const change = useSend('sourceChange', ['sourceRead', 'sourceList'])
  const [name, setName] = useState(source.name)
  const [on, setOn] = useState(!source.disabled)
  const [origins, setOrigins] = useState(source.allowedOrigins.join('\n'))
  const [rate, setRate] = useState(String(source.ratePerSecond))
  const save = (event: FormEvent) => {
    event.preventDefault()
    const body = {
      name,
      disabled: !on,
      allowedOrigins: linesOf(origins),
      ratePerSecond: Number(rate) || 0,
    }
    change.mutate(
      { params: { id: source.id }, body },
      { onSuccess: () => notify(t('sources.saved')) },
    )
  }
  return (
    <form className="form-narrow" onSubmit={save}>
      <Switch checked={on} onChange={setOn} label={t('sources.takesEvents')} />
      <Field label={t('sources.name')}>
        {(control) => (
          <input
            {...control}
            required
            maxLength={120}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field label={t('sources.origins')} help={t('sources.originsHelp')}>
        {(control) => (
          <textarea
            {...control}
            rows={4}
            placeholder="https://shop.example.com"
            value={origins}
            onChange={(event) => setOrigins(event.target.value)}
          />
        )}
      </Field>
      <Field label={t('sources.rate')} help={t('sources.rateHelp')}>
        {(control) => (
          <input
            {...control}
            type="number"
            min={0}
            max={1_000_000}
            value={rate}
            onChange={(event) => setRate(event.target.value)}
          />
        )}
      </Field>
      {change.error && <Failure error={change.error} />}
      {may('sourceChange') && (
        <div className="row">
          <Button kind="primary" type="submit" busy={change.isPending}>
            {t('sources.save')}
          </Button>
        </div>
      )}
    </form>
  )
}
