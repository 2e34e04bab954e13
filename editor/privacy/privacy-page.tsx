/** What the workspace promises people, and what they ask of it, by part. */
import { useTranslation } from 'react-i18next'
import { TabbedPage } from '../ui/tabbed-page.tsx'
import { PolicyTab } from './policy-tab.tsx'

const PARTS = [{ id: 'policy', route: 'policyRead', Part: PolicyTab }] as const

export function PrivacyPage({ tab }: { tab: string | undefined }) {
  const { t } = useTranslation()
  const parts = PARTS.map((part) => ({ ...part, name: t(`privacy.tab.${part.id}`) }))
  const title = t('nav.privacy')
  return <TabbedPage path="/privacy" title={title} text={t('privacy.text')} {...{ parts, tab }} />
}
