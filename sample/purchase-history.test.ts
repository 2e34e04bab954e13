import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generatePurchaseHistory } from './purchase-history.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-history-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('generatePurchaseHistory', () => {
  it('writes one row per purchase, every customer first seen within twelve weeks', async () => {
    const input = { seed: 1, today: '2026-01-15', customers: 2000, folder }
    const { path, rows } = await generatePurchaseHistory(input)
    const [header, ...lines] = (await readFile(path, 'utf8')).trimEnd().split('\n')
    expect(header).toBe('customer_id,date,units,amount')
    expect(lines).toHaveLength(rows)
    const firsts = new Map<string, string>()
    for (const line of lines) {
      expect(line).toMatch(/^\d{5},\d{4}-\d\d-\d\d,\d+,\d+\.\d\d$/)
      const [customer = '', date = ''] = line.split(',')
      if (!firsts.has(customer)) firsts.set(customer, date)
    }
    expect(firsts.size).toBe(2000)
    const dates = [...firsts.values()].sort()
    expect(dates[0]).toBe('2024-07-18')
    expect(dates.at(-1)?.localeCompare('2024-10-11')).toBeLessThan(0)
    // CDNOW: 69,659 purchases of 23,570 customers, about 2.96 each.
    expect(rows / 2000).toBeGreaterThan(1.9)
    expect(rows / 2000).toBeLessThan(3.3)
  })
})
