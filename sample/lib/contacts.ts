/** crm-contacts.csv: one row per card somebody opened, so one person often has two or three. */
import { DAY, dayFirst, isoDate } from './calendar.ts'
import {
  misspellEmail,
  misspellName,
  noPhone,
  sharedMailboxes,
  spoilEmail,
  writeEmail,
  writeLoyaltyId,
} from './dirt.ts'
import { salutations } from './names.ts'
import type { EmailRegister, Person, Population } from './people.ts'
import { writePhone } from './phones.ts'
import { makeAddress } from './places.ts'
import { createRandom, type Random } from './random.ts'
import { inOrder, type SampleRow } from './table.ts'

export const contactHeader = [
  'customer_no',
  'salutation',
  'first_name',
  'last_name',
  'email',
  'phone',
  'birth_date',
  'street',
  'postcode',
  'city',
  'country',
  'loyalty_id',
  'created',
  'notes',
]

/** A card before it is written down. */
type Card = {
  first: string
  last: string
  email: string
  phone: string
  address: Person['address']
  loyaltyId: string
}

type Spoil = (card: Card, person: Person, random: Random, taken: EmailRegister) => Card

const notes = [
  'Prefers linen; no wool',
  'Called 2x; asked for the "Spring" catalogue',
  'Gift card used.\nBalance left: 12.50',
  'VIP; invite to preview\nSize M, shoes 39',
  'Complaint settled; see ticket "late parcel"',
  'Address confirmed by phone;\r\nring twice',
]

const secondCards: [Spoil, number][] = [
  [(card) => card, 14],
  [
    (card, _person, random) => ({ ...card, last: misspellName(card.last, random) }),
    22,
  ],
  [
    (card, _person, random) => ({ ...card, first: misspellName(card.first, random), loyaltyId: '' }),
    14,
  ],
  [(card) => ({ ...card, first: card.last, last: card.first }), 12],
  [
    (card, { emails }, random, taken) => {
      const [email] = emails
      const wrong = email && misspellEmail(email, random, taken)
      return wrong ? { ...card, email: wrong } : card
    },
    13,
  ],
  [(card, { emails }) => ({ ...card, email: emails.at(-1) ?? '' }), 12],
  [(card) => ({ ...card, email: '' }), 6],
  [(card, { country }, random) => ({ ...card, address: makeAddress(country, random) }), 7],
]

const firstCard = (person: Person, random: Random): Card => {
  const [email = ''] = person.emails
  const [phone] = person.phones
  return {
    first: person.first.written,
    last: person.last.written,
    email: email && random.chance(0.95) ? email : '',
    phone: phone && random.chance(0.92) ? writePhone(phone, random) : '',
    address: person.address,
    loyaltyId: person.loyaltyId && random.chance(0.85) ? person.loyaltyId : '',
  }
}

/** A later card: the phone may be another of the person's, and is written another way. */
const laterCard = (person: Person, random: Random, taken: EmailRegister): Card => {
  const card = firstCard(person, random)
  const phone = person.phones.at(-1)
  const rewritten = phone && card.phone ? writePhone(phone, random) : card.phone
  return random.weighted(secondCards)({ ...card, phone: rewritten }, person, random, taken)
}

const writtenEmail = (email: string, random: Random): string => {
  if (random.chance(0.012)) return random.pick(sharedMailboxes)
  if (email === '') return ''
  return random.chance(0.02) ? spoilEmail(email, random) : writeEmail(email, random)
}

const writtenBirth = (born: number, random: Random): string => {
  if (random.chance(0.22)) return ''
  return random.chance(0.02) ? '01/01/1900' : dayFirst(born)
}

const writtenLoyalty = (loyaltyId: string, random: Random): string => {
  if (loyaltyId === '') return random.chance(0.006) ? random.pick(['00000000', '-1']) : ''
  return writeLoyaltyId(loyaltyId, random)
}

const toRow = (card: Card, person: Person, at: number, random: Random): SampleRow => ({
  person: person.id,
  at,
  cells: [
    '',
    random.chance(0.1) ? '' : random.pick(salutations[person.country][person.gender]),
    card.first,
    card.last,
    writtenEmail(card.email, random),
    card.phone === '' && random.chance(0.1) ? random.pick(noPhone) : card.phone,
    writtenBirth(person.born, random),
    card.address.street,
    card.address.postcode,
    card.address.city,
    person.country,
    writtenLoyalty(card.loyaltyId, random),
    isoDate(at),
    random.chance(0.06) ? random.pick(notes) : '',
  ],
})

const laterCards: [number, number][] = [
  [0, 52],
  [1, 29],
  [2, 14],
  [3, 5],
]

const cardsOf = (
  person: Person,
  random: Random,
  { today, emails }: { today: number; emails: EmailRegister },
): SampleRow[] => {
  const after = (): number =>
    person.joined + Math.floor(random.next() * (today - DAY - person.joined))
  const later = Array.from({ length: random.weighted(laterCards) }, () =>
    toRow(laterCard(person, random, emails), person, after(), random),
  )
  return [toRow(firstCard(person, random), person, person.joined, random), ...later]
}

export const makeContacts = (
  { people, emails }: Population,
  { seed, today }: { seed: number | string; today: number },
): SampleRow[] => {
  const random = createRandom(seed, 'contacts')
  const known = people.filter(({ channel }) => random.chance(channel === 'newsletter' ? 0.5 : 0.95))
  const rows = inOrder(known.flatMap((person) => cardsOf(person, random, { today, emails })))
  rows.forEach(({ cells }, index) => (cells[0] = `C${100_001 + index * 3}`))
  return rows
}
