/** The frame of every page: where one can go, and who is signed in. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { UserView } from '../engine/contract/api/session.ts'
import { useSend } from './api/use-api.ts'
import { CommandKey } from './command/command-key.tsx'
import { Link, navigate } from './router.tsx'
import { Icon, Logo, type IconName } from './ui/icons.tsx'
import { Popover } from './ui/popover.tsx'
import { ViewChoices } from './ui/view-choices.tsx'
import { Button } from './ui/button.tsx'

const PLACES: ReadonlyArray<{ href: string; name: string; icon: IconName }> = [
  { href: '/', name: 'home', icon: 'home' },
  { href: '/flows', name: 'flows', icon: 'flows' },
  { href: '/sources', name: 'sources', icon: 'source' },
  { href: '/runs', name: 'runs', icon: 'runs' },
  { href: '/profiles', name: 'profiles', icon: 'people' },
  { href: '/privacy', name: 'privacy', icon: 'consent' },
  { href: '/settings', name: 'settings', icon: 'settings' },
]

const isAt = (path: string, href: string): boolean =>
  href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`)

export function Shell({
  user,
  path,
  children,
}: {
  user: UserView
  path: string
  children: ReactNode
}) {
  const { t } = useTranslation()
  const online = useOnline()
  const isFlow = /^\/flows\/./.test(path)
  const here = PLACES.find(({ href }) => isAt(path, href))
  useEffect(() => {
    document.title = here ? `${t(`nav.${here.name}`)} · Heddle` : 'Heddle'
  }, [here, t])
  return (
    <div className={isFlow ? 'shell slim' : 'shell'}>
      <a className="skip" href="#content">
        {t('nav.skip')}
      </a>
      <nav className="nav" aria-label={t('nav.label')}>
        <Link href="/" className="brand" aria-label="Heddle">
          <Logo />
          <span>Heddle</span>
        </Link>
        <ul>
          {PLACES.map(({ href, name, icon }) => (
            <li key={href}>
              <Link
                href={href}
                title={t(`nav.${name}`)}
                aria-current={isAt(path, href) ? 'page' : undefined}
              >
                <Icon name={icon} size={20} />
                <span>{t(`nav.${name}`)}</span>
              </Link>
            </li>
          ))}
        </ul>
        <UserMenu user={user} />
      </nav>
      <div id="content" tabIndex={-1} className={isFlow ? 'content full' : 'content'}>
        {!online && (
          <div className="offline" role="status">
            <Icon name="warning" size={16} /> {t('ui.offline')}
          </div>
        )}
        {children}
      </div>
      <CommandKey />
    </div>
  )
}

function UserMenu({ user }: { user: UserView }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const close = useSend('sessionClose')
  const update = useSend('sessionUpdate')
  return (
    <Popover
      className="user-button"
      label={user.name}
      button={<span className="avatar">{user.name.slice(0, 1).toUpperCase()}</span>}
    >
      <div className="user-menu">
        <strong>{user.name}</strong>
        <small>{user.email}</small>
        <small>{user.roles.map((role) => t(`userRole.${role}`)).join(', ')}</small>
        <ViewChoices onLocale={(locale) => update.mutate({ body: { locale } })} />
        <Button
          busy={close.isPending}
          onClick={() =>
            close.mutate(
              {},
              {
                onSuccess: () => {
                  navigate('/')
                  void client.resetQueries()
                },
              },
            )
          }
        >
          {t('nav.signOut')}
        </Button>
      </div>
    </Popover>
  )
}

function useOnline(): boolean {
  const [online, setOnline] = useState(navigator.onLine)
  useEffect(() => {
    const look = () => setOnline(navigator.onLine)
    window.addEventListener('online', look)
    window.addEventListener('offline', look)
    return () => {
      window.removeEventListener('online', look)
      window.removeEventListener('offline', look)
    }
  }, [])
  return online
}
