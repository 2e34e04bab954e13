/**
 * A made-up purchase history in the shape of the CDNOW records (see cdnow.ts), so that nothing
 * depends on data without a licence: a cohort that first bought within twelve weeks, followed for
 * 78 weeks under the BG/NBD model (Fader, Hardie and Lee, Marketing Science 24, 2005) with the
 * parameters that paper found for CDNOW. Spend per purchase is gamma with a mean of its own.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DAY, isoDate, startOfDay } from './lib/calendar.ts'
import { createRandom, type Random } from './lib/random.ts'

export type PurchaseHistoryInput = {
  seed: number | string
  /** The day after the last one observed, yyyy-mm-dd. */
  today: string
  customers: number
  folder: string
}

export type PurchaseHistory = { path: string; rows: number; customers: number }

const WEEK = 7 * DAY
const OBSERVED = 78 * WEEK
const COHORT = 12 * WEEK
const bgNbd = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 }

const beta = (random: Random, a: number, b: number): number => {
  const x = random.gamma(a)
  return x / (x + random.gamma(b))
}

const timesOf = (today: number, random: Random): number[] => {
  const weeklyRate = random.gamma(bgNbd.r) / bgNbd.alpha
  const dropOut = beta(random, bgNbd.a, bgNbd.b)
  const times: number[] = []
  let at = today - OBSERVED + random.next() * COHORT
  while (at < today) {
    times.push(at)
    // The model lets a customer leave only after a repeat purchase.
    if (times.length > 1 && random.chance(dropOut)) break
    at += random.exponential(WEEK / weeklyRate)
  }
  return times
}

const linesOf = (customerId: string, today: number, random: Random): string[] => {
  const meanSpend = 15 + random.gamma(2) * 11
  return timesOf(today, random).map((at) => {
    const amount = (meanSpend * random.gamma(6)) / 6
    const units = Math.max(1, Math.round(amount / 14.5))
    return `${customerId},${isoDate(at)},${units},${amount.toFixed(2)}\n`
  })
}

/** Writes purchase-history.csv: customer_id,date,units,amount, by customer, then date. */
export const generatePurchaseHistory = async (
  input: PurchaseHistoryInput,
): Promise<PurchaseHistory> => {
  const today = startOfDay(input.today)
  const random = createRandom(input.seed, 'purchase-history')
  const lines = Array.from({ length: input.customers }, (_, index) =>
    linesOf(String(index + 1).padStart(5, '0'), today, random),
  ).flat()
  const path = join(input.folder, 'purchase-history.csv')
  await mkdir(input.folder, { recursive: true })
  await writeFile(path, ['customer_id,date,units,amount\n', ...lines].join(''))
  return { path, rows: lines.length, customers: input.customers }
}
