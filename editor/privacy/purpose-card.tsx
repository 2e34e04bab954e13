/** One purpose of the policy: on which basis, where that differs, how long a yes counts, which texts. */
import { useTranslation } from 'react-i18next'
import type { Purpose } from '../../engine/contract/api/workspace.ts'
import { basisSchema, type Policy, type PolicyRule } from '../../engine/contract/policy.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Badge, Field } from '../ui/parts.tsx'
import {
  BASES,
  everywhere,
  LANGUAGES,
  rulesOf,
  setRules,
  setText,
  textFor,
} from './policy-draft.ts'

interface Props {
  purpose: Purpose
  policy: Policy
  readOnly: boolean
  /** The purpose is newer than the policy, so consent is needed until somebody decides. */
  needsAnswer: boolean
  onChange(policy: Policy): void
}

export function PurposeCard({ purpose, policy, readOnly, needsAnswer, onChange }: Props) {
  const { t } = useTranslation()
  const found = rulesOf(policy, purpose.key)
  const rules = found.length > 0 ? found : [everywhere(purpose.key)]
  const set = (next: readonly PolicyRule[]) => onChange(setRules(policy, purpose.key, next))
  return (
    <section className="row-card" aria-labelledby={`purpose-${purpose.key}`}>
      <h3 id={`purpose-${purpose.key}`}>
        {purpose.name} {needsAnswer && <Badge tone="warn">{t('privacy.newPurpose')}</Badge>}
      </h3>
      {purpose.description && <p className="help">{purpose.description}</p>}
      <ul className="policy-rules">
        {rules.map((rule, i) => (
          <li key={i}>
            <RuleRow
              rule={rule}
              readOnly={readOnly}
              isFirst={i === 0}
              onChange={(changed) => set(rules.map((one, at) => (at === i ? changed : one)))}
              onRemove={() => set(rules.filter((_, at) => at !== i))}
            />
          </li>
        ))}
      </ul>
      {!readOnly && (
        <Button
          icon="plus"
          onClick={() => set([...rules, { ...everywhere(purpose.key), region: 'EEA' }])}
        >
          {t('privacy.addRegion')}
        </Button>
      )}
      <details>
        <summary>{t('privacy.texts')}</summary>
        <div className="policy-grid">
          {LANGUAGES.map((language) => (
            <Texts
              key={language}
              {...{ language, policy, readOnly, onChange }}
              purpose={purpose.key}
            />
          ))}
        </div>
      </details>
    </section>
  )
}

function RuleRow({
  rule,
  readOnly,
  isFirst,
  onChange,
  onRemove,
}: {
  rule: PolicyRule
  readOnly: boolean
  isFirst: boolean
  onChange(rule: PolicyRule): void
  onRemove(): void
}) {
  const { t } = useTranslation()
  return (
    <div className="policy-rule">
      <Field label={t('privacy.region')} help={isFirst ? undefined : t('privacy.regionHelp')}>
        {(control) => (
          <input
            {...control}
            readOnly={readOnly || isFirst}
            maxLength={6}
            value={rule.region === '*' ? t('privacy.everywhere') : rule.region}
            onChange={(event) =>
              onChange({ ...rule, region: event.target.value.trim().toUpperCase() })
            }
          />
        )}
      </Field>
      <Field label={t('privacy.basis')} help={t(`privacy.basisHelp.${rule.basis}`)}>
        {(control) => (
          <select
            {...control}
            disabled={readOnly}
            value={rule.basis}
            onChange={(event) =>
              onChange({ ...rule, basis: basisSchema.parse(event.target.value) })
            }
          >
            {BASES.map((basis) => (
              <option key={basis} value={basis}>
                {t(`privacy.basisName.${basis}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t('privacy.validDays')} help={t('privacy.validDaysHelp')}>
        {(control) => (
          <input
            {...control}
            type="number"
            min={0}
            max={36_500}
            readOnly={readOnly}
            value={rule.validDays}
            onChange={(event) =>
              onChange({ ...rule, validDays: Math.max(0, Math.round(Number(event.target.value))) })
            }
          />
        )}
      </Field>
      {!readOnly && !isFirst && (
        <IconButton icon="trash" label={t('privacy.removeRegion')} onClick={onRemove} />
      )}
    </div>
  )
}

function Texts({
  purpose,
  language,
  policy,
  readOnly,
  onChange,
}: {
  purpose: string
  language: (typeof LANGUAGES)[number]
  policy: Policy
  readOnly: boolean
  onChange(policy: Policy): void
}) {
  const { t } = useTranslation()
  const text = textFor(policy, purpose, language)
  return (
    <div lang={language}>
      <Field label={t('privacy.textTitle', { language: t(`privacy.language.${language}`) })}>
        {(control) => (
          <input
            {...control}
            readOnly={readOnly}
            maxLength={120}
            value={text.title}
            onChange={(event) => onChange(setText(policy, { ...text, title: event.target.value }))}
          />
        )}
      </Field>
      <Field label={t('privacy.textBody', { language: t(`privacy.language.${language}`) })}>
        {(control) => (
          <textarea
            {...control}
            readOnly={readOnly}
            rows={3}
            maxLength={2_000}
            value={text.text}
            onChange={(event) => onChange(setText(policy, { ...text, text: event.target.value }))}
          />
        )}
      </Field>
    </div>
  )
}
