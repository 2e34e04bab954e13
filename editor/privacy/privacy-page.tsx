/** What the workspace promises people, and what they ask of it, by part; parts a user may not see are
 *  not shown. */
import { useTranslation } from 'react-i18next'
import type { RouteId } from '../../engine/contract/api.ts'
import { navigate } from '../router.tsx'
import { useSession } from '../session/session.ts'
import { PageHead, Tabs } from '../ui/parts.tsx'
import { PolicyTab } from './policy-tab.tsx'

const PARTS = [
  { id: 'policy', route: 'policyRead', Part: PolicyTab },
] as const satisfies ReadonlyArray<{
  id: string
  route: RouteId
  Part: unknown
}>

export function PrivacyPage({ tab }: { tab: string | undefined }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const parts = PARTS.filter(({ route }) => may(route))
  const current = parts.find(({ id }) => id === tab) ?? parts[0]
  if (!current) return null
  return (
    <div className="page">
      <PageHead title={t('nav.privacy')} text={t('privacy.text')} />
      <Tabs
        label={t('nav.privacy')}
        current={current.id}
        onChoose={(id) => navigate(`/privacy/${id}`, { replace: true })}
        tabs={parts.map(({ id }) => ({ id, text: t(`privacy.tab.${id}`) }))}
      />
      <div role="tabpanel" aria-labelledby={`tab-${current.id}`}>
        <current.Part />
      </div>
    </div>
  )
}
