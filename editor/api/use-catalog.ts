/** The node types, with their texts in the language of the page. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { catalogEventSchema } from '../../engine/contract/api/workspace.ts'
import type { CatalogEntry } from '../../engine/contract/catalog.ts'
import { urlOf } from './call.ts'
import { useApi } from './use-api.ts'

export function useCatalog() {
  const read = useApi('catalog')
  const entries = read.data?.entries as readonly CatalogEntry[] | undefined
  const byType = useMemo(
    () => new Map((entries ?? []).map((entry) => [entry.type, entry])),
    [entries],
  )
  useCatalogChanges(read.data)
  return {
    entries: entries ?? [],
    byType,
    purposes: read.data?.purposes ?? [],
    broken: read.data?.broken ?? [],
    ready: read.data !== undefined,
    error: read.error,
  }
}

/** While engineers work on node types, each change of theirs shows here by itself. */
function useCatalogChanges(catalog: { version: string; changes: boolean } | undefined): void {
  const client = useQueryClient()
  const { changes = false, version } = catalog ?? {}
  useEffect(() => {
    if (!changes) return
    const events = new EventSource(urlOf('catalogEvents'))
    events.addEventListener('message', (event: MessageEvent<string>) => {
      const told = catalogEventSchema.safeParse(JSON.parse(event.data))
      if (told.success && told.data.version !== version)
        void client.invalidateQueries({ queryKey: ['catalog'] })
    })
    return () => events.close()
  }, [changes, version, client])
}
