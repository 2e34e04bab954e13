/** What marketers come for, told once; `Hands` says whether by mouse or by keyboard alone. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { FlowView } from '../../../engine/contract/api/flows.ts'
import { until } from '../../support/until.ts'
import { api } from './api.ts'
import type { Hands } from './hands.ts'
import { makePeopleFlow, publishFlow, PURPOSE, runFlow } from './people-flow.ts'
import type { Receiver } from './receiver.ts'
import { visit } from './visit.ts'

interface Desk {
  page: Page
  hands: Hands
  receiver: Receiver
  port: number
  /** Of this journey alone: in addresses of people and names of flows. */
  tag: string
}

interface Journey {
  name: string
  go(desk: Desk): Promise<void>
}

const inspector = (page: Page): Locator => page.locator('.inspector')
const dialog = (page: Page): Locator => page.getByRole('dialog')
const button = (page: Page | Locator, name: string | RegExp): Locator =>
  page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name })
const box = (page: Page | Locator, name: string | RegExp): Locator =>
  page.getByRole('textbox', { name })
const draftOf = (id: string): Promise<FlowView> => api<FlowView>('GET', `/api/flows/${id}`)

async function openFlow(desk: Desk): Promise<FlowView> {
  const flow = await makePeopleFlow({ name: `Flow ${desk.tag}`, ...desk })
  await desk.page.goto(`/flows/${flow.id}`)
  await desk.page.locator('.card').first().waitFor()
  return flow
}

/** Waits until the stored draft is as wanted: what a reload would show. */
const stored = (id: string, isThere: (flow: FlowView) => boolean): Promise<FlowView> =>
  until(() => draftOf(id), isThere, 15_000)

async function publish({ page, hands }: Desk, note = ''): Promise<void> {
  await hands.press(button(page, 'Publish'))
  if (note !== '') await hands.write(box(dialog(page), /What has changed/), note)
  await hands.press(button(dialog(page), 'Publish'))
  await dialog(page).waitFor({ state: 'hidden' })
}

export const JOURNEYS: readonly Journey[] = [
  { name: 'builds a flow from a file to a webhook, publishes and runs it', go: buildOwnFlow },
  { name: 'reads why a person did not get it', go: readWhy },
  { name: 'changes a condition and sees how many are left', go: changeCondition },
  { name: 'takes back what was done, and does it again', go: undoRedo },
  { name: 'publishes a change with a note', go: publishChange },
  { name: 'finds a step of a large flow', go: findStep },
  { name: 'copies a part to another flow', go: copyPart },
  { name: 'builds an audience with groups of conditions', go: buildAudience },
  { name: 'tries parked records again', go: retryParked },
  { name: 'lets a person withdraw, and sees them held back', go: withdraw },
  { name: 'lets a flow run by itself', go: schedule },
]

async function buildOwnFlow(desk: Desk): Promise<void> {
  const { page, hands, port, receiver, tag } = desk
  const folder = await mkdtemp(path.join(tmpdir(), 'heddle-journey-'))
  const file = path.join(folder, 'people.csv')
  const rows = ['ann,Ann,GB,yes', 'bob,Bob,GB,no', 'cee,Cee,DE,yes']
  const lines = rows.map((row) => row.replace(',', `@${tag}.example,`))
  await writeFile(file, ['E-Mail,First Name,Country,Opt in', ...lines, ''].join('\n'))
  const step = inspector(page)

  await page.goto('/flows')
  await hands.press(button(page, 'New flow').first())
  await hands.write(box(page, 'Name of the flow'), `Flow ${tag}`)
  await hands.press(button(page, 'Create flow'))
  await page.locator('.palette').waitFor()

  await hands.addStep(page, 'CSV file')
  await hands.upload(page.locator('input[type=file]'), file)
  await step.getByText('people.csv').first().waitFor()
  await rm(folder, { recursive: true })

  await hands.addStep(page, 'Map fields')
  await hands.press(button(step, /other fields/))
  await box(step, 'New field').nth(3).waitFor()

  await hands.addStep(page, 'Identity match')
  await hands.press(button(step, 'Add'))
  await hands.write(box(step, /^Kind/), 'email')
  await hands.chooseField(step.getByRole('combobox', { name: /^Field/ }).last(), 'email')

  await hands.addStep(page, 'Write profile')

  await hands.addStep(page, 'Consent filter')
  await hands.press(step.getByRole('checkbox', { name: /Email marketing/ }))
  await hands.choose(
    step.getByRole('combobox', { name: 'Where consent is kept' }),
    'In fields of the record',
  )
  await hands.press(button(step, 'Add'))
  await hands.write(box(step, /^Purpose/), PURPOSE)
  await hands.chooseField(step.getByRole('combobox', { name: /^Field/ }).last(), 'opt_in')

  await hands.addStep(page, 'Webhook')
  await hands.pick(step.getByRole('radio', { name: 'Web address' }))
  await hands.write(box(step, /^Address/), `http://127.0.0.1:${port}/hook`)
  await hands.press(step.getByRole('checkbox', { name: /Email marketing/ }))

  await publish(desk)
  await hands.press(button(page, 'Run'))
  await page.getByText('Completed').first().waitFor({ timeout: 30_000 })
  expect(receivedBy(receiver, tag)).toEqual([`ann@${tag}.example`, `cee@${tag}.example`])
}

const receivedBy = ({ received }: Receiver, tag: string): string[] =>
  received
    .map(({ email }) => String(email))
    .filter((email) => email.endsWith(`@${tag}.example`))
    .sort()

async function readWhy(desk: Desk): Promise<void> {
  const { page, hands, tag } = desk
  const flow = await makePeopleFlow({ name: `Flow ${tag}`, ...desk })
  await publishFlow(flow.id)
  await runFlow(flow.id)
  await page.goto(`/flows/${flow.id}`)
  await page.getByText('1 held back by consent').first().waitFor()

  await hands.askWhy(page, 'May receive')
  const why = page.getByRole('table', { name: 'Records at this step' })
  await why.getByRole('row', { name: 'Held back by consent 1' }).waitFor()
  await why.getByRole('row', { name: /Email marketing: .*refused.* 1$/i }).waitFor()
  await page.keyboard.press('Escape')

  await hands.press(button(page, 'Why did this person (not) get it?'))
  await hands.write(box(dialog(page), /Email address/), `bob@${tag}.example`)
  await hands.press(button(page, 'Show the way'))
  await page.getByText(/Ends at “May receive”/).waitFor()
}

async function changeCondition(desk: Desk): Promise<void> {
  const { page, hands } = desk
  await openFlow(desk)
  const afterFilter = page.locator('.wire-count').nth(1)
  await until(() => afterFilter.innerText(), startsWith('3'))
  await hands.openStep(page, 'Countries')
  await hands.choose(inspector(page).getByLabel('Comparison'), 'is')
  await hands.write(inspector(page).getByLabel('Value', { exact: true }), 'GB')
  await until(() => afterFilter.innerText(), startsWith('2'))
  await hands.write(inspector(page).getByLabel('Value', { exact: true }), 'DE')
  await until(() => afterFilter.innerText(), startsWith('1'))
}

const startsWith = (text: string) => (seen: string) => seen.trim().startsWith(text)

async function undoRedo(desk: Desk): Promise<void> {
  const { page, hands } = desk
  const flow = await openFlow(desk)
  const nodesOf = async () => (await draftOf(flow.id)).draft.nodes.map(({ name }) => name)
  await hands.openStep(page, 'Countries')
  await hands.write(box(page, 'Name of the step'), 'Only these')
  await stored(flow.id, ({ draft }) => draft.nodes.some(({ name }) => name === 'Only these'))
  await hands.removeStep(page, 'Only these')
  const healed = await stored(flow.id, ({ draft }) => draft.nodes.length === 6)
  expect(healed.draft.wires).toHaveLength(5)
  await hands.undo(page)
  await stored(flow.id, ({ draft }) => draft.nodes.length === 7)
  await hands.undo(page)
  await until(nodesOf, (names) => names.includes('Countries'))
  await hands.redo(page)
  await hands.redo(page)
  await until(nodesOf, (names) => names.length === 6 && !names.includes('Countries'))
}

async function publishChange(desk: Desk): Promise<void> {
  const { page, hands } = desk
  const flow = await makePeopleFlow({ name: `Flow ${desk.tag}`, ...desk })
  await publishFlow(flow.id)
  await page.goto(`/flows/${flow.id}`)
  await hands.openStep(page, 'Send')
  await hands.write(box(page, 'Name of the step'), 'Tell the partner')
  await publish(desk, 'A clearer name')
  await page.getByText('Version 2 is published').first().waitFor()
  const { items } = await api<{ items: Array<{ version: number; note?: string }> }>(
    'GET',
    `/api/flows/${flow.id}/versions`,
  )
  expect(items.find(({ version }) => version === 2)?.note).toBe('A clearer name')
  const after = await draftOf(flow.id)
  expect(after).toMatchObject({ published: 2, draftAhead: false })
}

async function findStep({ page, hands }: Desk): Promise<void> {
  const { items } = await api<{ items: FlowView[] }>('GET', '/api/flows')
  const sample = items.find(({ name }) => name === 'Welcome back')
  await page.goto(`/flows/${sample?.id ?? ''}`)
  await page.locator('.card').first().waitFor()
  await hands.find(page)
  await hands.write(page.getByRole('searchbox', { name: 'Find a step' }), 'mail list')
  await page.getByText('1 of 1').waitFor()
  await hands.openFound(page)
  expect(await box(page, 'Name of the step').inputValue()).toBe('Mail list')
}

async function copyPart(desk: Desk): Promise<void> {
  const { page, hands, tag } = desk
  await openFlow(desk)
  await hands.select(page, ['Who is who', 'Keep', 'Ledger'])
  await hands.take(page, `Part ${tag}`)
  const { id } = await api<FlowView>('POST', '/api/flows', { name: `Target ${tag}` })
  await page.goto(`/flows/${id}`)
  await page.locator('.palette').waitFor()
  await hands.put(page, `Part ${tag}`)
  const { draft } = await stored(id, (flow) => flow.draft.nodes.length === 3)
  expect(draft.wires).toHaveLength(2)
  expect(draft.nodes.find(({ type }) => type === 'identity_match')?.config).toMatchObject({
    identifiers: [{ type: 'email', field: 'email' }],
  })
}

async function buildAudience(desk: Desk): Promise<void> {
  const { page, hands } = desk
  const flow = await openFlow(desk)
  const step = inspector(page)
  await hands.addAfter(page, 'Keep', 'Audience')
  await hands.write(box(step, /^Key/), `gb_or_cee_${desk.tag}`)
  await hands.write(step.getByLabel(/^Name(?! of)/), 'In GB or Cee')
  await hands.press(button(step, 'Add condition'))
  await hands.chooseField(step.getByRole('combobox', { name: 'Field' }).first(), 'email')
  await hands.choose(step.getByLabel('Comparison').first(), 'has a value')
  await hands.press(button(step, 'Add group'))
  const inner = step.getByRole('group', { name: 'Group of conditions' }).nth(1)
  await hands.press(button(inner, 'Add condition'))
  await hands.chooseField(inner.getByRole('combobox', { name: 'Field' }), 'country')
  await hands.write(inner.getByLabel('Value', { exact: true }), 'GB')
  await hands.press(button(inner, 'Add condition'))
  await hands.chooseField(inner.getByRole('combobox', { name: 'Field' }).nth(1), 'first_name')
  await hands.write(inner.getByLabel('Value', { exact: true }).nth(1), 'Cee')
  const rule = (field: string, operator: string) => ({ kind: 'rule', field, operator })
  const { draft } = await stored(flow.id, (seen) => JSON.stringify(seen.draft).includes('"Cee"'))
  expect(draft.nodes.find(({ type }) => type === 'audience')?.config['condition']).toMatchObject({
    match: 'all',
    rules: [
      rule('email', 'is_set'),
      {
        kind: 'group',
        match: 'any',
        rules: [
          { ...rule('country', 'equals'), value: 'GB' },
          { ...rule('first_name', 'equals'), value: 'Cee' },
        ],
      },
    ],
  })
}

async function retryParked(desk: Desk): Promise<void> {
  const { page, hands, receiver, tag } = desk
  const flow = await makePeopleFlow({ name: `Flow ${tag}`, ...desk })
  await publishFlow(flow.id)
  receiver.answer(422)
  const run = await runFlow(flow.id)
  receiver.answer(200)
  await page.goto(`/runs/${run.id}`)
  await page.getByRole('heading', { name: 'Parked records' }).waitFor()
  await hands.press(page.getByRole('checkbox', { name: /Choose this record/ }).first())
  await hands.press(button(page, 'Try 1 again'))
  await page.waitForURL((url) => url.pathname !== `/runs/${run.id}`)
  await page.getByText('Completed', { exact: true }).first().waitFor({ timeout: 30_000 })
  expect(receivedBy(receiver, tag)).toHaveLength(1)
}

async function withdraw(desk: Desk): Promise<void> {
  const { page, hands, tag, receiver } = desk
  const flow = await makePeopleFlow({ name: `Flow ${tag}`, ...desk })
  await publishFlow(flow.id)
  await runFlow(flow.id)
  expect(receivedBy(receiver, tag)).toHaveLength(2)

  await page.goto('/profiles')
  await hands.write(page.getByRole('searchbox', { name: /Search by email/ }), `ann@${tag}.example`)
  await until(
    () => page.locator('tbody tr').count(),
    (n) => n === 1,
  )
  await hands.press(page.locator('tbody a'))
  await hands.pickTab(page, 'Consent')
  await hands.press(button(page, 'Copy link to their preference page'))
  await page.getByText('The link is copied').first().waitFor()
  const link = await page.evaluate<string>('navigator.clipboard.readText()')

  const person = await visit({ path: new URL(link).pathname, signedOut: true })
  await hands.press(button(person.page, 'Say no to everything'))
  await person.page.getByText('Your choices are saved').waitFor()
  await person.context.close()

  await page.goto(`/flows/${flow.id}`)
  await hands.press(button(page, 'Run'))
  await page.getByText('2 held back by consent').first().waitFor({ timeout: 30_000 })
  await hands.press(button(page, 'Why did this person (not) get it?'))
  await hands.write(box(dialog(page), /Email address/), `ann@${tag}.example`)
  await hands.press(button(page, 'Show the way'))
  await page.getByText(/Ends at “May receive”/).waitFor()
}

async function schedule(desk: Desk): Promise<void> {
  const { page, hands, tag } = desk
  const flow = await openFlow(desk)
  await hands.press(button(page, 'Settings of the flow'))
  await hands.press(page.getByRole('switch', { name: 'Run by itself' }))
  await hands.choose(page.getByLabel('How often'), 'Every week')
  await hands.choose(page.getByLabel('Day of the week'), 'Tuesday')
  await hands.choose(page.getByLabel('When the earlier run still goes on'), 'Run after it')
  await hands.press(button(page, 'Done'))
  await publish(desk)
  const { draft } = await draftOf(flow.id)
  expect(draft.settings.schedule).toMatchObject({ cron: '0 6 * * 2', overlap: 'queue_one' })
  await page.goto('/flows')
  const row = page.locator('.flow-card').filter({ hasText: `Flow ${tag}` })
  await row.getByText('Scheduled').waitFor()
}
