import { beforeEach, describe, expect, it } from 'vitest'
import { clearCounts, markStale, showCounts, unbalanced, useCounts } from './counts-store.ts'

const counts = (n: number) => ({ in: n, out: { out: n }, dropped: {}, failed: {}, waiting: 0 })

describe('counts', () => {
  beforeEach(clearCounts)

  it('keeps the object of a step whose numbers did not change', () => {
    showCounts('run', { a: counts(1), b: counts(1) })
    const before = useCounts.getState().counts
    showCounts('run', { a: counts(1), b: counts(2) })
    const after = useCounts.getState().counts
    expect(after['a']).toBe(before['a'])
    expect(after['b']).not.toBe(before['b'])
  })

  it('is no longer stale once new numbers come', () => {
    markStale()
    expect(useCounts.getState().stale).toBe(true)
    showCounts('preview', { a: counts(1) })
    expect(useCounts.getState().stale).toBe(false)
  })

  it('names the steps whose numbers do not add up', () => {
    const all = {
      right: { in: 5, out: { out: 2 }, dropped: { x: 1 }, failed: { y: 1 }, waiting: 1 },
      wrong: { in: 5, out: { out: 2 }, dropped: {}, failed: {}, waiting: 0 },
    }
    expect(unbalanced(all)).toEqual(['wrong'])
  })
})
