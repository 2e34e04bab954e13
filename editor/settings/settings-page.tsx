/** Settings of the workspace, by part. */
import { useTranslation } from 'react-i18next'
import { TabbedPage } from '../ui/tabbed-page.tsx'
import { AuditLog } from './audit-log.tsx'
import { Connections } from './connections.tsx'
import { Purposes } from './purposes.tsx'
import { Tokens } from './tokens.tsx'
import { Users } from './users.tsx'

const PARTS = [
  { id: 'connections', route: 'connectionList', Part: Connections },
  { id: 'purposes', route: 'catalog', Part: Purposes },
  { id: 'users', route: 'userList', Part: Users },
  { id: 'tokens', route: 'tokenList', Part: Tokens },
  { id: 'audit', route: 'auditList', Part: AuditLog },
] as const

export function SettingsPage({ tab }: { tab: string | undefined }) {
  const { t } = useTranslation()
  const parts = PARTS.map((part) => ({ ...part, name: t(`settings.${part.id}`) }))
  return <TabbedPage path="/settings" title={t('nav.settings')} parts={parts} tab={tab} />
}
