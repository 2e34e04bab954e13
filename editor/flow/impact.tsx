/** What a person's no or erasure cuts in the flow, and whom it must tell: shown before publishing. */
import { useTranslation } from 'react-i18next'
import { useCatalog } from '../api/use-catalog.ts'
import { useFlow } from '../document/flow-store.ts'
import { Badge } from '../ui/parts.tsx'

export function Impact() {
  const { t } = useTranslation()
  const { purposes } = useCatalog()
  const impact = useFlow((state) => state.analysis?.impact)
  if (!impact) return null
  const nameOf = (key: string): string => purposes.find((one) => one.key === key)?.name ?? key
  return (
    <details>
      <summary>{t('impact.title')}</summary>
      {impact.recipients.length === 0 && <p className="help">{t('impact.nothing')}</p>}
      <ul className="plain-list">
        {impact.recipients.map((recipient) => (
          <li key={recipient.nodeId}>
            {t('impact.cut', {
              name: recipient.name,
              purposes: recipient.purposes.map(nameOf).join(', '),
            })}{' '}
            <Badge tone={recipient.told ? 'good' : 'warn'}>
              {recipient.told ? t('impact.told') : t('impact.byHand')}
            </Badge>
            {recipient.fields.length > 0 && (
              <small> {t('impact.fields', { fields: recipient.fields.join(', ') })}</small>
            )}
          </li>
        ))}
      </ul>
      {impact.stores.length > 0 && (
        <p className="help">
          {t('impact.stores', { steps: impact.stores.map(({ name }) => name).join(', ') })}
        </p>
      )}
    </details>
  )
}
