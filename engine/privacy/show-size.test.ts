import { describe, expect, it } from 'vitest'
import { isFresh, SHOWN_FOR_MS, showSize } from './show-size.ts'

const SEED = 20_261_124

describe('showSize', () => {
  it.each([
    [0, { members: 0, small: true }],
    [19, { members: 0, small: true }],
    [20, { members: 20, small: false }],
    [24, { members: 20, small: false }],
    [25, { members: 30, small: false }],
    [1_004, { members: 1_000, small: false }],
  ])('shows %i as %j', (exact, shown) => {
    expect(showSize(exact)).toEqual(shown)
  })

  it(`shows two audiences that differ by one person alike, but at a rounding edge (seed ${SEED})`, () => {
    let state = SEED
    for (let pair = 0; pair < 1_000; pair++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      const exact = state % 5_000
      const isEdge = exact + 1 === 20 || (exact >= 20 && (exact + 1) % 10 === 5)
      const same = JSON.stringify(showSize(exact)) === JSON.stringify(showSize(exact + 1))
      expect(same, String(exact)).toBe(!isEdge)
    }
  })

  it('lets what is shown change at most once in 10 minutes', () => {
    const kept = { ...showSize(30), at: 1_000 }
    expect(isFresh(kept, 1_000 + SHOWN_FOR_MS - 1)).toBe(true)
    expect(isFresh(kept, 1_000 + SHOWN_FOR_MS)).toBe(false)
    expect(isFresh(undefined, 0)).toBe(false)
  })
})
