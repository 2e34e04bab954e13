import { describe, expect, it } from 'vitest'
import { changeRhythm, readCron, writeCron } from './cron-plan.ts'

describe('readCron', () => {
  it.each([
    ['15 * * * *', 'hour'],
    ['0 6 * * *', 'day'],
    ['30 9 * * 1', 'week'],
    ['0 6 1 * *', 'month'],
    ['0 6 * * 1-5', 'custom'],
    ['*/5 * * * *', 'custom'],
    ['0 6 1 1 *', 'custom'],
    ['nonsense', 'custom'],
  ])('reads %s as every %s and writes it back unchanged', (cron, every) => {
    const plan = readCron(cron)
    expect(plan.every).toBe(every)
    expect(writeCron(plan)).toBe(cron)
  })

  it('keeps the time of day when the rhythm changes', () => {
    expect(writeCron(changeRhythm(readCron('30 9 * * *'), 'week'))).toBe('30 9 * * 1')
  })
})
