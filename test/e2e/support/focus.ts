/** The keyboard's way through a page: by Tab alone, to what can be seen to have the focus. */
import type { Locator } from 'playwright-core'

/** What is used of the browser's own types: these functions run in the page. */
interface Spot {
  type?: string
  name?: string
  parentElement: Spot | null
  nextElementSibling: Spot | null
  closest(selector: string): Spot | null
  compareDocumentPosition(other: Spot): number
}
interface List extends Spot {
  options: Iterable<{ label: string }>
  selectedIndex: number
}
declare const document: { activeElement: Spot | null; body: Spot }
declare function getComputedStyle(spot: Spot): { outlineStyle: string; boxShadow: string }

const MOST_TABS = 250

/** Of a radio, any of its group: arrows go on from there. */
export async function reach(target: Locator, as: 'itself' | 'group' = 'itself'): Promise<void> {
  await target.waitFor({ state: 'attached' })
  for (let i = 0; i < MOST_TABS; i++) {
    const way = await target.evaluate<number, boolean>(wayTo, as === 'group')
    if (way === 0) {
      if (await target.page().evaluate(showsFocus)) return
      throw new Error(`The focus is on ${String(target)}, but nothing shows it.`)
    }
    await target.page().keyboard.press(way > 0 ? 'Tab' : 'Shift+Tab')
  }
  throw new Error(`Tab does not reach ${String(target)}.`)
}

export const isFocused = (target: Locator): Promise<boolean> =>
  target.evaluate<boolean, undefined>((element: Spot) => element === document.activeElement)

/** How many options on the wanted one is. */
export const wayToOption = (list: Locator, label: string): Promise<number> =>
  list.evaluate<number, string>((element: List, wanted: string) => {
    const place = [...element.options].findIndex((option) => option.label.trim() === wanted)
    if (place < 0) throw new Error(`There is no option "${wanted}".`)
    return place - element.selectedIndex
  }, label)

/** Where the focus would have to go: 0 when it is there. */
function wayTo(element: Spot, group: boolean): number {
  const following = 4
  const at = document.activeElement
  if (at === element) return 0
  if (group && at?.type === 'radio' && at.name === element.name) return 0
  if (!at || at === document.body) return 1
  return (at.compareDocumentPosition(element) & following) > 0 ? 1 : -1
}

/** Whoever sees the page must see where the focus is: on the element, or on what stands for it. */
function showsFocus(): boolean {
  const at = document.activeElement
  const shown = [at, at?.nextElementSibling, at?.parentElement, at?.closest('label')]
  return shown.some((spot) => spot && getComputedStyle(spot).outlineStyle !== 'none')
}
