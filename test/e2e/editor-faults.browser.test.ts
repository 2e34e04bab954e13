/** What goes wrong around an editor: nothing that was typed is lost, and it is said what holds. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import type { FlowView } from '../../engine/contract/api/flows.ts'
import type { RunView } from '../../engine/contract/run.ts'
import { createApi, type Api } from '../support/api.ts'
import { chain } from '../support/chain.ts'
import { claim, OWNER, type BrowserCookie } from '../support/owner.ts'
import { freePort, makeHome, startProduct, type Product } from '../support/product.ts'
import { until } from '../support/until.ts'
import { api } from './support/api.ts'
import { makePeopleFlow, publishFlow, runFlow } from './support/people-flow.ts'
import { openReceiver, type Receiver } from './support/receiver.ts'
import { hasBrowser, openBrowser, visit } from './support/visit.ts'

const port = inject('receiverPorts')[3] ?? 0
const draftOf = (id: string, ask: Api = api) => ask<FlowView>('GET', `/api/flows/${id}`)
const nameBox = (page: Page) => page.getByRole('textbox', { name: 'Name of the step' })
const countries = ({ draft }: FlowView) => draft.nodes.find(({ id }) => id === 'countries')?.name

/** Opens the settings of the step "Countries" and gives it another name. */
async function rename(page: Page, name: string): Promise<void> {
  if (!(await nameBox(page).isVisible()))
    await page.locator('#step-countries').dblclick({ timeout: 15_000 })
  await nameBox(page).fill(name)
}

const stored = (id: string, name: string, ask: Api = api) =>
  until(
    () => draftOf(id, ask),
    (flow) => countries(flow) === name,
    30_000,
  )

const says = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor()

describe.skipIf(!hasBrowser)('an editor', () => {
  let flow: FlowView
  beforeEach(async () => {
    const tag = `f${Math.random().toString(36).slice(2, 8)}`
    flow = await makePeopleFlow({ name: `Fault ${tag}`, tag, port })
  })
  const open = () => visit({ path: `/flows/${flow.id}` })

  it('asks which writing goes on when two tabs wrote, and keeps mine', async () => {
    const [first, second] = [await open(), await open()]
    await second.page.locator('#step-countries').waitFor()
    await rename(first.page, 'Theirs')
    await stored(flow.id, 'Theirs')
    await rename(second.page, 'Mine')
    await says(second.page, 'Someone else has changed this flow')
    await second.page.getByRole('button', { name: 'Keep mine' }).click()
    await stored(flow.id, 'Mine')
    expect([...first.errors, ...second.errors]).toEqual([])
  })

  it('takes theirs, and mine comes back by undoing it', async () => {
    const [first, second] = [await open(), await open()]
    await second.page.locator('#step-countries').waitFor()
    await rename(first.page, 'Theirs')
    await stored(flow.id, 'Theirs')
    await rename(second.page, 'Mine')
    await second.page.getByRole('button', { name: 'Take theirs' }).click()
    await second.page.getByRole('dialog').waitFor({ state: 'hidden' })
    await until(
      () => nameBox(second.page).inputValue(),
      (name) => name === 'Theirs',
    )
    await second.page.getByRole('button', { name: /^Undo:/ }).click()
    await stored(flow.id, 'Mine')
  })

  it('keeps what is typed while the network is away, and saves it when it is back', async () => {
    const { page, context } = await open()
    await page.locator('#step-countries').waitFor()
    await context.setOffline(true)
    await rename(page, 'On a train')
    await says(page, 'Not saved: server not reached. Kept on this device.')
    expect(countries(await draftOf(flow.id))).toBe('Countries')
    await context.setOffline(false)
    await stored(flow.id, 'On a train')
    await says(page, /Draft saved/)
  })

  it('keeps what is typed when the session ends, and saves it after signing in again', async () => {
    const { page, context } = await open()
    await page.locator('#step-countries').waitFor()
    await context.clearCookies()
    await rename(page, 'Late at night')
    await says(page, /Not saved: you are signed out/)
    await page.reload()
    await page.getByLabel('Email address').fill(OWNER.email)
    await page.getByLabel('Password').fill(OWNER.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await says(page, 'Changes that were not saved last time were brought back')
    await stored(flow.id, 'Late at night')
  })

  it('loses nothing when the page is reloaded right after a key, or left and come back to', async () => {
    const { page } = await open()
    await rename(page, 'Reloaded')
    await page.reload()
    await stored(flow.id, 'Reloaded')
    await rename(page, 'Left')
    await page.getByRole('link', { name: 'Runs' }).click()
    await page.goBack()
    await stored(flow.id, 'Left')
    await page.locator('#step-countries').getByText('Left').waitFor()
  })

  it('keeps to its flow while another tab is in front', async () => {
    const { page, context } = await open()
    await rename(page, 'Before')
    const other = await context.newPage()
    await other.goto('/runs')
    await other.bringToFront()
    await stored(flow.id, 'Before')
    await page.bringToFront()
    expect(await nameBox(page).inputValue()).toBe('Before')
  })
})

describe.skipIf(!hasBrowser)('on a phone', () => {
  let receiver: Receiver
  beforeAll(async () => {
    receiver = await openReceiver(port)
  })
  afterAll(() => receiver?.close())
  const phone = (path: string) => visit({ path, width: 390, height: 844, touch: true })

  it('a live run is watched, paused and resumed by touch', async () => {
    const graph = chain([
      ['events', 'live_events', {}],
      ['none', 'filter', { condition: NOTHING }],
    ])
    const { id } = await api<FlowView>('POST', '/api/flows', { name: 'On the phone', graph })
    await publishFlow(id)
    const run = await api<RunView>('POST', `/api/flows/${id}/runs`, {})
    const { page, errors } = await phone(`/runs/${run.id}`)
    await page.getByRole('button', { name: 'Pause' }).tap()
    await says(page, 'Paused')
    await page.getByRole('button', { name: 'Resume' }).tap()
    await says(page, 'Live')
    await page.getByRole('button', { name: 'Stop' }).tap()
    await says(page, 'Stopped')
    expect(await page.evaluate<number>(TOO_WIDE)).toBe(0)
    expect(errors).toEqual([])
  })

  it('parked records are tried again by touch', async () => {
    const tag = `p${Math.random().toString(36).slice(2, 8)}`
    const flow = await makePeopleFlow({ name: `Phone ${tag}`, tag, port })
    await publishFlow(flow.id)
    receiver.answer(422)
    const run = await runFlow(flow.id)
    receiver.answer(200)
    const { page, errors } = await phone(`/runs/${run.id}`)
    await page.getByRole('button', { name: 'Try all again' }).tap()
    await page.waitForURL((url) => url.pathname !== `/runs/${run.id}`)
    await page.getByText('Completed', { exact: true }).first().waitFor()
    expect(receiver.received).toHaveLength(2)
    expect(errors).toEqual([])
  })
})

const NOTHING = {
  kind: 'group',
  match: 'all',
  rules: [{ kind: 'rule', field: 'name', operator: 'equals', value: 'never' }],
}
/** Pixels by which the page is wider than the screen: it would scroll sideways. */
const TOO_WIDE = `Math.max(0, document.documentElement.scrollWidth - innerWidth)`

describe.skipIf(!hasBrowser)('an editor whose server goes away', () => {
  let home: Awaited<ReturnType<typeof makeHome>>
  let product: Product
  let cookies: BrowserCookie[]
  beforeAll(async () => {
    home = await makeHome()
    product = await startProduct({ home: home.home, port: await freePort() })
    cookies = await claim(product.url, product.ownerLink ?? '')
  }, 240_000)
  afterAll(async () => {
    await product?.stop()
    await home?.remove()
  })

  it('stays open, keeps what is typed, and saves it when the server is back', async () => {
    const ask = createApi(product.url, cookies)
    const graph = chain([['countries', 'filter', { condition: NOTHING }]])
    const { id } = await ask<FlowView>('POST', '/api/flows', { name: 'Outlives', graph })
    const context = await (await openBrowser()).newContext({ baseURL: product.url, locale: 'en' })
    await context.addCookies(cookies)
    const page = await context.newPage()
    await page.goto(`/flows/${id}`)
    await page.locator('#step-countries').waitFor()
    await product.stop()
    await rename(page, 'Written meanwhile')
    await says(page, /Not saved: server not reached/)
    // Coming back to the tab asks the server anew, and must not take the editor away.
    await page.evaluate(`window.dispatchEvent(new Event('visibilitychange'))`)
    await page.waitForTimeout(6_000)
    await page.evaluate(`window.dispatchEvent(new Event('visibilitychange'))`)
    await page.waitForTimeout(8_000)
    expect(await nameBox(page).inputValue()).toBe('Written meanwhile')
    product = await startProduct({ home: home.home, port: Number(new URL(product.url).port) })
    await stored(id, 'Written meanwhile', ask)
    await says(page, /Draft saved/)
    await context.close()
  })
})
