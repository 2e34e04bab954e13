import { expect, it } from 'vitest'
import { runTotals } from './run-totals.ts'

const counts = {
  crm: { in: 10, out: { out: 9 }, dropped: {}, failed: { bad: 1 }, waiting: 0 },
  shop: { in: 5, out: { out: 5 }, dropped: {}, failed: {}, waiting: 0 },
  file: { in: 14, out: { delivered: 12 }, dropped: { late: 2 }, failed: {}, waiting: 0 },
}

it('adds up what destinations delivered, what consent held back and what failed', () => {
  expect(runTotals({ counts }, (id) => id === 'file')).toEqual({
    delivered: 12,
    heldBack: 2,
    failed: 1,
  })
})
