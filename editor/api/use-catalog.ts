/** The node types, with their texts in the language of the page. */
import { useMemo } from 'react'
import type { CatalogEntry } from '../../engine/contract/catalog.ts'
import { useApi } from './use-api.ts'

export function useCatalog() {
  const read = useApi('catalog')
  const entries = read.data?.entries as readonly CatalogEntry[] | undefined
  const byType = useMemo(
    () => new Map((entries ?? []).map((entry) => [entry.type, entry])),
    [entries],
  )
  return {
    entries: entries ?? [],
    byType,
    purposes: read.data?.purposes ?? [],
    broken: read.data?.broken ?? [],
    ready: read.data !== undefined,
    error: read.error,
  }
}
