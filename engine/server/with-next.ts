/** One page of a list, with where the next one begins when there is more. */
export function withNext<Item>(items: Item[], more: boolean, cursorOf: (item: Item) => string) {
  const last = items.at(-1)
  return more && last ? { items, next: cursorOf(last) } : { items }
}
