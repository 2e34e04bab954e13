/** Every page of the editor: the list that screenshots and the accessibility checks go through. */
import type { Page } from 'playwright-core'

export interface Screen {
  name: string
  /** Address; names in braces are filled from what is there: `{flow}`, `{run}`, `{person}`. */
  path: string
  /** Brings the page to the state to be looked at. */
  act?: (page: Page) => Promise<void>
  signedOut?: true
  /** True for states that only a wide screen has. */
  wideOnly?: true
}

export type Ask = <Answer>(path: string) => Promise<Answer>

export const SCREENS: readonly Screen[] = [
  { name: 'sign-in', path: '/', signedOut: true },
  { name: 'overview', path: '/' },
  { name: 'flows', path: '/flows' },
  { name: 'flow', path: '/flows/{flow}' },
  { name: 'sources', path: '/sources' },
  { name: 'source', path: '/sources/{source}' },
  { name: 'runs', path: '/runs' },
  { name: 'run', path: '/runs/{run}' },
  { name: 'profiles', path: '/profiles' },
  { name: 'profile', path: '/profiles/{person}' },
  { name: 'privacy-policy', path: '/privacy/policy' },
  { name: 'privacy-requests', path: '/privacy/requests' },
  { name: 'privacy-find', path: '/privacy/find' },
  { name: 'settings', path: '/settings' },
  { name: 'settings-purposes', path: '/settings/purposes' },
  { name: 'settings-users', path: '/settings/users' },
  { name: 'settings-tokens', path: '/settings/tokens' },
  { name: 'settings-audit', path: '/settings/audit' },
  { name: 'not-found', path: '/nowhere' },
]

interface Listed {
  items: ReadonlyArray<{ id: string }>
}

/** Fills the braces of each path with the first thing of its kind that is there. */
export async function fillPaths(ask: Ask): Promise<(path: string) => string> {
  const first = async (path: string) => (await ask<Listed>(path)).items[0]?.id ?? 'none'
  const found: Record<string, string> = {
    flow: await first('/api/flows?limit=1'),
    source: await first('/api/sources'),
    run: await first('/api/runs?limit=1'),
    person: await first('/api/profiles?limit=1'),
  }
  return (path) => path.replace(/\{(\w+)\}/g, (_, name: string) => found[name] ?? 'none')
}
