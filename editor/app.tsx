/** Which page an address shows; the pages with a canvas are loaded when first needed. */
import { lazy, Suspense, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { FlowList } from './home/flow-list.tsx'
import { Home } from './home/home.tsx'
import { PrivacyPage } from './privacy/privacy-page.tsx'
import { ProfileList } from './profiles/profile-list.tsx'
import { ProfilePage } from './profiles/profile-page.tsx'
import { matchPath, usePath } from './router.tsx'
import { RunList } from './runs/run-list.tsx'
import { SignIn, Welcome } from './session/sign-in.tsx'
import { useSession } from './session/session.ts'
import { SettingsPage } from './settings/settings-page.tsx'
import { SourceList } from './sources/source-list.tsx'
import { SourcePage } from './sources/source-page.tsx'
import { Shell } from './shell.tsx'
import { Link } from './router.tsx'
import { Notices } from './ui/notices.tsx'
import { EmptyState, Failure, Skeleton } from './ui/parts.tsx'
import { chooseLocale, storedLocale } from './words/words.ts'

const FlowPage = lazy(() =>
  import('./flow/flow-page.tsx').then((module) => ({ default: module.FlowPage })),
)
const RunPage = lazy(() =>
  import('./runs/run-page.tsx').then((module) => ({ default: module.RunPage })),
)

export function App() {
  const path = usePath()
  return (
    <>
      {path === '/welcome' || path === '/claim' ? (
        <Welcome key="welcome" />
      ) : (
        <SignedIn path={path} />
      )}
      <Notices />
    </>
  )
}

function SignedIn({ path }: { path: string }) {
  const session = useSession()
  const locale = session.user?.locale
  useEffect(() => {
    if (locale && storedLocale() === undefined) void chooseLocale(locale)
  }, [locale])
  if (session.waiting) return <Skeleton rows={6} />
  if (session.error && session.error.status !== 401 && !session.user)
    return <Failure error={session.error} />
  if (!session.user) return <SignIn />
  return (
    <Shell user={session.user} path={path}>
      <Suspense fallback={<Skeleton rows={8} />}>
        <Page path={path} />
      </Suspense>
    </Shell>
  )
}

function Page({ path }: { path: string }) {
  const { t } = useTranslation()
  const flow = matchPath('/flows/:id', path)
  const run = matchPath('/runs/:id', path)
  const source = matchPath('/sources/:id', path)
  const profile = matchPath('/profiles/:id', path)
  const privacy = matchPath('/privacy/:tab', path)
  const settings = matchPath('/settings/:tab', path)
  if (path === '/') return <Home />
  if (path === '/flows') return <FlowList />
  if (flow) return <FlowPage id={flow['id'] ?? ''} />
  if (path === '/sources') return <SourceList />
  if (source) return <SourcePage key={source['id']} id={source['id'] ?? ''} />
  if (path === '/runs') return <RunList />
  if (run) return <RunPage id={run['id'] ?? ''} />
  if (path === '/profiles') return <ProfileList />
  if (profile) return <ProfilePage key={profile['id']} id={profile['id'] ?? ''} />
  if (path === '/privacy' || privacy) return <PrivacyPage tab={privacy?.['tab']} />
  if (path === '/settings' || settings) return <SettingsPage tab={settings?.['tab']} />
  return (
    <EmptyState icon="search" title={t('ui.notFound')}>
      <Link href="/" className="button plain">
        {t('nav.home')}
      </Link>
    </EmptyState>
  )
}
