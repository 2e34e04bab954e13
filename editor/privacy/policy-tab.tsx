/** The privacy policy in plain words: for each purpose its basis, where it differs, and what people
 *  are told. Saving makes a new version; earlier ones are kept. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PolicyView } from '../../engine/contract/api/consent.ts'
import type { Purpose } from '../../engine/contract/api/workspace.ts'
import type { Policy } from '../../engine/contract/policy.ts'
import { useApi, useSend } from '../api/use-api.ts'
import { Link } from '../router.tsx'
import { useSession } from '../session/session.ts'
import { Button } from '../ui/button.tsx'
import { formatDate } from '../ui/format.ts'
import { notify } from '../ui/notices.tsx'
import { Badge, EmptyState, Failure, Field, Skeleton } from '../ui/parts.tsx'
import { rulesOf } from './policy-draft.ts'
import './privacy.css'
import { PurposeCard } from './purpose-card.tsx'

export function PolicyTab() {
  const read = useApi('policyRead')
  if (read.error) return <Failure error={read.error} onRetry={() => void read.refetch()} />
  if (!read.data) return <Skeleton rows={6} />
  const { policy, purposes } = read.data
  return <PolicyForm key={policy.version} stored={policy} purposes={purposes} />
}

const bare = ({ version: _, changedAt: __, changedBy: ___, ...policy }: PolicyView): Policy =>
  policy

function PolicyForm({ stored, purposes }: { stored: PolicyView; purposes: Purpose[] }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const write = useSend('policyWrite', ['policyRead', 'policyVersions'])
  const [policy, setPolicy] = useState(() => bare(stored))
  const readOnly = !may('policyWrite')
  const changed = JSON.stringify(policy) !== JSON.stringify(bare(stored))
  const save = () =>
    write.mutate(
      { body: { base: stored.version, policy } },
      { onSuccess: () => notify(t('ui.saved')) },
    )
  return (
    <section className="policy">
      <p className="help">
        {t('privacy.policyText')} <Link href="/settings/purposes">{t('privacy.editPurposes')}</Link>
      </p>
      <p className="policy-version">
        <Badge tone="info">{t('privacy.version', { version: stored.version })}</Badge>{' '}
        {stored.version > 0 &&
          t('privacy.changed', { who: stored.changedBy, at: formatDate(stored.changedAt) })}
      </p>
      {purposes.length === 0 && <EmptyState icon="consent" title={t('privacy.noPurposes')} />}
      {purposes.map((purpose) => (
        <PurposeCard
          key={purpose.key}
          purpose={purpose}
          policy={policy}
          readOnly={readOnly}
          needsAnswer={rulesOf(policy, purpose.key).length === 0}
          onChange={setPolicy}
        />
      ))}
      <Controller policy={policy} readOnly={readOnly} onChange={setPolicy} />
      {write.error && <Failure error={write.error} />}
      {!readOnly && (
        <div className="row policy-save">
          <Button kind="primary" disabled={!changed} busy={write.isPending} onClick={save}>
            {t('privacy.save')}
          </Button>
          {changed && <span className="help">{t('privacy.unsaved')}</span>}
        </div>
      )}
      <Versions current={stored.version} />
    </section>
  )
}

interface PartProps {
  policy: Policy
  readOnly: boolean
  onChange(policy: Policy): void
}

function Controller({ policy, readOnly, onChange }: PartProps) {
  const { t } = useTranslation()
  const { controller } = policy
  const field = (name: keyof typeof controller) => (
    <Field label={t(`privacy.controller.${name}`)}>
      {(control) => (
        <input
          {...control}
          readOnly={readOnly}
          value={controller[name]}
          onChange={(event) =>
            onChange({ ...policy, controller: { ...controller, [name]: event.target.value } })
          }
        />
      )}
    </Field>
  )
  return (
    <section className="row-card" aria-labelledby="controller">
      <h3 id="controller">{t('privacy.controllerTitle')}</h3>
      <p className="help">{t('privacy.controllerText')}</p>
      <div className="policy-grid">
        {field('name')}
        {field('contact')}
        {field('address')}
        <Field label={t('privacy.storage')} help={t('privacy.storageHelp')}>
          {(control) => (
            <input
              {...control}
              readOnly={readOnly}
              value={policy.storage}
              onChange={(event) => onChange({ ...policy, storage: event.target.value })}
            />
          )}
        </Field>
        <SensitiveTraits policy={policy} readOnly={readOnly} onChange={onChange} />
      </div>
    </section>
  )
}

const splitNames = (text: string): string[] => [
  ...new Set(
    text
      .split(/[,，\n]/)
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  ),
]

function SensitiveTraits({ policy, readOnly, onChange }: PartProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(policy.sensitiveTraits.join(', '))
  return (
    <Field label={t('privacy.sensitive')} help={t('privacy.sensitiveHelp')}>
      {(control) => (
        <input
          {...control}
          readOnly={readOnly}
          value={typed}
          placeholder={t('privacy.sensitiveExample')}
          onChange={(event) => {
            setTyped(event.target.value)
            onChange({ ...policy, sensitiveTraits: splitNames(event.target.value) })
          }}
        />
      )}
    </Field>
  )
}

function Versions({ current }: { current: number }) {
  const { t } = useTranslation()
  const versions = useApi('policyVersions')
  const older = (versions.data?.items ?? []).filter(({ version }) => version !== current)
  if (older.length === 0) return null
  return (
    <details>
      <summary>{t('privacy.earlier')}</summary>
      <ul className="plain-list">
        {older.map(({ version, changedAt, changedBy }) => (
          <li key={version}>
            {t('privacy.version', { version })}:{' '}
            {t('privacy.changed', { who: changedBy, at: formatDate(changedAt) })}
          </li>
        ))}
      </ul>
    </details>
  )
}
