/** One source: what arrives now, how to connect to it, which events it sends, what was refused. */
import { useState, type ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import type { SourceView } from '../../engine/contract/api/sources.ts'
import { useApi } from '../api/use-api.ts'
import { Failure, PageHead, Skeleton, Tabs } from '../ui/parts.tsx'
import { EventCatalog } from './event-catalog.tsx'
import { EventFeed } from './event-feed.tsx'
import { RefusedEvents } from './refused-events.tsx'
import { SourceBadge } from './source-list.tsx'
import { SourceRules } from './source-rules.tsx'
import { SourceSetup } from './source-setup.tsx'
import './sources.css'

const PARTS = {
  live: EventFeed,
  connect: SourceSetup,
  events: EventCatalog,
  refused: RefusedEvents,
  rules: SourceRules,
} satisfies Record<string, ComponentType<{ source: SourceView }>>
type PartId = keyof typeof PARTS
const PART_IDS = Object.keys(PARTS) as PartId[]

export function SourcePage({ id }: { id: string }) {
  const { t } = useTranslation()
  const read = useApi('sourceRead', { params: { id } })
  const [part, setPart] = useState<PartId>('live')
  if (read.error) return <Failure error={read.error} onRetry={() => void read.refetch()} />
  if (!read.data || read.data.id !== id) return <Skeleton rows={6} />
  const source = read.data
  const Part = PARTS[part]
  return (
    <div className="page">
      <PageHead
        title={
          <>
            {source.name} <SourceBadge disabled={source.disabled} />
          </>
        }
      />
      <Tabs<PartId>
        label={source.name}
        current={part}
        onChoose={setPart}
        tabs={PART_IDS.map((key) => ({ id: key, text: t(`sources.part.${key}`) }))}
      />
      <div role="tabpanel" aria-labelledby={`tab-${part}`}>
        <Part source={source} />
      </div>
    </div>
  )
}
