/**
 * When people buy: each at a rate of their own until they drift away, which is what recency,
 * frequency and win-back rules look for.
 */
import { DAY, wholeSecond } from './calendar.ts'
import type { Person } from './people.ts'
import { createRandom, type Random } from './random.ts'

export type Purchase = { person: Person; at: number; where: 'web' | 'store' }

/** "Nothing in the last 60 days": the sample keeps the day on either side of that line free. */
export const LAPSE = 60 * DAY

const nearLapseLine = (at: number, today: number): boolean =>
  Math.abs(at - (today - LAPSE)) <= DAY

const openingHours = (at: number, random: Random): number =>
  Math.floor(at / DAY) * DAY + random.int(9 * 60, 19 * 60 + 59) * 60_000

const channelOf = ({ channel }: Person, random: Random): 'web' | 'store' => {
  if (channel === 'both') return random.chance(0.62) ? 'web' : 'store'
  return channel === 'store' ? 'store' : 'web'
}

const purchasesOf = (person: Person, today: number, random: Random): Purchase[] => {
  const gap = 14 / (random.gamma(1.1) * 0.245 + 0.02)
  const left = person.joined + random.exponential(430) * DAY
  const purchases: Purchase[] = []
  for (let at = person.joined; at < Math.min(left, today - 2 * DAY); ) {
    const where = channelOf(person, random)
    const time = wholeSecond(where === 'store' ? openingHours(at, random) : at)
    if (!nearLapseLine(time, today)) purchases.push({ person, at: time, where })
    at += random.exponential(gap) * DAY + 3_600_000
  }
  return purchases
}

export const makePurchases = (
  people: Person[],
  { seed, today }: { seed: number | string; today: number },
): Purchase[] => {
  const random = createRandom(seed, 'purchases')
  const buyers = people.filter(({ channel }) => channel !== 'newsletter' && random.chance(0.96))
  return buyers.flatMap((person) => purchasesOf(person, today, random))
}
