/** A page of parts, one shown at a time by its tab; parts a user may not see are not shown. */
import type { ComponentType } from 'react'
import type { RouteId } from '../../engine/contract/api.ts'
import { navigate } from '../router.tsx'
import { useSession } from '../session/session.ts'
import { PageHead, Tabs } from './parts.tsx'

export interface PagePart {
  id: string
  /** Who may call this route may see the part. */
  route: RouteId
  name: string
  Part: ComponentType
}

interface TabbedPageProps {
  title: string
  text?: string
  /** Address of the page; the part's id follows it. */
  path: string
  parts: readonly PagePart[]
  /** The part of the address; another than there is shows the first. */
  tab: string | undefined
}

export function TabbedPage({ title, text, path, parts, tab }: TabbedPageProps) {
  const { may } = useSession()
  const shown = parts.filter(({ route }) => may(route))
  const current = shown.find(({ id }) => id === tab) ?? shown[0]
  if (!current) return null
  return (
    <div className="page">
      <PageHead title={title} {...(text === undefined ? {} : { text })} />
      <Tabs
        label={title}
        current={current.id}
        onChoose={(id) => navigate(`${path}/${id}`, { replace: true })}
        tabs={shown.map(({ id, name }) => ({ id, text: name }))}
      />
      <div role="tabpanel" aria-labelledby={`tab-${current.id}`}>
        <current.Part />
      </div>
    </div>
  )
}
