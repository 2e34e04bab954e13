/** The two ways to use a page: by mouse, and by keyboard alone. Journeys are told once for both. */
import type { Locator, Page } from 'playwright-core'
import { isFocused, reach, wayToOption } from './focus.ts'

export interface Hands {
  kind: 'mouse' | 'keyboard'
  /** A button, a link, a switch or a check box. */
  press(target: Locator): Promise<void>
  /** One of several of which one holds. */
  pick(radio: Locator): Promise<void>
  pickTab(page: Page, name: string): Promise<void>
  /** Puts text in the place of what is there. */
  write(box: Locator, text: string): Promise<void>
  choose(list: Locator, label: string): Promise<void>
  /** A field that exists on the way to a step. */
  chooseField(box: Locator, field: string): Promise<void>
  upload(input: Locator, file: string): Promise<void>
  /** From the list of steps. */
  addStep(page: Page, title: string): Promise<void>
  /** Into the wire that leaves a step of a chain. */
  addAfter(page: Page, name: string, title: string): Promise<void>
  openStep(page: Page, name: string): Promise<void>
  /** Selects steps, and nothing else. */
  select(page: Page, names: readonly string[]): Promise<void>
  removeStep(page: Page, name: string): Promise<void>
  /** Why records ended at a step. */
  askWhy(page: Page, step: string): Promise<void>
  undo(page: Page): Promise<void>
  redo(page: Page): Promise<void>
  find(page: Page): Promise<void>
  /** Opens the only step found. */
  openFound(page: Page): Promise<void>
  /** Takes the selected steps along, to be put into another flow by `put`. */
  take(page: Page, name: string): Promise<void>
  put(page: Page, name: string): Promise<void>
}

const card = (page: Page, name: string): Locator =>
  page.locator('.card').filter({ has: page.getByText(name, { exact: true }) })
const inspector = (page: Page): Locator => page.locator('.inspector')
const palette = (page: Page): Locator => page.locator('.palette')
const button = (page: Page, name: string | RegExp): Locator => page.getByRole('button', { name })

const showAll = (page: Page): Promise<void> => button(page, 'Show everything').click()

export const mouse: Hands = {
  kind: 'mouse',
  async press(target) {
    // A switch is drawn beside its box: that is what is seen and clicked.
    const isSwitch = (await target.getAttribute('role')) === 'switch'
    await (isSwitch ? target.locator('xpath=..') : target).click()
  },
  pick: (radio) => radio.check(),
  pickTab: (page, name) => page.getByRole('tab', { name }).click(),
  write: (box, text) => box.fill(text),
  async choose(list, label) {
    await list.selectOption({ label })
  },
  async chooseField(box, field) {
    await box.click()
    await box
      .page()
      .getByRole('option', { name: new RegExp(`^${field}\\b`) })
      .first()
      .click()
  },
  upload: (input, file) => input.setInputFiles(file),
  async addStep(page, title) {
    await palette(page).getByRole('button', { name: title, exact: true }).first().click()
    await inspector(page).getByPlaceholder(title).waitFor()
  },
  async addAfter(page, name, title) {
    await showAll(page)
    const place = (await page.locator('.card strong').allInnerTexts()).indexOf(name)
    await page.locator('.wire-label').nth(place).locator('.wire-plus').click()
    await page.getByRole('option', { name: title }).first().click()
    await inspector(page).getByPlaceholder(title).waitFor()
  },
  async openStep(page, name) {
    await showAll(page)
    await card(page, name).locator('.card-main').dblclick()
    await inspector(page).waitFor()
  },
  async select(page, names) {
    await showAll(page)
    for (const name of names)
      await card(page, name)
        .locator('.card-main')
        .click({ modifiers: ['Control'] })
  },
  async removeStep(page, name) {
    await mouse.openStep(page, name)
    await inspector(page).getByRole('button', { name: 'Delete step' }).click()
  },
  async askWhy(page, step) {
    await showAll(page)
    await card(page, step)
      .getByRole('button', { name: /show why$/ })
      .click()
  },
  undo: (page) => button(page, /^Undo:/).click(),
  redo: (page) => button(page, /^Redo:/).click(),
  find: (page) => button(page, 'Find a step').click(),
  async openFound(page) {
    await button(page, 'Next').click()
    await page.locator('.card.found .card-main').dblclick()
    await inspector(page).waitFor()
  },
  async take(page, name) {
    await button(page, 'Save as a block').click()
    await page.getByRole('textbox', { name: 'Name of the block' }).fill(name)
    await button(page, 'Save block').click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
  },
  put: (page, name) =>
    palette(page)
      .getByRole('button', { name: new RegExp(`^${name}`) })
      .click(),
}

export const keyboard: Hands = {
  kind: 'keyboard',
  async press(target) {
    await reach(target)
    const isBox = (await target.getAttribute('type')) === 'checkbox'
    await target.page().keyboard.press(isBox ? 'Space' : 'Enter')
  },
  async pick(radio) {
    await reach(radio, 'group')
    const { keyboard: keys } = radio.page()
    for (let i = 0; i < MOST_ARROWS && !(await isFocused(radio)); i++)
      await keys.press('ArrowRight')
    if (!(await radio.isChecked())) await keys.press('Space')
  },
  async pickTab(page, name) {
    await reach(page.getByRole('tab', { selected: true }))
    const wanted = page.getByRole('tab', { name })
    for (let i = 0; i < MOST_ARROWS && !(await isFocused(wanted)); i++)
      await page.keyboard.press('ArrowRight')
  },
  async write(box, text) {
    await reach(box)
    await box.page().keyboard.press('Control+A')
    await box.page().keyboard.type(text)
  },
  async choose(list, label) {
    await reach(list)
    for (let i = 0; i < MOST_ARROWS; i++) {
      const way = await wayToOption(list, label)
      if (way === 0) return
      await list.page().keyboard.press(way > 0 ? 'ArrowDown' : 'ArrowUp')
    }
    throw new Error(`"${label}" cannot be chosen by the arrow keys.`)
  },
  async chooseField(box, field) {
    await keyboard.write(box, field)
    await box
      .page()
      .getByRole('option', { name: new RegExp(`^${field}\\b`) })
      .first()
      .waitFor()
    await box.page().keyboard.press('Enter')
  },
  async upload(input, file) {
    const chooser = input.page().waitForEvent('filechooser')
    await keyboard.press(input)
    await (await chooser).setFiles(file)
  },
  async addStep(page, title) {
    await leaveForm(page)
    await page.keyboard.press('/')
    await page.keyboard.type(title)
    await page.keyboard.press('Enter')
    await inspector(page).getByPlaceholder(title).waitFor()
  },
  async addAfter(page, name, title) {
    await walkTo(page, name)
    await page.keyboard.press('a')
    await page.getByRole('combobox', { name: 'Search steps' }).waitFor()
    await page.keyboard.type(title)
    await page.keyboard.press('Enter')
    await inspector(page).getByPlaceholder(title).waitFor()
  },
  async openStep(page, name) {
    await walkTo(page, name)
    await page.keyboard.press('Enter')
    await inspector(page).waitFor()
  },
  async select(page, names) {
    for (const name of names) {
      await walkTo(page, name)
      await page.keyboard.press('Space')
    }
  },
  async removeStep(page, name) {
    await walkTo(page, name)
    await page.keyboard.press('Delete')
  },
  async askWhy(page, step) {
    await walkTo(page, step)
    await page.keyboard.press('w')
  },
  undo: (page) => press(page, 'Control+Z'),
  redo: (page) => press(page, 'Control+Shift+Z'),
  find: (page) => press(page, 'Control+F'),
  async openFound(page) {
    for (const key of ['Enter', 'Escape', 'Enter']) await page.keyboard.press(key)
    await inspector(page).waitFor()
  },
  take: (page) => press(page, 'Control+C'),
  put: (page) => press(page, 'Control+V'),
}

async function press(page: Page, combo: string): Promise<void> {
  await leaveForm(page)
  await page.keyboard.press(combo)
}

const MOST_ARROWS = 60

/** Single keys act on the canvas, and not while something is typed. */
async function leaveForm(page: Page): Promise<void> {
  if (await inspector(page).isVisible()) await reach(inspector(page).getByRole('button').first())
  if (await inspector(page).isVisible()) await page.keyboard.press('Escape')
  await inspector(page).waitFor({ state: 'hidden' })
}

const FOCUSED = `document.activeElement?.innerText ?? ''`

/** Along the wires by the arrow keys: back to the first step, then on to the one asked for. */
async function walkTo(page: Page, name: string): Promise<void> {
  await leaveForm(page)
  await reach(page.locator('.card-main[tabindex="0"]'))
  const here = async () => (await page.evaluate<string>(FOCUSED)).split('\n')[0]?.trim() ?? ''
  for (const key of ['ArrowLeft', 'ArrowRight']) {
    let before = ''
    for (let now = await here(); now !== before; now = await here()) {
      if (now === name) return
      before = now
      await page.keyboard.press(key)
      await page.waitForTimeout(40)
    }
  }
  throw new Error(`The arrow keys do not lead to "${name}".`)
}
