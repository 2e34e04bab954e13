/** By what a person is known: the kind of identifier, and its value. */
import { useTranslation } from 'react-i18next'
import { Field } from '../ui/parts.tsx'

export interface PersonDraft {
  type: string
  value: string
}

const KINDS = ['email', 'phone', 'user_id', 'anonymous_id', 'loyalty_id', 'device_id', 'sha256']

interface Props {
  person: PersonDraft
  onChange(person: PersonDraft): void
}

export function PersonFields({ person, onChange }: Props) {
  const { t } = useTranslation()
  return (
    <div className="policy-grid">
      <Field label={t('requests.knownBy')}>
        {(control) => (
          <select
            {...control}
            value={person.type}
            onChange={(event) => onChange({ ...person, type: event.target.value })}
          >
            {KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {t(`requests.identifier.${kind}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t(`requests.identifier.${person.type}`)}>
        {(control) => (
          <input
            {...control}
            maxLength={500}
            autoComplete="off"
            value={person.value}
            onChange={(event) => onChange({ ...person, value: event.target.value })}
          />
        )}
      </Field>
    </div>
  )
}
