/** Settings of the workspace, by part; parts a user may not see are not shown. */
import { useTranslation } from 'react-i18next'
import type { RouteId } from '../../engine/contract/api.ts'
import { navigate } from '../router.tsx'
import { useSession } from '../session/session.ts'
import { PageHead, Tabs } from '../ui/parts.tsx'
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
] as const satisfies ReadonlyArray<{ id: string; route: RouteId; Part: unknown }>

export function SettingsPage({ tab }: { tab: string | undefined }) {
  const { t } = useTranslation()
  const { may } = useSession()
  const parts = PARTS.filter(({ route }) => may(route))
  const current = parts.find(({ id }) => id === tab) ?? parts[0]
  if (!current) return null
  return (
    <div className="page">
      <PageHead title={t('nav.settings')} />
      <Tabs
        label={t('nav.settings')}
        current={current.id}
        onChoose={(id) => navigate(`/settings/${id}`, { replace: true })}
        tabs={parts.map(({ id }) => ({ id, text: t(`settings.${id}`) }))}
      />
      <div role="tabpanel" aria-labelledby={`tab-${current.id}`}>
        <current.Part />
      </div>
    </div>
  )
}
