/** The people behind the sample: who they are and by which identifiers the systems know them. */
import { DAY } from './calendar.ts'
import { latinOf, namePools, type Name } from './names.ts'
import { createPhoneBook, type Phone } from './phones.ts'
import { makeAddress, type Address } from './places.ts'
import { createRandom, type Random } from './random.ts'

export type Country = 'GB' | 'DE' | 'FR' | 'US' | 'CN'
export type Channel = 'web' | 'store' | 'both' | 'newsletter'

export type Person = {
  id: string
  country: Country
  gender: 'women' | 'men'
  first: Name
  last: Name
  address: Address
  /** Midnight UTC of the day of birth. */
  born: number
  /** When the shop first met the person. */
  joined: number
  channel: Channel
  /** Oldest address first; `movedMail` is when the last one came into use. */
  emails: string[]
  movedMail: number
  phones: Phone[]
  loyaltyId: string | undefined
  userId: string | undefined
  anonymousIds: string[]
  /** Seconds at which a consent of this person changed: none twice, so "latest" is never a tie. */
  consentTimes: Set<number>
}

/** Addresses in use; no two people share one, however it is written. */
export type EmailRegister = Set<string>

export type Population = { people: Person[]; emails: EmailRegister }

export type PopulationInput = { seed: number | string; today: number; count: number }

/** RFC 2606 keeps these names out of the real internet. */
const domains: [string, number][] = [
  ['example.com', 30],
  ['mail.example.com', 22],
  ['example.net', 14],
  ['post.example.org', 12],
  ['example.org', 10],
  ['web.example.net', 8],
  ['uni.example.org', 3],
  ['work.example.com', 6],
]

const countries: [Country, number][] = [
  ['GB', 32],
  ['DE', 25],
  ['FR', 18],
  ['US', 15],
  ['CN', 10],
]

const channels: [Channel, number][] = [
  ['web', 42],
  ['store', 20],
  ['both', 26],
  ['newsletter', 12],
]

const localParts: ((first: string, last: string, year: string) => string)[] = [
  (first, last) => `${first}.${last}`,
  (first, last) => `${first}${last}`,
  (first, last) => `${first.charAt(0)}.${last}`,
  (first, last) => `${first}_${last}`,
  (first, last, year) => `${first}.${last}${year}`,
  (first, last) => `${last}.${first}`,
  (first, _last, year) => `${first}${year}`,
]

const claimEmail = (wanted: string, domain: string, taken: EmailRegister): string => {
  let email = `${wanted}@${domain}`
  for (let number = 2; taken.has(email); number++) email = `${wanted}${number}@${domain}`
  taken.add(email)
  return email
}

type NamedPerson = Pick<Person, 'first' | 'last' | 'born'>

const makeEmail = (person: NamedPerson, random: Random, taken: EmailRegister): string => {
  const year = String(new Date(person.born).getUTCFullYear()).slice(2)
  const first = person.first.latin || latinOf(person.first.written)
  const wanted = random.pick(localParts)(first, person.last.latin, year)
  return claimEmail(wanted, random.weighted(domains), taken)
}

const many = <T>(count: number, make: () => T | undefined): T[] =>
  Array.from({ length: count }, make).filter((value) => value !== undefined)

const uuid = ({ hex }: Random): string => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`

const onWeb = (channel: Channel): boolean => channel === 'web' || channel === 'both'
const inStore = (channel: Channel): boolean => channel === 'store' || channel === 'both'

type Identifiers = Pick<Person, 'emails' | 'phones' | 'loyaltyId' | 'userId' | 'anonymousIds'>
type Makers = {
  random: Random
  number: number
  taken: EmailRegister
  nextPhone: (country: Country) => Phone | undefined
}

const makeIdentifiers = (
  person: NamedPerson & Pick<Person, 'country' | 'channel'>,
  { random, number, taken, nextPhone }: Makers,
): Identifiers => {
  const { channel, country } = person
  const needsEmail = channel !== 'store' || random.chance(0.55)
  const emails = needsEmail ? (random.chance(0.16) ? 2 : 1) : 0
  const hasCard = inStore(channel) ? random.chance(0.82) : random.chance(0.08)
  const hasAccount = onWeb(channel) && random.chance(0.72)
  return {
    emails: many(emails, () => makeEmail(person, random, taken)),
    phones: many(random.weighted([[0, 18], [1, 70], [2, 12]]), () => nextPhone(country)),
    loyaltyId: hasCard ? `LT${10_000_019 + number * 7_001}` : undefined,
    userId: hasAccount ? `usr_${random.hex(6)}${number.toString(36)}` : undefined,
    anonymousIds: many(onWeb(channel) ? random.int(1, 3) : 1, () => uuid(random)),
  }
}

const makePerson = (input: PopulationInput, makers: Makers, neighbour?: Person): Person => {
  const { random, number } = makers
  // One person in ten shares home and family name with the one before: households, not duplicates.
  const family = random.chance(0.1) ? neighbour : undefined
  const country = family?.country ?? random.weighted(countries)
  const gender = random.chance(0.62) ? 'women' : 'men'
  const pool = namePools[country]
  const age = Math.min(88, 18 + random.gamma(3.2) * 8)
  const named = {
    first: random.pick(pool[gender]),
    last: family?.last ?? random.pick(pool.families),
    born: Math.floor((input.today - age * 365.25 * DAY) / DAY) * DAY,
    country,
    channel: random.weighted(channels),
  }
  const joined = input.today - Math.floor(random.next() ** 0.9 * 900 * DAY) - 3 * DAY
  return {
    ...named,
    id: `p${String(number).padStart(5, '0')}`,
    gender,
    address: family?.address ?? makeAddress(country, random),
    joined,
    movedMail: joined + random.next() * (input.today - joined),
    ...makeIdentifiers(named, makers),
    consentTimes: new Set(),
  }
}

export const makePeople = (input: PopulationInput): Population => {
  const random = createRandom(input.seed, 'people')
  const taken: EmailRegister = new Set()
  const nextPhone = createPhoneBook()
  const people: Person[] = []
  for (let number = 1; number <= input.count; number++) {
    people.push(makePerson(input, { random, number, taken, nextPhone }, people.at(-1)))
  }
  return { people, emails: taken }
}

/** The address the person used at that time. */
export const emailAt = ({ emails, movedMail }: Person, time: number): string | undefined =>
  time < movedMail ? emails[0] : emails.at(-1)
