/**
 * pos-receipts.csv: what the tills sold. Head office exports it with tabs; the times are day first
 * and without zone, and the German tills write a decimal comma.
 */
import { DAY, dayFirstTime } from './calendar.ts'
import { noPhone, writeLoyaltyId } from './dirt.ts'
import { amount, fillBasket } from './goods.ts'
import type { Country, Person } from './people.ts'
import { writePhone } from './phones.ts'
import { stores } from './places.ts'
import { LAPSE, type Purchase } from './purchases.ts'
import { createRandom, type Random } from './random.ts'
import { inOrder, type SampleRow } from './table.ts'

export const receiptHeader = [
  'receipt_id',
  'store',
  'country',
  'time',
  'loyalty_id',
  'phone',
  'total',
  'items',
]

type Shopper = { loyaltyId: string; phone: string }

const shopperOf = ({ loyaltyId, phones }: Person, random: Random): Shopper => {
  const [phone] = phones
  const showsCard = loyaltyId !== undefined && random.chance(0.9)
  const givesPhone = phone !== undefined && random.chance(showsCard ? 0.12 : 0.5)
  return {
    loyaltyId: showsCard ? writeLoyaltyId(loyaltyId, random) : '',
    phone: givesPhone ? writePhone(phone, random) : random.chance(0.01) ? random.pick(noPhone) : '',
  }
}

type Sale = { country: Country; at: number; shopper: Shopper; person: string | null }

const toRow = ({ country, at, shopper, person }: Sale, random: Random): SampleRow => {
  const { items, total } = fillBasket(country, random)
  const price = country === 'DE' ? amount(total).replace('.', ',') : amount(total)
  const till = [random.pick(stores[country]), country, dayFirstTime(at)]
  return { person, at, cells: ['', ...till, shopper.loyaltyId, shopper.phone, price, items] }
}

const nobody: Shopper = { loyaltyId: '', phone: '' }

/** Sales to people who show neither card nor phone: nobody can be recognised in them. */
const walkIns = (count: number, today: number, random: Random): Sale[] =>
  Array.from({ length: count }, () => {
    const at = today - random.int(LAPSE / DAY + 2, 880) * DAY + random.int(9 * 60, 1199) * 60_000
    return { country: random.pick<Country>(['GB', 'GB', 'DE', 'FR', 'US', 'CN']), at, shopper: nobody, person: null }
  })

export const makeReceipts = (
  purchases: Purchase[],
  { seed, today }: { seed: number | string; today: number },
): SampleRow[] => {
  const random = createRandom(seed, 'receipts')
  const known = purchases
    .filter(({ where }) => where === 'store')
    .map(({ person, at }): Sale => {
      const shopper = shopperOf(person, random)
      return { country: person.country, at, shopper, person: person.id }
    })
  const sales = [...known, ...walkIns(Math.round(known.length * 0.22), today, random)]
  const rows = inOrder(sales.map((sale) => toRow(sale, random)))
  rows.forEach(({ cells }, index) => (cells[0] = `R${500_000 + index}`))
  return rows
}
