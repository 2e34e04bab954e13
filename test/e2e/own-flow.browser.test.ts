/** The first five minutes of a marketer: from a file to a running flow, by mouse. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { Page } from 'playwright-core'
import { hasBrowser, visit } from './support/visit.ts'

const PEOPLE = `E-Mail,First Name,Country,Opt in
ann@example.com,Ann,GB,yes
bob@example.com,Bob,GB,no
cee@example.com,Cee,DE,yes
`

describe.skipIf(!hasBrowser)('a marketer with a file', () => {
  let folder: string
  let receiver: Server
  const received: Array<Record<string, unknown>> = []
  const port = inject('receiverPorts')[0] ?? 0

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'heddle-own-flow-'))
    await writeFile(path.join(folder, 'people.csv'), PEOPLE)
    receiver = createServer((req, res) => {
      void text(req).then((body) => {
        received.push(JSON.parse(body) as Record<string, unknown>)
        res.end('{}')
      })
    })
    await new Promise<void>((resolve) => receiver.listen(port, '127.0.0.1', resolve))
  })
  afterAll(async () => {
    receiver?.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('uploads, maps, matches, filters, sends, publishes and runs', async () => {
    const { page, errors } = await visit({ path: '/flows' })
    await makeFlow(page, 'My first flow')
    const step = stepForm(page)

    await addStep(page, 'CSV file')
    await page.locator('input[type=file]').setInputFiles(path.join(folder, 'people.csv'))
    await step.getByText('people.csv').first().waitFor()

    await addStep(page, 'Map fields')
    await step.getByRole('button', { name: /other fields/ }).click()
    await step.getByRole('textbox', { name: 'New field' }).nth(3).waitFor()

    await addStep(page, 'Identity match')
    await step.getByRole('button', { name: 'Add' }).click()
    await step.getByRole('textbox', { name: /^Kind/ }).fill('email')
    await choose(page, /^Field/, 'email')

    await addStep(page, 'Write profile')

    await addStep(page, 'Consent filter')
    await step.getByRole('checkbox', { name: /Email marketing/ }).check()
    await step
      .getByRole('combobox', { name: 'Where consent is kept' })
      .selectOption({ label: 'In fields of the record' })
    await step.getByRole('button', { name: 'Add' }).click()
    await step.getByRole('textbox', { name: /^Purpose/ }).fill('email_marketing')
    await choose(page, /^Field/, 'opt_in')

    await addStep(page, 'Webhook')
    await step.getByRole('radio', { name: 'Web address' }).check()
    await step.getByRole('textbox', { name: /^Address/ }).fill(`http://127.0.0.1:${port}/hook`)
    await step.getByRole('checkbox', { name: /Email marketing/ }).check()

    await publishAndRun(page)
    await page.getByText('Completed').first().waitFor({ timeout: 30_000 })
    expect(received.map(({ email }) => email).sort()).toEqual([
      'ann@example.com',
      'cee@example.com',
    ])
    expect(errors).toEqual([])
  })
})

const stepForm = (page: Page) => page.locator('.inspector')

async function makeFlow(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'New flow' }).first().click()
  await page.getByRole('textbox', { name: 'Name of the flow' }).fill(name)
  await page.getByRole('button', { name: 'Create flow' }).click()
  await page.locator('.palette').waitFor()
}

/** From the palette by a click: the new step takes up the loose end. */
async function addStep(page: Page, title: string): Promise<void> {
  await page.locator('.palette').getByRole('button', { name: title, exact: true }).click()
  await stepForm(page).getByPlaceholder(title).waitFor()
}

/** Picks a field that exists on this path. */
async function choose(page: Page, label: RegExp, field: string): Promise<void> {
  await stepForm(page).getByRole('combobox', { name: label }).last().click()
  await page.getByRole('option', { name: new RegExp(`^${field}\\b`) }).click()
}

async function publishAndRun(page: Page): Promise<void> {
  await page.getByText('Saved').first().waitFor()
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: /Publish/ }).click()
  await dialog.waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: 'Run', exact: true }).click()
}
