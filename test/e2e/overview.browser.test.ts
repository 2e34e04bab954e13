import { describe, expect, it } from 'vitest'
import { hasBrowser, visit } from './support/visit.ts'

describe.skipIf(!hasBrowser)('the overview', () => {
  it('greets the owner and shows the sample flow', async () => {
    const { page, errors } = await visit()
    await page.getByRole('heading', { name: /Olivia/ }).waitFor()
    // Other journeys make flows too: all of them are on their own page.
    await page.getByRole('navigation').getByRole('link', { name: 'Flows' }).click()
    await page.getByText('Welcome back').first().waitFor()
    expect(errors).toEqual([])
  })
})
