/** Finding node types by words, and their order. Pure. */
import type { CatalogEntry } from '../../engine/contract/catalog.ts'
import type { Role } from '../../engine/contract/node.ts'

export const ROLES: readonly Role[] = [
  'source',
  'transform',
  'identity',
  'consent',
  'profile',
  'audience',
  'intelligence',
  'destination',
]

/** Entries whose text holds every word; those whose title does come first. */
export function searchEntries(
  entries: readonly CatalogEntry[],
  search: string,
  { titleOf, textOf }: Record<'titleOf' | 'textOf', (entry: CatalogEntry) => string>,
): CatalogEntry[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const holds = (text: string) => words.every((word) => text.toLowerCase().includes(word))
  return entries
    .filter((entry) => holds(textOf(entry)))
    .sort((a, b) => Number(holds(titleOf(b))) - Number(holds(titleOf(a))))
}

export const groupByRole = (entries: readonly CatalogEntry[]) =>
  ROLES.map((role) => ({ role, entries: entries.filter((entry) => entry.role === role) })).filter(
    (group) => group.entries.length > 0,
  )
