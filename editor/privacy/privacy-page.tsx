/** What the workspace promises people, and what they ask of it, by part. */
import { useTranslation } from 'react-i18next'
import { TabbedPage } from '../ui/tabbed-page.tsx'
import { FindMyDataTab } from './find-my-data-tab.tsx'
import { PolicyTab } from './policy-tab.tsx'
import { RequestsTab } from './requests-tab.tsx'

const PARTS = [
  { id: 'policy', route: 'policyRead', Part: PolicyTab },
  { id: 'requests', route: 'requestList', Part: RequestsTab },
  { id: 'find', route: 'findMyData', Part: FindMyDataTab },
] as const

export function PrivacyPage({ tab }: { tab: string | undefined }) {
  const { t } = useTranslation()
  const parts = PARTS.map((part) => ({ ...part, name: t(`privacy.tab.${part.id}`) }))
  const title = t('nav.privacy')
  return <TabbedPage path="/privacy" title={title} text={t('privacy.text')} {...{ parts, tab }} />
}
