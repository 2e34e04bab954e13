/**
 * Country code or name (English, German, French, Chinese) -> ISO 3166-1 alpha-2. Names come from
 * the runtime's own language data; only what people write besides those names is listed here.
 */
import { countryCodes } from './country-codes.ts'
import { refuse, type Normalised } from './refusal.ts'

const MAX_COUNTRY = 100
const languages = ['en', 'de', 'fr', 'zh-Hans', 'zh-Hant']
const styles = ['long', 'short', 'narrow'] as const

const aliases: Record<string, string[]> = {
  BO: ['Plurinational State of Bolivia'],
  BN: ['Brunei Darussalam'],
  CD: ['DRC', 'DR Congo', 'Democratic Republic of the Congo'],
  CG: ['Republic of the Congo'],
  CI: ['Ivory Coast'],
  CN: ["People's Republic of China", 'Mainland China', 'PRC', '中华人民共和国', '中国大陆'],
  CV: ['Cape Verde'],
  CZ: ['Czech Republic', 'Tschechische Republik', 'République tchèque'],
  DE: ['Federal Republic of Germany', 'BRD'],
  FM: ['Federated States of Micronesia'],
  GB: ['UK', 'Great Britain', 'England', 'Scotland', 'Wales', 'Northern Ireland', 'Großbritannien'],
  IR: ['Islamic Republic of Iran'],
  KP: ["Democratic People's Republic of Korea"],
  KR: ['Korea', 'Republic of Korea', '韩国', '大韩民国'],
  LA: ["Lao People's Democratic Republic"],
  MD: ['Republic of Moldova'],
  MK: ['Macedonia', 'Mazedonien', 'Macédoine'],
  MM: ['Burma', 'Birma'],
  NL: ['Holland', 'The Netherlands'],
  PS: ['Palestine', 'State of Palestine'],
  RU: ['Russian Federation', 'Russische Föderation', '俄国'],
  SY: ['Syrian Arab Republic'],
  SZ: ['Swaziland', 'Swasiland'],
  TL: ['East Timor'],
  TR: ['Turkey', 'Turkiye'],
  TZ: ['United Republic of Tanzania'],
  US: [
    'USA',
    'United States of America',
    'America',
    'Vereinigte Staaten von Amerika',
    'États-Unis d’Amérique',
    '美利坚合众国',
  ],
  VA: ['Holy See', 'Vatican'],
  VE: ['Bolivarian Republic of Venezuela'],
  VN: ['Viet Nam'],
}

/** Without case, accents, punctuation and spaces, so that "U.S.A." and "usa" are one key. */
const keyOf = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/&/g, 'and')
    .replace(/[^\p{L}\p{N}]/gu, '')

/** Short names such as the French É.-U. would pose as the code of something else. */
const looksLikeCode = /^[a-z]{1,2}$/

const buildTable = (): Map<string, string> => {
  const table = new Map<string, string>()
  const names = languages.flatMap((language) =>
    styles.map((style) => new Intl.DisplayNames([language], { type: 'region', style })),
  )
  for (const { alpha2 } of countryCodes) {
    for (const name of names) {
      const key = keyOf(name.of(alpha2) ?? alpha2)
      if (!looksLikeCode.test(key)) table.set(key, alpha2)
    }
    for (const alias of aliases[alpha2] ?? []) table.set(keyOf(alias), alpha2)
  }
  // Codes last: they win over a name that happens to be spelt alike.
  for (const { alpha2, alpha3 } of countryCodes) {
    table.set(keyOf(alpha2), alpha2)
    table.set(keyOf(alpha3), alpha2)
  }
  return table
}

let table: Map<string, string> | undefined

export const normaliseCountry = (raw: unknown): Normalised => {
  if (typeof raw !== 'string') return refuse('not_text')
  if (raw.length > MAX_COUNTRY) return refuse('too_long')
  const key = keyOf(raw)
  if (key === '') return refuse('empty')
  table ??= buildTable()
  const value = table.get(key) ?? table.get(key.replace(/^the/, ''))
  return value === undefined ? refuse('country_unknown') : { value }
}
