/** The same choice with one thing put in, or taken out when it was in. */
export function toggled(chosen: Iterable<string> | undefined, id: string): Set<string> {
  const next = new Set(chosen)
  if (!next.delete(id)) next.add(id)
  return next
}
