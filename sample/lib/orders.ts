/** web-orders.csv: what the web shop sold, to accounts and to guests. */
import { isoTime } from './calendar.ts'
import { sharedMailboxes, writeEmail } from './dirt.ts'
import { amount, currencies, fillBasket } from './goods.ts'
import { emailAt, type Person } from './people.ts'
import type { Purchase } from './purchases.ts'
import { createRandom, type Random } from './random.ts'
import { inOrder, type SampleRow } from './table.ts'

export const orderHeader = [
  'order_id',
  'order_time',
  'email',
  'customer_account_id',
  'anonymous_id',
  'currency',
  'total',
  'items',
  'coupon',
  'status',
]

const coupons = ['WELCOME10', 'SPRING15', 'LINEN5']
const statuses: [string, number][] = [
  ['paid', 91],
  ['refunded', 5],
  ['cancelled', 4],
]

type Buyer = { email: string; userId: string; anonymousId: string }

const buyerOf = (person: Person, at: number, random: Random): Buyer => {
  // Orders taken by phone are typed in by the service desk, under its own mailbox.
  if (random.chance(0.006)) {
    return { email: random.pick(sharedMailboxes), userId: '', anonymousId: '' }
  }
  const signedIn = person.userId !== undefined && random.chance(0.86)
  return {
    email: writeEmail(emailAt(person, at) ?? '', random),
    userId: signedIn ? (person.userId ?? '') : random.chance(0.01) ? 'null' : '',
    anonymousId: random.chance(0.015) ? 'anonymous' : random.pick(person.anonymousIds),
  }
}

const toRow = ({ person, at }: Purchase, random: Random): SampleRow => {
  const { email, userId, anonymousId } = buyerOf(person, at, random)
  const { items, total } = fillBasket(person.country, random)
  const coupon = random.chance(0.13) ? random.pick(coupons) : ''
  const off = Number(/\d+$/.exec(coupon)?.[0] ?? 0)
  const paid = Math.round(total * (1 - off / 100))
  const money = [currencies[person.country], amount(paid), items, coupon]
  const cells = ['', isoTime(at), email, userId, anonymousId, ...money, random.weighted(statuses)]
  return { person: person.id, at, cells }
}

export const makeOrders = (purchases: Purchase[], seed: number | string): SampleRow[] => {
  const random = createRandom(seed, 'orders')
  const online = purchases.filter(({ where }) => where === 'web')
  const rows = inOrder(online.map((purchase) => toRow(purchase, random)))
  rows.forEach(({ cells }, index) => (cells[0] = `W${2_000_000 + index}`))
  return rows
}
