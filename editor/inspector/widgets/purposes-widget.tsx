/** Widget `purposes`: what the data may be used for, from the workspace's list. */
import { useTranslation } from 'react-i18next'
import { useCatalog } from '../../api/use-catalog.ts'
import { Link } from '../../router.tsx'
import { useForm, type ControlProps } from '../form-context.ts'

export function PurposesWidget({ path, value, control }: ControlProps) {
  const { t } = useTranslation()
  const form = useForm()
  const { purposes, ready } = useCatalog()
  const chosen = Array.isArray(value) ? value.map(String) : []
  const unknown = chosen.filter((key) => !purposes.some((purpose) => purpose.key === key))
  const options = [
    ...purposes,
    ...unknown.map((key) => ({ key, name: key, description: t('form.unknownPurpose') })),
  ]
  return (
    <div className="checks" id={control.id} role="group" aria-label={t('form.purposes')}>
      {options.map(({ key, name, description }) => (
        <label key={key} className="check">
          <input
            type="checkbox"
            checked={chosen.includes(key)}
            disabled={form.readOnly}
            onChange={(event) =>
              form.set(
                path,
                event.target.checked ? [...chosen, key] : chosen.filter((other) => other !== key),
              )
            }
          />
          <span>
            {name}
            {description && <small>{description}</small>}
          </span>
        </label>
      ))}
      {ready && options.length === 0 && (
        <p className="help">
          {t('form.noPurposes')} <Link href="/settings/purposes">{t('form.toPurposes')}</Link>
        </p>
      )}
    </div>
  )
}
