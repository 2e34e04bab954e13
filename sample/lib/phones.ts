/**
 * Phone numbers nobody can be reached on: the ranges that regulators keep for drama and fiction
 * (Ofcom, Bundesnetzagentur, ARCEP, NANPA 555-01xx). China keeps none, so its numbers are made up.
 * Only ranges that number-validity tables accept are used; GB 07700 900xxx and FR 06 39 98 are
 * reserved too, but those tables call them invalid.
 */
import type { Random } from './random.ts'
import type { Country } from './people.ts'

/** National number without its trunk zero, split as people write it. */
export type Phone = { country: Country; groups: string[] }

type Range = { groups: string[]; digits: number }

const list = (text: string): string[] => text.split(' ')

const ranges: Record<Country, Range[]> = {
  GB: [
    { groups: ['20', '7946', '0'], digits: 3 },
    ...list('113 114 115 116 117 118 121 131 141 151 161').map((area) => ({
      groups: [area, '496', '0'],
      digits: 3,
    })),
    { groups: ['191', '498', '0'], digits: 3 },
  ],
  DE: [
    { groups: ['30', '23125', ''], digits: 3 },
    { groups: ['69', '90009', ''], digits: 3 },
    { groups: ['40', '66969', ''], digits: 3 },
    { groups: ['221', '4710', ''], digits: 3 },
    { groups: ['89', '99998', ''], digits: 3 },
    { groups: ['171', '39200'], digits: 2 },
    { groups: ['176', '040690'], digits: 2 },
  ],
  FR: ['1 99 00', '2 61 91', '3 53 01', '4 65 71', '5 36 49'].map((start) => ({
    groups: [...list(start), ''],
    digits: 4,
  })),
  US: list(
    '201 202 203 206 212 213 214 215 216 303 305 310 312 313 314 404 408 412 415 503 512 602 612 617 702 713 718 773 801 916',
  ).map((area) => ({ groups: [area, '555', '01'], digits: 2 })),
  CN: [{ groups: ['190', '0000', ''], digits: 4 }],
}

const callingCodes: Record<Country, string> = { GB: '44', DE: '49', FR: '33', US: '1', CN: '86' }

const withNumber = ({ groups, digits }: Range, number: number): string[] => {
  const start = groups.slice(0, -1)
  return [...start, `${groups.at(-1) ?? ''}${String(number).padStart(digits, '0')}`]
}

/** Steps through all numbers of a country once, in an order that looks random. */
const numbersOf = (country: Country): string[][] => {
  const all = ranges[country].flatMap((range) =>
    Array.from({ length: 10 ** range.digits }, (_, number) => withNumber(range, number)),
  )
  const stride = 7919
  return all.map((_, index) => all[(index * stride) % all.length] ?? [])
}

/** Hands out each number once; undefined when a country's reserved numbers are used up. */
export const createPhoneBook = (): ((country: Country) => Phone | undefined) => {
  const left = new Map<Country, string[][]>()
  return (country) => {
    const numbers = left.get(country) ?? numbersOf(country)
    left.set(country, numbers)
    const groups = numbers.pop()
    return groups && { country, groups }
  }
}

const inPairs = (groups: string[]): string =>
  groups.map((group) => group.replace(/(\d\d)(?=\d)/g, '$1 ')).join(' ')

const nationalForms: Record<Country, ((groups: string[]) => string)[]> = {
  GB: [(g) => `0${g.join(' ')}`, (g) => `0${g.join('')}`, (g) => `(0${g[0]}) ${g.slice(1).join(' ')}`],
  DE: [(g) => `0${g.join(' ')}`, (g) => `0${g[0]}/${g.slice(1).join('')}`, (g) => `0${g[0]}-${g.slice(1).join('')}`],
  FR: [(g) => `0${inPairs(g)}`, (g) => `0${inPairs(g).replaceAll(' ', '.')}`, (g) => `0${g.join('')}`],
  US: [(g) => `(${g[0]}) ${g.slice(1).join('-')}`, (g) => g.join('-'), (g) => g.join('.'), (g) => g.join('')],
  CN: [(g) => g.join(''), (g) => g.join(' '), (g) => g.join('-')],
}

/** One of the ways people write the number at home, now and then with its country code. */
export const writePhone = ({ country, groups }: Phone, random: Random): string => {
  const code = callingCodes[country]
  if (random.chance(0.12)) return `+${code} ${groups.join(' ')}`
  if (random.chance(0.04) && country !== 'US') return `00${code} ${groups.join('')}`
  return random.pick(nationalForms[country])(groups)
}
